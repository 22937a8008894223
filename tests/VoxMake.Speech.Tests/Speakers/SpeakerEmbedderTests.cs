using System.Runtime.InteropServices;
using System.Text.Json;
using VoxMake.Audio.Timed;
using VoxMake.Models.SpeakerEncoder;
using VoxMake.Speech.Speakers;

namespace VoxMake.Speech.Tests.Speakers;

/// <summary>From a recording's file to its embedding, beside Resemblyzer's own.</summary>
public sealed class SpeakerEmbedderTests : IDisposable
{
    private readonly SpeakerEmbedder _embedder = Encoder.New();

    public void Dispose() => _embedder.Dispose();

    public static TheoryData<int> Clips => TestFiles.GoldenCases("speakers/embeddings.json", json => Enumerable.Range(0, json.GetProperty("clips").GetArrayLength()), 0);

    [SkippableTheory]
    [MemberData(nameof(Clips))]
    public void A_clips_embedding_is_Resemblyzers(int index)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("speakers/embeddings.json")));
        var clip = json.RootElement.GetProperty("clips")[index];
        var sound = Sound16k.Read(TestFiles.GoldenClip(clip.GetProperty("clip").GetString()!));
        Assert.Equal(clip.GetProperty("samples_16k").GetInt32(), sound.Length);
        using var golden = SafetensorsFile.Open(TestFiles.Golden("speakers/embeddings.safetensors"));

        var whole = _embedder.Embed(sound, []);
        Assert.Equal(clip.GetProperty("novad").GetProperty("partials").GetInt32(), whole.Windows);
        AssertNear(Row(golden, "embeddings.novad", index), whole.Vector);

        var spans = Spans(clip.GetProperty("mask").GetString()!);
        var trimmed = _embedder.Embed(sound, spans);
        Assert.Equal(clip.GetProperty("samples_after_vad").GetInt32(), trimmed.SpokenSamples);
        Assert.Equal(clip.GetProperty("vad").GetProperty("partials").GetInt32(), trimmed.Windows);
        AssertNear(Row(golden, "embeddings.vad", index), trimmed.Vector);
    }

    [SkippableFact]
    public void Windows_lie_where_Resemblyzers_do()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("speakers/embeddings.json")));
        foreach (var one in json.RootElement.GetProperty("compute_partial_slices").EnumerateArray())
        {
            var frames = PartialWindows.FirstFrames(one.GetProperty("n_samples").GetInt32(), one.GetProperty("rate").GetDouble(), one.GetProperty("min_coverage").GetDouble());
            Assert.Equal(one.GetProperty("mel").EnumerateArray().Select(slice => slice[0].GetInt32()), frames);
            Assert.All(one.GetProperty("mel").EnumerateArray(), slice => Assert.Equal(SpeakerEncoderModel.WindowFrames, slice[1].GetInt32() - slice[0].GetInt32()));
            Assert.Equal(one.GetProperty("wav").EnumerateArray().Select(slice => slice[0].GetInt32()), frames.Select(frame => frame * PartialWindows.Hop));
        }
    }

    [SkippableFact]
    public void Clips_of_one_speaker_lie_nearer_than_those_of_two()
    {
        var vectors = new[] { "1688-142285-0002", "1688-142285-0005", "2414-128291-0003" }.Select(name => _embedder.Embed(Sound16k.Read(TestFiles.GoldenClip($"data/librispeech/{name}.flac")), []).Vector).ToList();
        Assert.True(Dot(vectors[0], vectors[1]) > Dot(vectors[0], vectors[2]) + 0.1);
    }

    [Fact]
    public void A_stretch_of_a_recording_has_the_bits_that_it_has_alone()
    {
        var sound = Noise(16000 * 6, 0.1);
        var both = _embedder.EmbedStretches(sound, [new SpeechSpan(160 * 100, 160 * 260), new SpeechSpan(160 * 333, 160 * 493)]);
        Assert.Equal(both[256..], _embedder.EmbedStretches(sound, [new SpeechSpan(160 * 333, 160 * 493)]));
        Assert.Equal(512, both.Length);
        Assert.Equal(256, _embedder.EmbedStretches(sound, [new SpeechSpan(16000 * 5, 16000 * 6)]).Length); // the last, half of it beyond the end
    }

    [Theory]
    [InlineData(1)]
    [InlineData(800)]
    [InlineData(25599)]
    [InlineData(25600)]
    public void The_shortest_clips_are_heard_with_silence_after_them(int samples)
    {
        var clip = Noise(samples, 0.2);
        var embedding = _embedder.Embed(clip, []);
        Assert.Equal((1, samples), (embedding.Windows, embedding.SpokenSamples));
        Assert.Equal(1, Math.Sqrt(Dot(embedding.Vector, embedding.Vector)), 5);
        Assert.Equal(_embedder.Embed([.. clip, .. new float[25600 - samples]], [new SpeechSpan(0, samples)]).Vector.Length, embedding.Vector.Length);
    }

    [Fact]
    public void Quiet_clips_are_raised_and_loud_ones_are_not_lowered()
    {
        var clip = Noise(32000, 0.5);
        Assert.Equal(1, SpeakerEmbedder.Gain(clip));
        Assert.Equal(1, SpeakerEmbedder.Gain(new float[100]));
        var quiet = clip.Select(sample => sample * 1e-3f).ToArray();
        Assert.Equal(-30, 10 * Math.Log10(quiet.Average(sample => Math.Pow(sample * SpeakerEmbedder.Gain(quiet), 2))), 3);
        var raised = quiet.Select(sample => (float)(sample * SpeakerEmbedder.Gain(quiet))).ToArray();
        AssertNear(_embedder.Embed(raised, []).Vector, _embedder.Embed(quiet, []).Vector);
        AssertNear(_embedder.Embed(raised, [new SpeechSpan(1000, 20000)]).Vector, _embedder.Embed(quiet, [new SpeechSpan(1000, 20000)]).Vector); // the gain is the whole clip's
    }

    private static List<SpeechSpan> Spans(string mask)
    {
        const int window = 480;
        var spans = new List<SpeechSpan>();
        for (var at = 0; at < mask.Length; at++)
            if (mask[at] == '1' && spans.Count > 0 && spans[^1].End == at * window) spans[^1] = spans[^1] with { End = (at + 1) * window };
            else if (mask[at] == '1') spans.Add(new SpeechSpan(at * window, (at + 1) * window));
        return spans;
    }

    private static float[] Noise(int samples, double level)
    {
        var random = new Random(samples);
        return [.. Enumerable.Range(0, samples).Select(_ => (float)(level * (2 * random.NextDouble() - 1)))];
    }

    private static ReadOnlySpan<float> Row(SafetensorsFile file, string name, int row) => MemoryMarshal.Cast<byte, float>(file[name].ToArray()).Slice(256 * row, 256);

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static void AssertNear(ReadOnlySpan<float> expected, float[] actual)
    {
        for (var i = 0; i < 256; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= 1e-4)) Assert.Fail($"number {i}: {actual[i]}, expected {expected[i]}");
    }
}

/// <summary>The network that ships.</summary>
internal static class Encoder
{
    public static string Path { get; } = System.IO.Path.Combine(TestFiles.Repository, "models/speaker_encoder.safetensors");

    public static SpeakerEmbedder New() => new(SpeakerEncoderModel.Load(Path));
}
