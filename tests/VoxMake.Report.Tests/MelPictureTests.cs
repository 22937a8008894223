using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VoxMake.Protocol;
using VoxMake.Report.Sound;
using VoxMake.Tests;

namespace VoxMake.Report.Tests;

public class MelPictureTests
{
    private static MelPicture? Picture(short[] samples, int rate = 22050)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.wav"), SoundFile.Wav(new Report.Sound.Sound(samples, rate, false)));
        return MelPicture.Of(new InputFile("x.wav", folder.File("x.wav"), default, samples.Length + 1), 20);
    }

    private static short[] Tone(double hertz, int count, int rate = 22050) => [.. Enumerable.Range(0, count).Select(n => (short)(10000 * Math.Sin(2 * Math.PI * hertz * n / rate)))];

    /// <summary>The palette indices of a PNG as this program writes it, [row from the top][column].</summary>
    private static byte[][] Decode(byte[] png)
    {
        Assert.Equal("\u0089PNG\r\n\u001a\n", Encoding.Latin1.GetString(png, 0, 8));
        var chunks = new List<(string Type, byte[] Content)>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        Assert.Equal(["IHDR", "PLTE", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(chunks[0].Content), BinaryPrimitives.ReadInt32BigEndian(chunks[0].Content.AsSpan(4)));
        using var zlib = new ZLibStream(new MemoryStream(chunks[2].Content), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        var bytes = raw.ToArray();
        Assert.Equal(height * (width + 1), bytes.Length);
        return [.. Enumerable.Range(0, height).Select(row => bytes[(row * (width + 1) + 1)..((row + 1) * (width + 1))])];
    }

    [Fact]
    public void A_high_tone_is_a_bright_line_above_that_of_a_low_one()
    {
        int Brightest(double hertz)
        {
            var picture = Picture(Tone(hertz, 44100))!;
            var rows = Decode(picture.Png(picture.Top));
            Assert.Equal(80, rows.Length);
            Assert.Equal(57, rows[0].Length); // 2 s
            Assert.Equal(2, picture.Seconds, 0.02);
            return Enumerable.Range(0, 80).MaxBy(row => rows[row][30]);
        }
        var (low, high) = (Brightest(300), Brightest(4000));
        Assert.InRange(low, 65, 79);
        Assert.InRange(high, 10, low - 20);
    }

    [Fact]
    public void Two_levels_differ_on_one_scale()
    {
        var (loud, soft) = (Picture(Tone(1000, 22050))!, Picture([.. Tone(1000, 22050).Select(sample => (short)(sample / 10))])!);
        int Max(MelPicture picture) => Decode(picture.Png(loud.Top)).Max(row => row.Max());
        Assert.Equal(47, Max(loud));
        Assert.InRange(Max(soft), 30, 40); // 20 dB of 78
    }

    [Fact]
    public void What_is_too_short_or_no_sound_has_no_picture()
    {
        Assert.Null(Picture(new short[500]));
        Assert.Null(MelPicture.Of(null, 20));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x"), "this is no sound");
        Assert.Null(MelPicture.Of(new InputFile("x", folder.File("x"), default, 16), 20));
    }
}
