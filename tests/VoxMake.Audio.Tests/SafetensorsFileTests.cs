using System.Text;
using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>The reader of golden vectors is itself held to something: a broken vector must not pass for a good one.</summary>
public class SafetensorsFileTests
{
    private static SafetensorsFile Read(string header, int dataBytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("vectors.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. Enumerable.Range(0, dataBytes).Select(i => (byte)i)]);
        return SafetensorsFile.Read(path);
    }

    [Fact]
    public void Tensors_are_read_by_name_type_and_shape()
    {
        var file = Read("""{"__metadata__":{"a":"b"},"x":{"dtype":"I32","shape":[2,1],"data_offsets":[0,8]},"y":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""", 11);
        Assert.Equal([0x03020100, 0x07060504], file.Ints("x"));
        Assert.Equal([2, 1], file.Shape("x"));
        Assert.Equal([8, 9, 10], file.Bytes("y"));
        Assert.Throws<InvalidDataException>(() => file.Floats("x"));
        Assert.Throws<InvalidDataException>(() => file.Ints("z"));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)] // bytes and shape disagree
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4)] // beyond the end
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)] // bytes left over
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)] // a gap
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)] // an overlap
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)] // a name twice
    [InlineData("""{"x":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}""", 4)] // an unknown type
    [InlineData("not json", 0)]
    public void What_does_not_fit_is_refused(string header, int dataBytes) => Assert.Throws<InvalidDataException>(() => Read(header, dataBytes));
}
