using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Speech.Speakers;

namespace VoxMake.Speech.Tests.Speakers;

public sealed class NpyFileTests
{
    [Fact]
    public void A_file_is_to_the_byte_what_numpy_save_writes()
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, [1.5f, -2, 3, 4, 5, 6], 2, 3);
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n";
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 0, 0, 0xa0, 0x40, 0, 0, 0xc0, 0x40];
        Assert.Equal(expected, stream.ToArray());
        Assert.Contains("'shape': (2,), }", Encoding.ASCII.GetString(NpyFile.Vector([1, 2])));
    }

    [Fact]
    public void What_is_written_is_read() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), ArbMap.Default.ArbFor<byte>(), (numbers, columns) =>
    {
        var width = columns % 7 + 1;
        var rows = numbers.Length / width;
        using var stream = new MemoryStream();
        NpyFile.Write(stream, numbers.AsSpan(0, rows * width), rows, width);
        var read = NpyFile.Read(stream.ToArray(), "a");
        var vector = NpyFile.Read(NpyFile.Vector(numbers), "b");
        return read.Values.AsSpan().SequenceEqual(numbers.AsSpan(0, rows * width)) && (read.Rows, read.Columns) == (rows, width) && vector.Values.SequenceEqual(numbers) && (vector.Rows, vector.Columns) == (1, numbers.Length);
    }));

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }", 16, null)]
    [InlineData("{'shape': (4,), 'descr': '<f4', 'fortran_order': False}", 16, null)]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (4,), }", 16, "'>f4'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (4,), }", 16, "'|O'")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16, "fortran_order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 1), }", 16, "shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4, "shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 16, "was it cut?")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }", 16, "was it cut?")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 1), }", 16, "a dimension of 99999999999")]
    [InlineData("nothing", 16, "type")]
    public void Of_what_others_write_that_is_read_which_can_be_and_the_rest_is_refused(string header, int bytes, string? refused)
    {
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[bytes]];
        if (refused is null) Assert.All(NpyFile.Read(file, "x.npy").Values, value => Assert.Equal(0, value));
        else Assert.Matches($"^x.npy: .*{System.Text.RegularExpressions.Regex.Escape(refused)}", Assert.Throws<InvalidDataException>(() => NpyFile.Read(file, "x.npy")).Message);
    }

    [Fact]
    public void Any_bytes_are_a_file_or_a_message_and_nothing_else() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte>(), (bytes, cut) =>
    {
        foreach (var file in (byte[][])[bytes, [0x93, .. "NUMPY"u8, .. bytes], NpyFile.Vector([1, 2, 3])[..(cut % 140)]])
        {
            try { NpyFile.Read(file, "x"); }
            catch (InvalidDataException) { }
        }
    }));
}
