using System.Text.Json;
using VoxMake.Models.Orpheus;

namespace VoxMake.Models.Tests.Orpheus;

/// <summary>Against the layouts of Orpheus-TTS' package, its server and the public notebook.</summary>
public class OrpheusPromptGoldenTests
{
    [SkippableFact]
    public void A_training_example_is_laid_out_as_in_the_notebook()
    {
        using var golden = GoldenOrpheus.Json("prompt/expected.json");
        var ids = GoldenOrpheus.Ids();
        foreach (var vector in Examples(golden))
        {
            var frames = AudioFramesReader.Read(vector.Ints("codes_before_remove_duplicate_frames"), ids, OnMisplaced.Refuse).Frames.WithoutDuplicates();
            Assert.Equal(vector.Ints("codes"), frames.ToIds(ids));
            var example = new OrpheusPrompt(ids).Example(vector.Ints("text_ids"), frames);
            Assert.Equal(vector.GetProperty("train").Ints("input_ids"), example.Ids);
            Assert.Equal(vector.GetProperty("train").Ints("labels"), example.Labels);
            Assert.All(vector.GetProperty("train").Ints("attention_mask"), one => Assert.Equal(1, one));
        }
    }

    [SkippableFact]
    public void An_example_can_be_learned_from_its_speech_alone()
    {
        using var golden = GoldenOrpheus.Json("prompt/expected.json");
        var ids = GoldenOrpheus.Ids();
        var vector = Examples(golden)[0];
        var example = new OrpheusPrompt(ids).Example(vector.Ints("text_ids"), AudioFramesReader.Read(vector.Ints("codes"), ids, OnMisplaced.Refuse).Frames, learnsText: false);
        var speech = Array.IndexOf(example.Ids, ids.StartOfSpeech) + 1;
        Assert.All(example.Labels[..speech], label => Assert.Equal(-100, label));
        Assert.Equal(example.Ids[speech..], example.Labels[speech..]);
        Assert.Equal([.. vector.Ints("codes"), ids.EndOfSpeech, ids.EndOfAi], example.Labels[speech..]);
    }

    [SkippableFact]
    public void Prompts_are_those_of_the_package_its_server_and_the_notebook()
    {
        using var golden = GoldenOrpheus.Json("prompt/expected.json");
        var prompt = new OrpheusPrompt(GoldenOrpheus.Ids());
        foreach (var vector in Examples(golden))
        {
            var text = vector.Ints("text_ids");
            Assert.Equal(vector.GetProperty("inference_engine").Ints("input_ids"), prompt.Prompt(text));
            Assert.Equal(vector.GetProperty("inference_engine").Ints("re_encoded_with_special"), prompt.Prompt(text, OrpheusPromptForm.AsServed));
            Assert.Equal(vector.GetProperty("inference_notebook").Ints("input_ids"), prompt.Prompt(text, OrpheusPromptForm.ToTurn));
        }
    }

    [SkippableFact]
    public void A_batch_is_padded_on_the_left()
    {
        using var golden = GoldenOrpheus.Json("prompt/expected.json");
        var prompt = new OrpheusPrompt(GoldenOrpheus.Ids());
        var vector = golden.RootElement.GetProperty("batch_left_padded");
        var batch = prompt.Batch([.. Examples(golden).Select(example => prompt.Prompt(example.Ints("text_ids"), OrpheusPromptForm.ToTurn))]);
        Assert.Equal((3, vector.Rows("input_ids")[0].Length), (batch.Rows, batch.Width));
        Assert.Equal(vector.Rows("input_ids").SelectMany(row => row).Select(id => (long)id), batch.Ids);
        Assert.Equal(vector.Rows("attention_mask").SelectMany(row => row).Select(one => (long)one), batch.Mask);
    }

    [SkippableFact]
    public void What_was_generated_is_read_from_the_last_start_of_speech_to_its_end_in_whole_frames()
    {
        using var golden = GoldenOrpheus.Json("prompt/expected.json");
        var ids = GoldenOrpheus.Ids();
        var prompt = new OrpheusPrompt(ids);
        var vector = golden.RootElement.GetProperty("parse_generated");
        var generated = vector.Ints("generated_ids");
        int[] speech = generated[(vector.GetProperty("last_start_of_speech_index").GetInt32() + 1)..];
        foreach (var form in new[] { generated, speech, [ids.StartOfSpeech, .. speech[..3], .. generated], [.. generated, ids.EndOfAi, .. speech] })
        {
            var read = prompt.Parse(form, OnMisplaced.Refuse);
            Assert.Equal(vector.Ints("audio_tokens_whole_frames"), read.Frames.ToIds(ids));
            GoldenOrpheus.Same(vector.Rows("codes"), read.Frames);
        }
        Assert.Equal(0, prompt.Parse([ids.StartOfSpeech, ids.EndOfSpeech]).Frames.Count);
        Assert.Equal(0, prompt.Parse([]).Frames.Count);
    }

    [SkippableFact]
    public void A_text_that_would_write_the_rest_of_the_prompt_is_refused()
    {
        var ids = GoldenOrpheus.Ids();
        var prompt = new OrpheusPrompt(ids);
        string Refused(params int[] text) => Assert.Throws<ModelException>(() => prompt.Prompt(text)).Message;
        Assert.Contains("must begin with begin of text (1000)", Refused(83, 281));
        Assert.Contains("must begin", Refused());
        foreach (var id in ids.Controls) Assert.Contains($"the id {id} at position 2", Refused(ids.BeginOfText, 83, id));
        Assert.Contains("at position 1", Refused(ids.BeginOfText, ids.AudioStart));
        Assert.Contains("at position 1", Refused(ids.BeginOfText, -1));
    }

    private static IReadOnlyList<JsonElement> Examples(JsonDocument golden)
    {
        List<JsonElement> examples = [.. golden.RootElement.GetProperty("examples").EnumerateArray()];
        Assert.Equal(3, examples.Count);
        return examples;
    }
}
