using System.Text;

namespace VoxMake.Torch.Tests.Weights;

public class SafetensorsWriterTests
{
    private static byte[] Written(IEnumerable<TensorSource> tensors, Dictionary<string, string>? metadata = null)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, tensors, metadata);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        return File.ReadAllBytes(path);
    }

    private static WeightsException Refusal(params TensorSource[] tensors)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<WeightsException>(() => SafetensorsWriter.Write(folder.File("a.safetensors"), tensors));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        return refusal;
    }

    [Fact]
    public void The_bytes_are_those_of_the_references_own_test()
    {
        // safetensors, tensor.rs, test_serialization_forced_alignement and test_empty.
        var bytes = Written([TensorSource.Of("attn0", DType.F32, [1, 1, 2, 3], new byte[24])]);
        Assert.Equal(72, bytes[0]);
        Assert.Equal("""{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       """, Encoding.UTF8.GetString(bytes, 8, 72));
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], Written([]));
        Assert.Equal([40, 0, 0, 0, 0, 0, 0, 0, .. """{"__metadata__":{"framework":"pt"}}     """u8], Written([], new() { ["framework"] = "pt" }));
    }

    [Fact]
    public void Tensors_lie_by_falling_alignment_then_by_name_in_utf8()
    {
        DType[] types = Enum.GetValues<DType>();
        var bytes = Written([.. types.Select(type => TensorSource.Of(type.Name(), type, [1], new byte[type.Size()])), TensorSource.Of("\U0001F600", DType.U64, [0], default), TensorSource.Of("\uFF5E", DType.U64, [0], default)]);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a"), bytes);
        using var file = SafetensorsFile.Open(folder.File("a"));
        Assert.Equal(["U64", "I64", "F64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16", "F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"], file.Entries.Where(e => e.Shape is [1]).Select(e => e.Name));
        // In UTF-16 the order would be the other way round.
        var header = Encoding.UTF8.GetString(bytes);
        Assert.InRange(header.IndexOf('\uFF5E'), 0, header.IndexOf("\U0001F600", StringComparison.Ordinal));
        Assert.All(file.Tensors.Values, tensor => Assert.True(tensor.IsAligned));
    }

    [Fact]
    public void The_order_in_which_tensors_come_changes_nothing()
    {
        TensorSource[] tensors = [.. Enumerable.Range(0, 20).Select(i => TensorSource.Of($"t{i}", (DType)(i % 15), [1], Enumerable.Repeat((byte)(i % 2), ((DType)(i % 15)).Size()).ToArray()))];
        var metadata = Enumerable.Range(0, 9).ToDictionary(i => $"k{i}", i => $"{i}");
        Assert.Equal(Written(tensors, metadata), Written(tensors.Reverse(), metadata.Reverse().ToDictionary()));
    }

    [Fact]
    public void Texts_are_escaped_as_the_reference_does()
    {
        var bytes = Written([], new() { ["a"] = "\"\\/\b\f\n\r\t\u0001\u001f\u007fé\U0001F600<&" });
        Assert.Contains("\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u007fé\U0001F600<&\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_may_write_in_pieces()
    {
        var bytes = Written([new TensorSource("a", DType.U8, [5], to =>
        {
            to.Write([1, 2]);
            to.WriteByte(3);
            to.Write([4, 5]);
        })]);
        Assert.Equal([1, 2, 3, 4, 5], bytes[^5..]);
    }

    [Fact]
    public void Native_memory_can_be_written()
    {
        var memory = new byte[] { 7, 8, 9 };
        unsafe
        {
            fixed (byte* pointer = memory) Assert.Equal(memory, Written([TensorSource.At("a", DType.U8, [3], (nint)pointer, 3)])[^3..]);
        }
    }

    [Fact]
    public void Too_few_bytes_are_refused_and_leave_nothing() => Assert.Contains("gave 3 bytes of 4", Refusal(TensorSource.Of("a", DType.F32, [1], new byte[3])).Message, StringComparison.Ordinal);

    [Fact]
    public void Too_many_bytes_are_refused_and_leave_nothing() => Assert.Equal("a", Refusal(TensorSource.Of("a", DType.F32, [1], new byte[5])).Tensor);

    [Fact]
    public void A_name_twice_is_refused() => Assert.Contains("twice", Refusal(TensorSource.Of("a", DType.U8, [0], default), TensorSource.Of("a", DType.U8, [0], default)).Rule, StringComparison.Ordinal);

    [Fact]
    public void The_name_of_the_metadata_is_refused() => Assert.Equal("__metadata__", Refusal(TensorSource.Of("__metadata__", DType.U8, [0], default)).Tensor);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Contains("surrogate", Refusal(TensorSource.Of("\ud800", DType.U8, [0], default)).Rule, StringComparison.Ordinal);

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    public void A_shape_that_cannot_be_is_refused(long size) => Assert.Equal("a", Refusal(TensorSource.Of("a", DType.F32, [size], default)).Tensor);

    [Fact]
    public void A_failed_source_leaves_the_older_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, [TensorSource.Of("old", DType.U8, [1], new byte[1])]);
        Assert.Throws<InvalidDataException>(() => SafetensorsWriter.Write(path, [new TensorSource("new", DType.U8, [1], _ => throw new InvalidDataException())]));
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(["old"], file.Tensors.Keys);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_file_can_be_replaced_while_it_is_open()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, [TensorSource.Of("a", DType.U8, [2], new byte[] { 1, 2 })]);
        using var old = SafetensorsFile.Open(path);
        SafetensorsWriter.Write(path, [TensorSource.Of("b", old["a"])]);
        Assert.Equal([1, 2], old["a"].ToArray());
        using var now = SafetensorsFile.Open(path);
        Assert.Equal([1, 2], now["b"].ToArray());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told() =>
        Assert.Contains("cannot be written", Assert.Throws<WeightsException>(() => SafetensorsWriter.Write("/nowhere/at/all/a.safetensors", [])).Message, StringComparison.Ordinal);
}
