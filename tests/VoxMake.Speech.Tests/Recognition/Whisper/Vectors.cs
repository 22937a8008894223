using System.Text.Json;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Torch.Weights;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

/// <summary>Reads the vectors of openai-whisper.</summary>
internal static class Vectors
{
    private static readonly Lazy<WhisperTokenizer> Of99 = new(() => WhisperTokenizer.LoadTiktoken(TestFiles.Shared("golden/whisper/multilingual.tiktoken")));
    private static readonly Lazy<WhisperTokenizer> Of100 = new(() => WhisperTokenizer.LoadTiktoken(TestFiles.Shared("golden/whisper/multilingual.tiktoken"), 100));

    /// <summary>The published multilingual vocabulary; skips where it is absent.</summary>
    public static WhisperTokenizer Tokenizer(int languages = 99)
    {
        TestFiles.Shared("golden/whisper/multilingual.tiktoken");
        return languages == 99 ? Of99.Value : Of100.Value;
    }

    public static JsonElement Json(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden($"whisper/{name}.json")));
        return json.RootElement.Clone();
    }

    public static int[] Ints(this JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetInt32())];

    public static float[] Floats(string file, string name)
    {
        using var open = SafetensorsFile.Open(TestFiles.Golden($"whisper/{file}.safetensors"));
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(open[name].ToArray()).ToArray();
    }

    public static int[] Whole(string file, string name)
    {
        using var open = SafetensorsFile.Open(TestFiles.Golden($"whisper/{file}.safetensors"));
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(open[name].ToArray()).ToArray();
    }

    /// <summary>Scores by the vectors' formula.</summary>
    public static float[] Scores(int seed, int count) => [.. Enumerable.Range(0, count).Select(i => (float)((i * 7919L + seed * 104729L) % 10007 / 10007.0 * 4.0 - 2.0))];

    public static void Near(float[] expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++) worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
        Assert.True(worst <= tolerance, $"{what} differs by {worst}, more than {tolerance}");
    }
}
