using System.Text.Json;

namespace VoxMake.Torch.Tests.Weights;

/// <summary>Files that PyTorch wrote (tests/data/torch, with the script that made them).</summary>
public class TorchFileTests
{
    private static string Data(string name) => TestFiles.Data($"torch/{name}");

    private static readonly Dictionary<string, DType> DTypesInPython = new()
    {
        ["torch.float32"] = DType.F32, ["torch.float64"] = DType.F64, ["torch.float16"] = DType.F16, ["torch.bfloat16"] = DType.BF16, ["torch.int64"] = DType.I64,
        ["torch.int32"] = DType.I32, ["torch.int16"] = DType.I16, ["torch.int8"] = DType.I8, ["torch.uint8"] = DType.U8, ["torch.bool"] = DType.Bool,
    };

    /// <summary>All tensors of a tree by their keys joined with dots.</summary>
    private static IEnumerable<(string Name, TensorView Tensor)> Tensors(object? value, string name) => value switch
    {
        TensorView tensor => [(name, tensor)],
        TorchDict dict => dict.Items.SelectMany(item => Tensors(item.Value, name.Length > 0 ? $"{name}.{item.Key}" : $"{item.Key}")),
        _ => [],
    };

    [Theory]
    [InlineData("types.pth", 12)]
    [InlineData("types-protocol3.bin", 12)]
    [InlineData("views.pth", 10)]
    [InlineData("parameter.pth", 2)]
    [InlineData("module.bin", 7)]
    [InlineData("checkpoint.pth", 20)]
    public void Every_tensor_is_what_PyTorch_had(string name, int tensors)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Data("expected.json")));
        using var file = TorchFile.Open(Data(name));
        var found = Tensors(file.Root, "").ToDictionary(t => t.Name, t => t.Tensor);
        Assert.Equal(tensors, found.Count);
        var wanted = expected.RootElement.GetProperty(name).EnumerateObject().ToList();
        Assert.Equal(tensors, wanted.Count);
        foreach (var tensor in wanted)
        {
            var view = found[tensor.Name];
            Assert.Equal(DTypesInPython[tensor.Value.GetProperty("dtype").GetString()!], view.DType);
            Assert.Equal(tensor.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()), view.Shape);
            Assert.Equal(tensor.Value.GetProperty("stride").EnumerateArray().Select(n => n.GetInt64()), view.Strides);
            Assert.Equal(tensor.Value.GetProperty("requires_grad").GetBoolean(), view.RequiresGrad);
            Assert.Equal(tensor.Value.GetProperty("bytes").GetString(), Convert.ToHexStringLower(view.ToArray()));
            Assert.True(view.IsAligned);
        }
    }

    [Fact]
    public void Views_of_one_storage_share_its_bytes()
    {
        using var file = TorchFile.Open(Data("views.pth"));
        var views = file.StateDict();
        Assert.Equal(views["base"].Pointer, views["same"].Pointer);
        Assert.Equal(views["base"].Pointer, views["transposed"].Pointer);
        Assert.Equal(views["base"].Pointer + 20 * 4, views["row"].Pointer);
        Assert.Equal(["base", "same", "row"], views.Where(v => v.Value.IsContiguous).Select(v => v.Key));
        Assert.Throws<InvalidOperationException>(() => views["transposed"].Bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => views["base"].CopyTo(new byte[95]));
    }

    [Fact]
    public void A_checkpoint_keeps_its_numbers_texts_and_containers()
    {
        using var file = TorchFile.Open(Data("checkpoint.pth"));
        var root = Assert.IsType<TorchDict>(file.Root);
        object? Value(object key) => root.TryGet(key, out var value) ? value : throw new KeyNotFoundException($"{key}");
        Assert.Equal(3L, Value("epoch"));
        Assert.Equal(1L << 40, Value("step"));
        Assert.Equal(-0.125, Value("best"));
        Assert.Equal("änna", Value("name"));
        Assert.Equal(false, Value("done"));
        Assert.Null(Value("nothing"));
        Assert.Equal([0.9, 0.999], Assert.IsType<TorchSequence>(Value("betas")).Items);
        var list = Assert.IsType<TorchSequence>(Value("list"));
        Assert.Equal((TorchSequenceKind.List, 4), (list.Kind, list.Items.Count));
        Assert.Equal([-2L, 70000L], Assert.IsType<TorchSequence>(list.Items[1]).Items);
        Assert.Equal([2L, 3L], Assert.IsType<TorchSequence>(Value("size")).Items);
        Assert.Equal("torch.bfloat16", Value("dtype"));
        Assert.Equal("cuda:1", Value("device"));
        Assert.Equal([new(10L, 1L), new(20L, 2L)], Assert.IsType<TorchDict>(Value("milestones")).Items);
        Assert.False(root.TryGet("no such key", out _));
    }

    [Fact]
    public void A_state_dict_is_found_by_the_key_that_the_caller_names()
    {
        using var file = TorchFile.Open(Data("checkpoint.pth"));
        string[] names = ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"];
        Assert.Equal(names, file.StateDict("model").Keys);
        Assert.Equal(12, file.StateDict("optimizer", "state").Count);
        Assert.Contains("3.exp_avg_sq", file.StateDict("optimizer", "state").Keys);
        Assert.Contains("'model'", Assert.Throws<WeightsException>(() => file.StateDict()).Rule, StringComparison.Ordinal);
        Assert.Contains("has no 'state_dict'", Assert.Throws<WeightsException>(() => file.StateDict("state_dict")).Rule, StringComparison.Ordinal);
        Assert.Contains("'epoch' is a whole number", Assert.Throws<WeightsException>(() => file.StateDict("epoch")).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void The_versions_of_modules_are_attributes_and_no_tensors()
    {
        using var file = TorchFile.Open(Data("module.bin"));
        Assert.Equal(7, file.StateDict().Count);
        Assert.True(Assert.IsType<TorchDict>(file.Root).Attributes!.TryGet("_metadata", out var metadata));
        Assert.IsType<TorchDict>(metadata);
    }

    [Theory]
    [InlineData("protocol4.pth", "pickle protocol 4")]
    [InlineData("legacy.pth", "before 1.6")]
    [InlineData("script.pt", "TorchScript")]
    [InlineData("sparse.pth", "torch._utils._rebuild_sparse_tensor")]
    [InlineData("whole-module.pth", "torch.nn.modules.linear.Linear")]
    public void Other_files_of_PyTorch_are_refused_with_what_they_are(string name, string rule) =>
        Assert.Contains(rule, Assert.Throws<WeightsException>(() => TorchFile.Open(Data(name))).Rule, StringComparison.Ordinal);

    [Fact]
    public void Checksums_find_a_changed_bit()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Data("types.pth"));
        using (var whole = TorchFile.Open(Data("types.pth"))) whole.VerifyChecksums();
        bytes[bytes.AsSpan().IndexOf(new byte[] { 0x00, 0x00, 0x10, 0x40 })] ^= 1;
        File.WriteAllBytes(folder.File("changed.pth"), bytes);
        using var changed = TorchFile.Open(folder.File("changed.pth"));
        Assert.Contains("is damaged", Assert.Throws<WeightsException>(changed.VerifyChecksums).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_written_as_safetensors()
    {
        using var folder = new TemporaryFolder();
        using var file = TorchFile.Open(Data("views.pth"));
        SafetensorsWriter.Write(folder.File("a"), file.StateDict().Select(pair => TensorSource.Of(pair.Key, pair.Value)));
        using var written = SafetensorsFile.Open(folder.File("a"));
        foreach (var (name, tensor) in file.StateDict()) Assert.Equal(tensor.ToArray(), written[name].ToArray());
    }
}
