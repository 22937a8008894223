using VoxMake.Models.Snac;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Snac;

/// <summary>The small random codec of golden/orpheus, with what went into it and what came out; tensors are of its own scope.</summary>
internal sealed class GoldenSnac : IDisposable
{
    private readonly SafetensorsFile _input, _encode, _decode;
    private readonly TensorScope _scope = new();
    private readonly IDisposable _noGrad = Libtorch.NoGrad();

    public GoldenSnac()
    {
        Folder = Path.GetDirectoryName(TestFiles.Golden("orpheus/snac/config.json"))!;
        Model = SnacDirectory.Load(Folder);
        _input = SafetensorsFile.Open(TestFiles.Golden("orpheus/snac/input.safetensors"));
        _encode = SafetensorsFile.Open(TestFiles.Golden("orpheus/snac/expected_encode.safetensors"));
        _decode = SafetensorsFile.Open(TestFiles.Golden("orpheus/snac/expected_decode.safetensors"));
        Audio = Checkpoint.ToTensor(_input["audio_24k"]).reshape([1, 1, -1]);
        Codes = CodesOf("");
    }

    public string Folder { get; }

    public SnacModel Model { get; }

    /// <summary>[1, 1, 31200]: 1.3 s of LJ Speech.</summary>
    public Tensor Audio { get; }

    /// <summary>The codes of the whole clip.</summary>
    public IReadOnlyList<Tensor> Codes { get; }

    /// <summary>Codes that the reference found, by what stands in front of their names.</summary>
    public IReadOnlyList<Tensor> CodesOf(string start) => [.. Enumerable.Range(0, 3).Select(level => Encoded($"{start}codes.{level}"))];

    public Tensor Encoded(string name) => Checkpoint.ToTensor(_encode[name]);

    public Tensor Decoded(string name) => Checkpoint.ToTensor(_decode[name]);

    /// <summary>Codes of some frames.</summary>
    public static IReadOnlyList<Tensor> Frames(IReadOnlyList<Tensor> codes, int first, int count) => [.. codes.Select((level, i) => level.narrow(1, (long)first << i, (long)count << i))];

    public static void Same(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.Shape, other.Shape);
            Assert.Equal(one.ToArray<long>(), other.ToArray<long>());
        }
    }

    public static double Difference(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        return (expected - actual).abs().max().Item();
    }

    public static void Near(Tensor expected, Tensor actual, double tolerance)
    {
        var difference = Difference(expected, actual);
        Assert.True(difference <= tolerance, $"differs by {difference}, more than {tolerance}");
    }

    public void Dispose()
    {
        _noGrad.Dispose();
        _scope.Dispose();
        Model.Dispose();
        _input.Dispose();
        _encode.Dispose();
        _decode.Dispose();
    }
}
