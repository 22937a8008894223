using System.Text.Json;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Tests.Snac;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Orpheus;

/// <summary>The part of the chain behind the language model, against golden/orpheus/e2e: the ids that it wrote to sound.</summary>
[Collection("libtorch")]
public class OrpheusChainGoldenTests
{
    public OrpheusChainGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Ids_that_a_model_wrote_are_the_codes_and_the_sound_of_the_reference(int index)
    {
        using var golden = new GoldenSnac();
        using var json = GoldenOrpheus.Json("e2e/expected.json");
        using var sound = SafetensorsFile.Open(TestFiles.Golden("orpheus/e2e/expected_audio.safetensors"));
        using var scope = new TensorScope();
        var (example, ids) = (json.RootElement.GetProperty("examples")[index], GoldenOrpheus.Ids());
        var prompt = new OrpheusPrompt(ids);
        var expected = Checkpoint.ToTensor(sound[$"{index}.audio_first_2048_noise_zero"]);
        foreach (var form in new[] { "", "notebook_" })
        {
            int[] written = [.. example.Ints($"{form}prompt_ids"), .. example.Ints($"{form}new_tokens")];
            var read = prompt.Parse(written, OnMisplaced.Refuse);
            GoldenOrpheus.Same(example.Rows("codes"), read.Frames);
            Assert.Equal(0, read.Dropped);

            var decoded = golden.Model.Decode(read.Frames.ToCodes(), null);
            Assert.Equal([1, 1, example.GetProperty("samples").GetInt64()], decoded.Shape);
            GoldenSnac.Near(expected, decoded.narrow(2, 0, 2048).reshape([2048]), 1e-5);
        }
    }

    [SkippableFact]
    public void Prompts_are_those_that_the_model_was_asked_with()
    {
        using var json = GoldenOrpheus.Json("e2e/expected.json");
        using var vectors = GoldenOrpheus.Json("prompt/expected.json");
        var prompt = new OrpheusPrompt(GoldenOrpheus.Ids());
        var text = vectors.RootElement.GetProperty("examples")[0].Ints("text_ids");
        var asked = json.RootElement.GetProperty("examples")[0];
        Assert.Equal(asked.Ints("prompt_ids"), prompt.Prompt(text));
        Assert.Equal(asked.Ints("notebook_prompt_ids"), prompt.Prompt(text, OrpheusPromptForm.ToTurn));
    }

    [SkippableFact]
    public void Each_id_that_the_model_wrote_is_allowed_where_it_stands()
    {
        using var json = GoldenOrpheus.Json("e2e/expected.json");
        var ids = GoldenOrpheus.Ids();
        foreach (var example in json.RootElement.GetProperty("examples").EnumerateArray())
        {
            var written = example.Ints("new_tokens");
            for (var i = 0; i < written.Length; i++)
            {
                var allowed = ids.AllowedAfter(i);
                Assert.True(written[i] == ids.EndOfSpeech ? allowed.EndOfSpeech : written[i] >= allowed.First && written[i] < allowed.First + allowed.Count, $"{written[i]} at {i}");
            }
        }
    }

    [SkippableFact]
    public void A_recording_becomes_ids_and_is_sound_again()
    {
        using var golden = new GoldenSnac();
        var ids = GoldenOrpheus.Ids();
        var frames = AudioFrames.OfCodes(golden.Model.Encode(golden.Audio));
        var example = new OrpheusPrompt(ids).Example([ids.BeginOfText, 5, 6], frames);
        var read = new OrpheusPrompt(ids).Parse(example.Ids, OnMisplaced.Refuse).Frames;
        GoldenSnac.Same(golden.Codes, read.ToCodes());
        GoldenSnac.Near(golden.Decoded("audio_noise_zero"), golden.Model.Decode(read.ToCodes(), null), 1e-5);
    }
}
