namespace VoxMake.Torch.Tests.Weights;

public class SafetensorsIndexTests
{
    private static string Prepare(TemporaryFolder folder, string index)
    {
        SafetensorsWriter.Write(folder.File("model-00001-of-00002.safetensors"), [TensorSource.Of("a", DType.U8, [1], new byte[] { 1 }), TensorSource.Of("b", DType.U8, [1], new byte[] { 2 })]);
        SafetensorsWriter.Write(folder.File("model-00002-of-00002.safetensors"), [TensorSource.Of("c", DType.U8, [1], new byte[] { 3 })]);
        var path = folder.File("model.safetensors.index.json");
        File.WriteAllText(path, index);
        return path;
    }

    private static string Map(string a = "model-00001-of-00002.safetensors", string b = "model-00001-of-00002.safetensors", string c = "model-00002-of-00002.safetensors", string more = "") =>
        $$$"""{"metadata":{"total_size":3},"weight_map":{"a":"{{{a}}}","b":"{{{b}}}","c":"{{{c}}}"{{{more}}}}}""";

    [Fact]
    public void Tensors_of_all_shards_are_found()
    {
        using var folder = new TemporaryFolder();
        using var index = SafetensorsIndex.Open(Prepare(folder, Map()));
        Assert.Equal(2, index.Shards.Count);
        Assert.Equal([1, 2, 3], index.Tensors.Values.SelectMany(tensor => tensor.ToArray()));
    }

    [Theory]
    [InlineData("../model-00001-of-00002.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("x/y.safetensors")]
    [InlineData("..\\\\x")]
    [InlineData("C:x")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\u0000b")]
    public void A_shard_outside_of_the_folder_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<WeightsException>(() => SafetensorsIndex.Open(Prepare(folder, Map(a: name))));
        Assert.Contains("plain file name beside the index", refusal.Rule, StringComparison.Ordinal);
        Assert.Equal("a", refusal.Tensor);
    }

    [Fact]
    public void A_tensor_in_another_shard_than_the_index_says_is_refused() => Refused("the index", Map(b: "model-00002-of-00002.safetensors"), "b");

    [Fact]
    public void A_tensor_that_no_shard_has_is_refused() => Refused("where the index says it lies", Map(more: ",\"d\":\"model-00002-of-00002.safetensors\""), "d");

    [Fact]
    public void A_tensor_that_the_index_lacks_is_refused() => Refused("is not in the index", Map().Replace(",\"c\":\"model-00002-of-00002.safetensors\"", ",\"d\":\"model-00002-of-00002.safetensors\""), "c");

    [Fact]
    public void A_shard_that_is_not_there_is_told() => Refused("no such file", Map(c: "model-00003-of-00003.safetensors"), null);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"weight_map\":[]}")]
    [InlineData("{\"weight_map\":{\"a\":1}}")]
    [InlineData("{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}")]
    [InlineData("{\"weight_map\"")]
    public void What_is_no_index_is_refused(string index)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<WeightsException>(() => SafetensorsIndex.Open(Prepare(folder, index)));
    }

    private static void Refused(string rule, string index, string? tensor)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<WeightsException>(() => SafetensorsIndex.Open(Prepare(folder, index)));
        Assert.Contains(rule, refusal.Rule, StringComparison.Ordinal);
        Assert.Equal(tensor, refusal.Tensor);
    }
}
