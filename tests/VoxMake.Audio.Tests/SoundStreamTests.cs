using System.Text;
using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>Sound that is encoded while it comes is sound again.</summary>
public class SoundStreamTests
{
    private const string Comment = "synthetic speech, made by a test";
    private const int Rate = 24000;

    private static readonly float[] Tone = [.. Enumerable.Range(0, 2 * Rate).Select(i => 0.5f * MathF.Sin(2 * MathF.PI * 440 * i / Rate))];

    [Theory]
    [InlineData("wav", 0.0001)]
    [InlineData("flac", 0.0001)]
    [InlineData("mp3", 0.05)]
    [InlineData("opus", 0.05)]
    public void A_tone_comes_back_and_the_comment_is_in_the_file(string format, double tolerance)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tone." + (format == "opus" ? "ogg" : format));
        var bytes = Encode(format, Tone, block: 2048);
        File.WriteAllBytes(path, bytes);
        Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Comment)) is >= 0 and < 1000, "the comment is not at the beginning of the file");
        var samples = Decode(path);
        Assert.InRange(samples.Length, Tone.Length, Tone.Length + 4000); // an encoder may pad
        var delay = Enumerable.Range(0, 3000).MinBy(shift => Difference(samples, shift)); // and begin late
        Assert.True(Difference(samples, delay) <= tolerance, $"after {delay} samples it differs by {Difference(samples, delay)}");
        Assert.True(format is not ("wav" or "flac") || delay == 0);
    }

    [Theory, InlineData("wav"), InlineData("flac"), InlineData("mp3"), InlineData("opus")]
    public void What_was_handed_out_is_enough_to_be_played_before_the_end(string format)
    {
        using var folder = new TemporaryFolder();
        using var stream = Open(format);
        var bytes = new List<byte>();
        for (var at = 0; at < Rate; at += 2048) bytes.AddRange(stream.Add(Tone.AsSpan(at, 2048)));
        Assert.True(bytes.Count > 1000, $"{bytes.Count} bytes after a second");
        var path = folder.File("tone." + (format == "opus" ? "ogg" : format));
        File.WriteAllBytes(path, [.. bytes]);
        Assert.True(Decode(path).Length > Rate / 4);
    }

    [Fact]
    public void Pcm_is_the_samples_and_no_header()
    {
        using var stream = SoundStream.Pcm();
        Assert.Equal([0, 0, 0xFF, 0x7F, 0x00, 0x80, 0x00, 0x40], stream.Add([0, 1.5f, -1, 0.5f]));
        Assert.Empty(stream.Finish());
    }

    [Theory, InlineData("wav"), InlineData("flac"), InlineData("mp3"), InlineData("opus")]
    public void No_sound_at_all_and_a_stream_that_is_given_up_do_no_harm(string format)
    {
        using (Open(format)) { }
        using var empty = Open(format);
        empty.Finish();
        empty.Dispose();
    }

    private static SoundStream Open(string format) => format switch
    {
        "wav" => SoundStream.Wav(Rate, Comment),
        "flac" => SoundStream.Flac(Rate, Comment),
        "mp3" => SoundStream.Mp3(Rate, Comment),
        _ => SoundStream.Opus(Rate, Comment),
    };

    private static byte[] Encode(string format, float[] samples, int block)
    {
        using var stream = Open(format);
        var bytes = new List<byte>();
        for (var at = 0; at < samples.Length; at += block) bytes.AddRange(stream.Add(samples.AsSpan(at, Math.Min(block, samples.Length - at))));
        bytes.AddRange(stream.Finish());
        return [.. bytes];
    }

    private static float[] Decode(string path)
    {
        // ffmpeg: a reader that is not the library that wrote it
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("ffmpeg",
            ["-v", "error", "-i", path, "-ar", $"{Rate}", "-ac", "1", "-f", "f32le", "-"]) { RedirectStandardOutput = true })!;
        using var bytes = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        process.WaitForExit();
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).ToArray();
    }

    private static double Difference(float[] samples, int shift)
    {
        var worst = 0.0;
        for (var i = Rate / 2; i < Rate; i += 7) worst = Math.Max(worst, Math.Abs(samples[i + shift] - Tone[i]));
        return worst;
    }
}
