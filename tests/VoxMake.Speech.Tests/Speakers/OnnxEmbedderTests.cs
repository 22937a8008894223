using System.Text;
using VoxMake.Audio.Timed;
using VoxMake.Onnx;
using VoxMake.Speech.Speakers;

namespace VoxMake.Speech.Tests.Speakers;

/// <summary>A network that somebody brings: here one whose two numbers are the means of x² and |x|, written byte by byte (onnx.proto3).</summary>
public sealed class OnnxEmbedderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OnnxEmbedderTests() => NeedsOnnx.OrSkip();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_networks_answer_is_the_embedding_to_length_one(int dimensions)
    {
        using var embedder = OnnxEmbedder.Load(Network(dimensions == 2 ? [0, 0] : [0, 1, 0]));
        Assert.Equal(("net.onnx", 2), (embedder.Name, embedder.Dimension));
        var sound = Enumerable.Range(0, 16_000 * 25).Select(i => 0.5f * MathF.Sin(i * 0.01f) * (i % 1000) / 1000).ToArray();
        AssertNear(Expected(sound[..40_000]), embedder.Embed(sound, [new SpeechSpan(0, 10_000), new SpeechSpan(10_000, 40_000)]).Vector);
        AssertNear(Expected([.. sound[..8_000], .. new float[25_600 - 8_000]]), embedder.Embed(sound[..8_000], []).Vector);
        Assert.Equal((3, 400_000), (embedder.Embed(sound, []).Windows, embedder.Embed(sound, []).SpokenSamples));
        var stretches = embedder.EmbedStretches(sound, [new SpeechSpan(0, 25_600), new SpeechSpan(100_000, 125_600)]);
        AssertNear(Expected(sound[100_000..125_600]), stretches[2..]);
    }

    [SkippableFact]
    public void Networks_that_take_something_else_are_refused_with_what_they_take()
    {
        Assert.Contains("takes features", Assert.Throws<OnnxException>(() => OnnxEmbedder.Load(Network([0, 0, 80]))).Message);
        Assert.Contains("of any length", Assert.Throws<OnnxException>(() => OnnxEmbedder.Load(Network([1, 16_000]))).Message);
        Assert.Contains("one input of float32", Assert.Throws<OnnxException>(() => OnnxEmbedder.Load(Path.Combine(TestFiles.Repository, "models", "silero_vad.onnx"))).Message);
        File.WriteAllText(_folder.File("text.onnx"), "no network");
        Assert.Throws<OnnxException>(() => OnnxEmbedder.Load(_folder.File("text.onnx")));
    }

    [SkippableFact]
    public void Pyannote_is_answered_by_it()
    {
        Directory.CreateDirectory(_folder.File("clips"));
        File.WriteAllBytes(_folder.File("clips/a.wav"), VoxMake.Audio.WavWriter.Mono16([.. Enumerable.Range(0, 32_000).Select(i => 0.1f * MathF.Sin(i * 0.1f))], 16_000));
        var run = Tool.Run("vox-speech", "embed", _folder.File("clips"), _folder.File("out"), "--method", "pyannote", "--network", Network([0, 0]));
        Assert.True(run.Exit == 0, run.Said);
        Assert.Equal(2, NpyFile.Read(_folder.File("out/a.npy")).Columns);
        Assert.Contains("method: onnx", Tool.Run("vox-speech", "embed", _folder.File("clips"), _folder.File("more"), "--network", Network([0, 0])).Said);
    }

    private static float[] Expected(float[] sound)
    {
        var (square, magnitude) = (sound.Average(x => (double)x * x), sound.Average(x => Math.Abs((double)x)));
        var length = Math.Sqrt(square * square + magnitude * magnitude);
        return [(float)(square / length), (float)(magnitude / length)];
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4);
    }

    /// <param name="shape">Of the input; 0 where it is open.</param>
    private string Network(int[] shape)
    {
        byte[] axes = [.. Enumerable.Range(1, shape.Length - 1).SelectMany(axis => Number(8, axis))];
        byte[] Mean(string from, string to) => Node("ReduceMean", [from], to, Attribute("axes", axes, 7), Attribute("keepdims", Number(3, 0), 2));
        byte[] graph =
        [
            .. Part(1, Node("Mul", ["sound", "sound"], "squares")), .. Part(1, Node("Abs", ["sound"], "magnitudes")), .. Part(1, Mean("squares", "a")), .. Part(1, Mean("magnitudes", "b")),
            .. Part(1, Node("Concat", ["a", "b"], "embedding", Attribute("axis", Number(3, 0), 2))),
            .. Text(2, "graph"), .. Part(11, Value("sound", shape)), .. Part(12, Value("embedding", [0])),
        ];
        byte[] model = [.. Number(1, 7), .. Part(7, graph), .. Part(8, [.. Text(1, ""), .. Number(2, 13)])];
        File.WriteAllBytes(_folder.File("net.onnx"), model);
        return _folder.File("net.onnx");
    }

    private static byte[] Node(string type, string[] inputs, string output, params byte[][] attributes) =>
        [.. inputs.SelectMany(name => Text(1, name)), .. Text(2, output), .. Text(4, type), .. attributes.SelectMany(each => Part(5, each))];

    private static byte[] Attribute(string name, byte[] value, int type) => [.. Text(1, name), .. value, .. Number(20, type)];

    private static byte[] Value(string name, int[] shape)
    {
        byte[] dimensions = [.. shape.Index().SelectMany(size => Part(1, size.Item == 0 ? Text(2, $"{name}{size.Index}") : Number(1, size.Item)))];
        return [.. Text(1, name), .. Part(2, Part(1, [.. Number(1, 1), .. Part(2, dimensions)]))];
    }

    private static byte[] Text(int field, string text) => Part(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Part(int field, byte[] content) => [.. Varint(field << 3 | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (var rest = (ulong)value; ; rest >>= 7)
        {
            bytes.Add((byte)(rest & 0x7f | (rest > 0x7f ? 0x80u : 0)));
            if (rest <= 0x7f) return [.. bytes];
        }
    }
}
