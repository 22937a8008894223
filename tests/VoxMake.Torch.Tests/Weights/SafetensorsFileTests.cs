using System.Runtime.InteropServices;

namespace VoxMake.Torch.Tests.Weights;

public class SafetensorsFileTests
{
    private static SafetensorsFile Open(TemporaryFolder folder, string header, int dataLength)
    {
        var path = folder.File("a.safetensors");
        File.WriteAllBytes(path, SafetensorsBytes.File(header, dataLength));
        return SafetensorsFile.Open(path);
    }

    [Fact]
    public void Tensors_are_where_the_header_says()
    {
        using var folder = new TemporaryFolder();
        var header = """{"__metadata__":{"format":"pt","é":"\n"},"b":{"dtype":"U8","shape":[2,1],"data_offsets":[4,6]},"a":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}   """;
        using var file = Open(folder, header, 6);
        Assert.Equal(["a", "b"], file.Entries.Select(e => e.Name));
        var dataStart = new FileInfo(file.Path).Length - 6;
        Assert.Equal((DType.U8, dataStart + 4, 2L), (file.Entries[1].DType, file.Entries[1].ByteOffset, file.Entries[1].ByteLength));
        Assert.Equal([2L, 1], file.Entries[1].Shape);
        Assert.Equal(0x03020100, MemoryMarshal.Read<int>(file["a"].Bytes));
        Assert.Equal([4, 5], file["b"].ToArray());
        Assert.Equal([1L, 1], file["b"].Strides);
        Assert.Equal("\n", file.Metadata["é"]);
        Assert.False(file.TryGet("c", out _));
        Assert.Equal("c", Assert.Throws<WeightsException>(() => file["c"]).Tensor);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("\\u0000\\n")]
    public void Any_text_is_a_name(string name)
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, $$$"""{"{{{name}}}":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        Assert.Equal([0], file[file.Entries[0].Name].ToArray());
    }

    [Theory]
    [InlineData("[0]")]
    [InlineData("[0,1099511627776]")]
    [InlineData("[9223372036854775807,0]")]
    public void Tensors_without_elements_may_stand_anywhere(string shape)
    {
        using var folder = new TemporaryFolder();
        var empty = $$$"""{"dtype":"U8","shape":{{{shape}}},"data_offsets":[AT,AT]}""";
        using var file = Open(folder, $$$"""{"x":{{{empty.Replace("AT", "0")}}},"y":{{{empty.Replace("AT", "0")}}},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"z":{{{empty.Replace("AT", "3")}}}}""", 3);
        Assert.Equal(4, file.Tensors.Count);
        Assert.Equal(0, file["z"].ByteLength);
        Assert.Empty(file["x"].ToArray());
        Assert.True(file["y"].IsContiguous);
    }

    [Fact]
    public void A_file_without_tensors_is_whole()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, "{}", 0);
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void Not_a_number_is_a_number()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("nan.safetensors");
        SafetensorsWriter.Write(path, [TensorSource.Of("a", DType.F32, [1], BitConverter.GetBytes(float.NaN))]);
        using var file = SafetensorsFile.Open(path);
        Assert.True(float.IsNaN(MemoryMarshal.Read<float>(file["a"].Bytes)));
    }

    [Fact]
    public void A_bool_of_2_is_refused_when_it_is_read_and_not_before()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, """{"flags":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]},"other":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""", 4);
        Assert.Equal([3], file["other"].ToArray());
        var flags = file["flags"];
        Assert.Contains("must be 0 or 1", Assert.Throws<WeightsException>(() => flags.Pointer).Rule, StringComparison.Ordinal);
        Assert.Equal("flags", Assert.Throws<WeightsException>(() => flags.Bytes.Length).Tensor);
        Assert.Throws<WeightsException>(() => flags.ToArray());
    }

    [Fact]
    public void Unaligned_tensors_say_so()
    {
        using var folder = new TemporaryFolder();
        // The header's length is a multiple of 4 plus 1, then the data begins.
        var header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        using var file = Open(folder, header.PadRight((header.Length + 3) / 4 * 4 + 1), 4);
        Assert.False(file["a"].IsAligned);
        Assert.Equal([0, 1, 2, 3], file["a"].ToArray());
    }

    [Fact]
    public void A_closed_file_gives_nothing_more_but_a_lease_keeps_the_bytes()
    {
        using var folder = new TemporaryFolder();
        var file = Open(folder, """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 3);
        var (tensor, lease) = (file["a"], file["a"].Lease());
        var pointer = tensor.Pointer;
        file.Dispose();
        Assert.Equal(2, Marshal.ReadByte(pointer, 2));
        Assert.Throws<ObjectDisposedException>(() => tensor.Pointer);
        Assert.Throws<ObjectDisposedException>(() => tensor.Lease());
        lease.Dispose();
        lease.Dispose();
        file.Dispose();
    }

    [Fact]
    public void A_tensor_beyond_4_gigabytes_is_read_where_it_lies()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("large.safetensors");
        const long Large = 5_000_000_000;
        var header = $$$"""{"large":{"dtype":"U8","shape":[{{{Large}}}],"data_offsets":[0,{{{Large}}}]},"last":{"dtype":"U8","shape":[2],"data_offsets":[{{{Large}}},{{{Large + 2}}}]}}""";
        File.WriteAllBytes(path, SafetensorsBytes.File(header, 0));
        // The hole takes no room on the disk.
        using (var write = new FileStream(path, FileMode.Open))
        {
            write.Seek(Large, SeekOrigin.End);
            write.Write([3, 4]);
        }
        using var file = SafetensorsFile.Open(path);
        Assert.Equal([3, 4], file["last"].ToArray());
        Assert.Equal(Large, file["large"].ByteLength);
        Assert.Equal(Large, file["last"].Pointer - file["large"].Pointer);
        Assert.Throws<InvalidOperationException>(() => file["large"].Bytes.Length);
    }

    [Fact]
    public void A_link_is_followed_as_in_the_hubs_cache()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("blob"), SafetensorsBytes.File("{}", 0));
        File.CreateSymbolicLink(folder.File("link.safetensors"), "blob");
        SafetensorsFile.Open(folder.File("link.safetensors")).Dispose();
    }
}
