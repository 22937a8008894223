using System.Buffers.Binary;
using System.IO.Compression;
using VoxMake.Audio;
using VoxMake.Protocol;

namespace VoxMake.Report.Sound;

/// <summary>A clip's mels, small enough to be drawn: 80 bands from 0 Hz to 11 kHz, so many columns a second.</summary>
/// <param name="Columns">[columns, bands], natural logarithms.</param>
internal sealed record MelPicture(FrameTable Columns)
{
    /// <summary>All pictures have this many columns a second, so that they can be compared by eye.</summary>
    public const double ColumnsPerSecond = 22050.0 / (256 * Frames);

    private const int Rate = 22050, Bands = 80, Frames = 3, Shades = 48;
    private const double Range = 9; // nepers from the brightest to black: 78 dB

    private static readonly (byte Red, byte Green, byte Blue)[] Stops = [(0, 0, 4), (59, 15, 112), (140, 41, 129), (222, 73, 104), (254, 159, 109), (252, 253, 191)]; // like matplotlib's magma

    /// <summary>Seconds that it shows.</summary>
    public double Seconds => Columns.Frames / ColumnsPerSecond;

    /// <summary>The loudest cell.</summary>
    public double Top => Columns.Values.Max();

    /// <summary>The first seconds of a file; null for what is no sound, is too short or is read by ffmpeg alone.</summary>
    public static MelPicture? Of(InputFile? file, double seconds)
    {
        try
        {
            if (file is null || file.Size == 0 || SoundFile.Read(file.Path, seconds, Rate) is not { } sound) return null;
            var mels = new MelSpectrogram(new StftSettings(1024, 256, 1024, 384, PadMode.Reflect), new MelSettings(Rate, Bands)).VitsLog(Array.ConvertAll(sound.Samples, sample => sample / 32768f));
            var columns = new FrameTable(mels.Frames / Frames, Bands);
            for (var column = 0; column < columns.Frames; column++)
                for (var band = 0; band < Bands; band++) columns[column][band] = Enumerable.Range(0, Frames).Average(i => mels[Frames * column + i][band]);
            return columns.Frames == 0 ? null : new MelPicture(columns);
        }
        catch (Exception error) when (error is SilentClipException or IOException or UnauthorizedAccessException) { return null; }
    }

    /// <summary>As a data: URI: a PNG of one palette index a cell, low bands at the bottom.</summary>
    /// <param name="top">What is brightest; pictures that are compared have one.</param>
    public string Uri(double top) => "data:image/png;base64," + Convert.ToBase64String(Png(top));

    /// <summary>PNG (ISO/IEC 15948): palette, 8 bits, no filter.</summary>
    internal byte[] Png(double top)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Columns.Frames);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Bands);
        (header[8], header[9]) = (8, 3);
        Chunk(png, "IHDR", header);
        Chunk(png, "PLTE", Palette());
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[1 + Columns.Frames];
            for (var band = Bands - 1; band >= 0; band--)
            {
                for (var column = 0; column < Columns.Frames; column++)
                    row[1 + column] = (byte)Math.Clamp((int)Math.Round((1 + (Columns[column][band] - top) / Range) * (Shades - 1)), 0, Shades - 1);
                zlib.Write(row);
            }
        }
        Chunk(png, "IDAT", packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static byte[] Palette()
    {
        var palette = new byte[3 * Shades];
        for (var i = 0; i < Shades; i++)
        {
            var place = (double)i / (Shades - 1) * (Stops.Length - 1);
            var below = Math.Min((int)place, Stops.Length - 2);
            var (from, to, share) = (Stops[below], Stops[below + 1], place - below);
            (palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]) = (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

            byte Mix(byte a, byte b) => (byte)Math.Round(a + share * (b - a));
        }
        return palette;
    }

    private static void Chunk(Stream png, string type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        var named = new byte[4 + content.Length];
        System.Text.Encoding.ASCII.GetBytes(type, named);
        content.CopyTo(named.AsSpan(4));
        png.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        png.Write(number);
    }

    /// <summary>CRC-32 of ISO 3309, as in PNG's annex D.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
