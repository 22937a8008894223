using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace VoxMake.Speech.Speakers;

/// <summary>
/// Numbers in NumPy's file format, version 1.0 (numpy.lib.format): float32, little-endian, row by row. <c>numpy.load</c> opens what is written here, without pickles. Of what others write, versions 1.0 and
/// 2.0 are read, with float32 or float64 of one or two dimensions in C order.
/// </summary>
public static partial class NpyFile
{
    private const int Align = 64, LongestHeader = 1 << 16;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>A vector, shape (n,).</summary>
    public static byte[] Vector(ReadOnlySpan<float> values)
    {
        using var stream = new MemoryStream();
        WriteAll(stream, values, $"({values.Length},)");
        return stream.ToArray();
    }

    /// <summary>A matrix, shape (rows, columns).</summary>
    /// <param name="values">Row by row; rows · columns numbers.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    public static void Write(Stream stream, ReadOnlySpan<float> values, int rows, int columns)
    {
        if (rows < 0 || columns < 0 || (long)rows * columns != values.Length) throw new ArgumentException($"{values.Length} numbers are no {rows} rows of {columns}", nameof(values));
        WriteAll(stream, values, $"({rows}, {columns})");
    }

    /// <summary>The beginning of a file of a matrix, for those who write its rows themselves, 4·columns bytes each (float32, little-endian).</summary>
    public static byte[] Header(long rows, int columns) => HeaderOf(string.Create(CultureInfo.InvariantCulture, $"({rows}, {columns})"));

    /// <summary>Reads a file; a vector is one row.</summary>
    /// <returns>Numbers row by row, their rows and columns.</returns>
    /// <exception cref="InvalidDataException">It is none, is cut off, or holds something else: says what was found and what is read.</exception>
    public static (float[] Values, int Rows, int Columns) Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, stream.Length, path);
    }

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="name">What messages call the file.</param>
    public static (float[] Values, int Rows, int Columns) Read(ReadOnlySpan<byte> file, string name)
    {
        using var stream = new MemoryStream(file.ToArray());
        return Read(stream, file.Length, name);
    }

    private static (float[], int, int) Read(Stream stream, long length, string name)
    {
        Span<byte> start = stackalloc byte[12];
        if (length < 12) throw Bad(name, $"{length} bytes are too few for a .npy file");
        stream.ReadExactly(start[..10]);
        if (!start[..6].SequenceEqual(Magic)) throw Bad(name, "it does not begin as a .npy file does (\\x93NUMPY)");
        var version = start[6];
        if (version is not (1 or 2) || start[7] != 0) throw Bad(name, $"version {start[6]}.{start[7]} of the format; 1.0 and 2.0 are read");
        if (version == 2) stream.ReadExactly(start[10..]);
        var headerLength = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        var begins = (version == 1 ? 10 : 12) + (long)headerLength;
        if (headerLength > LongestHeader || begins > length) throw Bad(name, $"its header says that it is {headerLength} bytes long");
        var header = new byte[headerLength];
        stream.ReadExactly(header);
        var (wide, rows, columns) = Parse(Encoding.Latin1.GetString(header), name);
        var bytes = (Int128)rows * columns * (wide ? 8 : 4);
        if (bytes != length - begins) throw Bad(name, $"{length - begins} bytes of numbers for {rows} rows of {columns}, which are {bytes} bytes: was it cut?");
        if (bytes > Array.MaxLength) throw Bad(name, $"{rows} rows of {columns} are more than are taken into memory");
        var data = new byte[(int)bytes];
        stream.ReadExactly(data);
        var values = wide ? Array.ConvertAll(MemoryMarshal.Cast<byte, double>(data).ToArray(), value => (float)value) : MemoryMarshal.Cast<byte, float>(data).ToArray();
        return (values, (int)rows, (int)columns);
    }

    private static (bool Wide, long Rows, long Columns) Parse(string header, string name)
    {
        var descr = Descr().Match(header).Groups[1].Value;
        if (descr is not ("<f4" or "<f8")) throw Bad(name, $"numbers of the type '{descr}'; float32 and float64 are read, little-endian ('<f4', '<f8')");
        if (Fortran().Match(header).Groups[1].Value != "False") throw Bad(name, "numbers column by column (fortran_order); row by row is read");
        var shape = Shape().Match(header);
        if (!shape.Success) throw Bad(name, "its header names no shape of one or two dimensions");
        var first = Number(shape.Groups[1].Value, name);
        return shape.Groups[2].Success ? (descr == "<f8", first, Number(shape.Groups[2].Value, name)) : (descr == "<f8", 1, first);
    }

    private static long Number(string text, string name) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(name, $"a dimension of {text}");

    private static void WriteAll(Stream stream, ReadOnlySpan<float> values, string shape)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("numbers are written on little-endian machines only");
        stream.Write(HeaderOf(shape));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    private static byte[] HeaderOf(string shape)
    {
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}";
        var length = (10 + text.Length + 1 + Align - 1) / Align * Align; // the numbers begin at a multiple of 64
        var header = new byte[length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static InvalidDataException Bad(string name, string what) => new($"{name}: {what}");

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex Fortran();

    [GeneratedRegex(@"'shape'\s*:\s*\(\s*(\d+)\s*,\s*(?:(\d+)\s*,?\s*)?\)")]
    private static partial Regex Shape();
}
