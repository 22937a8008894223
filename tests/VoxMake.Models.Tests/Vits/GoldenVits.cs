using System.Text.Json;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Vits;

/// <summary>A network of transformers with what went into it and what came out; tensors are of the scope that the test opens.</summary>
internal sealed class GoldenVits : IDisposable
{
    private readonly SafetensorsFile _inputs, _expected, _model;
    private readonly TensorScope _scope;
    private readonly IDisposable _noGrad;

    /// <param name="name"><c>single</c> or <c>multi</c>.</param>
    public GoldenVits(string name)
    {
        Folder = Path.GetDirectoryName(TestFiles.Golden($"vits/hf/{name}/config.json"))!;
        Config = VitsConfig.Read(Path.Combine(Folder, "config.json"));
        _inputs = SafetensorsFile.Open(TestFiles.Golden($"vits/hf/{name}/inputs.safetensors"));
        _expected = SafetensorsFile.Open(TestFiles.Golden($"vits/hf/{name}/expected.safetensors"));
        _model = SafetensorsFile.Open(TestFiles.Golden($"vits/hf/{name}/model.safetensors"));
        (_scope, _noGrad) = (new TensorScope(), Libtorch.NoGrad()); // not before it is sure that the test is not skipped: nobody would end them
        using var info = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("vits/hf/info.json")));
        SpeakerId = info.RootElement.GetProperty("models").GetProperty(name).GetProperty("speaker_id") is { ValueKind: JsonValueKind.Number } speakerId ? speakerId.GetInt32() : null;
        Speaker = _expected.TryGet("speaker_embedding", out var speaker) ? Checkpoint.ToTensor(speaker) : null;
    }

    public string Folder { get; }

    public VitsConfig Config { get; }

    /// <summary>The speaker that the batch is spoken by; null where there is one.</summary>
    public int? SpeakerId { get; }

    /// <summary>[1, width, 1] of the speaker that the batch is spoken by; null where there is one speaker.</summary>
    public Tensor? Speaker { get; }

    /// <summary>1 for a token: [batch, tokens, 1].</summary>
    public Tensor TokenMask => Input("attention_mask").to(Device.Cpu, ScalarType.Float).unsqueeze(-1);

    public Tensor Input(string name) => Checkpoint.ToTensor(_inputs[name]);

    /// <summary>Names of results that begin and end so.</summary>
    public IReadOnlyList<string> Named(string start, string end = "") =>
        [.. _expected.Tensors.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public Tensor Expected(string name) => Checkpoint.ToTensor(_expected[name]);

    /// <summary>A part of the network with its weights, ready for use.</summary>
    public T Load<T>(T part, string prefix) where T : Module
    {
        var weights = _model.Tensors.Where(named => named.Key.StartsWith(prefix + ".", StringComparison.Ordinal)).ToDictionary(named => named.Key[(prefix.Length + 1)..], named => named.Value);
        Checkpoint.Load(part, WeightNorm.OneSpelling(weights, _model.Path), _model.Path);
        part.Training = false;
        return part;
    }

    /// <summary>Within 1e-5 of the largest value, as the vectors' README suggests.</summary>
    public void Relative(string name, Tensor actual)
    {
        var expected = Expected(name);
        Absolute(expected, actual, 1e-5 * expected.abs().max().Item(), name);
    }

    public void Absolute(string name, Tensor actual, double tolerance) => Absolute(Expected(name), actual, tolerance, name);

    public static void Absolute(Tensor expected, Tensor actual, double tolerance, string name)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var difference = (expected - actual).abs().max().Item();
        Assert.True(difference <= tolerance, $"{name} differs by {difference}, more than {tolerance}");
    }

    public void Dispose()
    {
        _noGrad.Dispose();
        _scope.Dispose();
        _inputs.Dispose();
        _expected.Dispose();
        _model.Dispose();
    }
}
