using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Vits;

[Collection("libtorch")]
public class VitsGrowthGoldenTests
{
    public VitsGrowthGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void New_tokens_and_speakers_are_added_and_old_ones_speak_as_before(string name)
    {
        using var scope = new TensorScope();
        using var voice = new GoldenVoice(name);
        using var directory = VitsDirectory.Open(voice.Folder);
        using var before = directory.Model();
        var tokenizer = directory.Tokenizer.With(directory.Tokenizer.Vocabulary.With(["ж", "ё", "ю"]));
        var several = directory.Config.NumSpeakers > 1;
        var config = directory.Config with { VocabSize = tokenizer.Vocabulary.Size, NumSpeakers = directory.Config.NumSpeakers + (several ? 2 : 0) };
        using var grown = new VitsModel(config) { Training = false };
        Assert.Equal(new VitsGrowth(3, several ? 2 : 0), directory.LoadInto(grown, 5));
        foreach (var text in voice.Texts) Assert.Equal(Speak(before, directory.Tokenizer.Encode(text), voice.Speaker), Speak(grown, tokenizer.Encode(text), voice.Speaker));
        Assert.Equal(tokenizer.Vocabulary.Size - 1, tokenizer.Encode("ё").Max()); // ё comes after ж and ю
        var speech = Speak(grown, tokenizer.Encode("жёю"), several ? config.NumSpeakers - 1 : null);
        Assert.All(speech, sample => Assert.InRange(sample, -1, 1));
    }

    [SkippableFact]
    public void One_voice_becomes_several_that_all_begin_as_it()
    {
        using var scope = new TensorScope();
        using var voice = new GoldenVoice("single");
        using var directory = VitsDirectory.Open(voice.Folder);
        using var before = directory.Model();
        using var grown = new VitsModel(directory.Config with { NumSpeakers = 3, SpeakerEmbeddingSize = 8 }) { Training = false };
        Assert.Equal(new VitsGrowth(0, 3), directory.LoadInto(grown, 5));
        var expected = Speak(before, directory.Tokenizer.Encode(voice.Texts[0]), null);
        for (var speaker = 0; speaker < 3; speaker++) Assert.Equal(expected, Speak(grown, directory.Tokenizer.Encode(voice.Texts[0]), speaker));
        var direction = grown.NamedTensors().First(named => named.Name.EndsWith("cond_layer.weight_v", StringComparison.Ordinal)).Tensor;
        Assert.True(direction.abs().max().Item() > 0);
    }

    [SkippableFact]
    public void New_rows_are_like_the_old_ones_differ_from_each_other_and_follow_the_seed()
    {
        using var scope = new TensorScope();
        using var voice = new GoldenVoice("multi");
        using var directory = VitsDirectory.Open(voice.Folder);
        var count = directory.Config.VocabSize;
        float[] Rows(ulong seed)
        {
            using var grown = new VitsModel(directory.Config with { VocabSize = count + 400 });
            directory.LoadInto(grown, seed);
            return grown.NamedTensors().First(named => named.Name == "text_encoder.embed_tokens.weight").Tensor.ToArray<float>();
        }
        var (rows, width) = (Rows(1), directory.Config.HiddenSize);
        Assert.Equal(rows, Rows(1));
        var added = rows[(count * width)..];
        Assert.NotEqual(added, Rows(2)[(count * width)..]);
        Assert.Equal(400, added.Chunk(width).Select(row => row[0]).Distinct().Count());
        // 400 draws: mean within 5 standard errors, deviation within a fifth
        for (var dimension = 0; dimension < width; dimension++)
        {
            var (old, fresh) = (Column(rows[..(count * width)], dimension), Column(added, dimension));
            Assert.InRange(fresh.Mean, old.Mean - 5 * old.Deviation / 20, old.Mean + 5 * old.Deviation / 20);
            Assert.InRange(fresh.Deviation, 0.8 * old.Deviation, 1.2 * old.Deviation);
        }

        (double Mean, double Deviation) Column(float[] table, int dimension)
        {
            double[] values = [.. table.Chunk(width).Select(row => (double)row[dimension])];
            var mean = values.Average();
            return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        }
    }

    [SkippableFact]
    public void A_network_that_is_smaller_or_otherwise_shaped_is_refused_by_the_tensors_name()
    {
        using var voice = new GoldenVoice("multi");
        using var directory = VitsDirectory.Open(voice.Folder);
        using var fewer = new VitsModel(directory.Config with { VocabSize = directory.Config.VocabSize - 1 });
        Assert.Contains("text_encoder.embed_tokens.weight has the shape", Assert.Throws<TorchException>(() => directory.LoadInto(fewer, 0)).Message);
        using var wider = new VitsModel(directory.Config with { VocabSize = directory.Config.VocabSize + 1, FfnDim = directory.Config.FfnDim + 4 });
        Assert.Contains("feed_forward", Assert.Throws<TorchException>(() => directory.LoadInto(wider, 0)).Message);
    }

    private static float[] Speak(VitsModel model, long[] ids, int? speaker)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        return model.Speak(Tensor.From<long>(ids, 1, ids.Length), speaking: new VitsSpeaking(speaker, Generator: generator)).Waveform.ToArray<float>();
    }
}
