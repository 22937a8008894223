using System.Text.Json;
using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Tests.Llama;

/// <summary>A small network of transformers with what went into it and what came out; tensors are of a scope that it opens.</summary>
internal sealed class GoldenLlama : IDisposable
{
    private readonly TensorScope _scope = new();
    private readonly List<SafetensorsFile> _files = [];

    /// <param name="folder">Under golden/orpheus.</param>
    public GoldenLlama(string folder = "llama")
    {
        Folder = Path.GetDirectoryName(TestFiles.Golden($"orpheus/{folder}/config.json"))!;
        using var directory = LlamaDirectory.Open(Folder);
        Model = directory.Model(Device.Cpu);
        if (folder != "llama") return;
        Ids = Read("inputs", "input_ids");
        Lengths = [.. Read("inputs", "attention_mask").sum([1]).ToArray<long>().Select(length => (int)length)];
        Batch = TokenBatch.Of([.. Lengths.Select((length, row) => Row(Ids, row, length))], Device.Cpu);
    }

    public string Folder { get; }
    public LlamaModel Model { get; }

    /// <summary>[2, 74], the second row padded.</summary>
    public Tensor Ids { get; } = null!;

    /// <summary>Tokens of each row without padding.</summary>
    public int[] Lengths { get; } = [];

    /// <summary>The rows without padding.</summary>
    public TokenBatch Batch { get; } = null!;

    public Tensor Read(string file, string name)
    {
        var open = SafetensorsFile.Open(Path.Combine(Folder, $"{file}.safetensors"));
        _files.Add(open);
        return Checkpoint.ToTensor(open[name]);
    }

    public JsonElement Json(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{file}.json")));
        return json.RootElement.Clone();
    }

    public static int[] Row(Tensor ids, int row, int length) => [.. ids.select(0, row).narrow(0, 0, length).ToArray<long>().Select(id => (int)id)];

    public static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    public static void Near(Tensor expected, Tensor actual, double tolerance, string name)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var difference = (expected - actual).abs().max().Item();
        Assert.True(difference <= tolerance, $"{name} differs by {difference}, more than {tolerance}");
    }

    public void Dispose()
    {
        Model.Dispose();
        _scope.Dispose();
        foreach (var file in _files) file.Dispose();
    }
}
