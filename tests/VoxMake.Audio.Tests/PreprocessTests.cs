using System.Diagnostics;
using System.Runtime.InteropServices;
using VoxMake.AudioTool;
using VoxMake.Protocol;
using VoxMake.Tests;
using VoxMake.Tooling;

namespace VoxMake.Audio.Tests;

public class PreprocessTests
{
    private static (Columns Columns, byte[] Wav) Preprocess(ReadOnlySpan<byte> wav, PreprocessSettings settings)
    {
        using var bench = new Workbench();
        var result = bench.Run(new PreprocessWorker(settings), bench.File("clip.wav", wav));
        Assert.True(result.Outcome == Outcome.Ok, result.Message);
        return (result.Columns, File.ReadAllBytes(bench.PathOf(Assert.Single(result.Outputs))));
    }

    private static ReadOnlySpan<short> Samples(byte[] wav) => MemoryMarshal.Cast<byte, short>(wav.AsSpan(WavWriter.HeaderBytes));

    private static double Rms(byte[] wav)
    {
        var sum = 0.0;
        foreach (var x in Samples(wav)) sum += x / 32768.0 * (x / 32768.0);
        return Level.Decibels(Math.Sqrt(sum / Samples(wav).Length));
    }

    [Fact]
    public void A_real_clip_comes_out_resampled_trimmed_and_levelled()
    {
        var (columns, wav) = Preprocess(PlainWav.Of(LjSpeech.Clip("LJ001-0001")), new PreprocessSettings { SampleRate = 16000 });
        Assert.Equal(-20, Rms(wav), 0.001);
        Assert.Equal((16000L, (long)Samples(wav).Length), (columns["sample_rate"].AsInteger, columns["num_samples"].AsInteger));
        var (start, end) = (columns["trim_start"].AsInteger!.Value, columns["trim_end"].AsInteger!.Value);
        Assert.Equal(Samples(wav).Length, end - start);
        Assert.InRange(end, 16000 * 9, Resampler.OutputLength(212893, 22050, 16000));
        Assert.Equal(0, start % 512);
    }

    [Fact]
    public void Nothing_to_do_changes_no_sample()
    {
        var source = PlainWav.Of(LjSpeech.Clip("LJ001-0002"));
        var (columns, wav) = Preprocess(source, new PreprocessSettings { Normalize = false, TrimDb = null });
        Assert.Equal(source[WavWriter.HeaderBytes..], wav[WavWriter.HeaderBytes..]);
        Assert.Equal((0.0, 0L, 41885L, false), (columns["gain_db"].AsReal, columns["trim_start"].AsInteger, columns["trim_end"].AsInteger, columns["peak_guarded"].AsFlag));
    }

    [Fact]
    public void A_clip_of_zeros_is_not_trimmed_and_gets_no_gain()
    {
        var (columns, wav) = Preprocess(new WavBytes().With(new short[16000]), new PreprocessSettings());
        Assert.Equal((0.0, 0L, 22050L, false), (columns["gain_db"].AsReal, columns["trim_start"].AsInteger, columns["trim_end"].AsInteger, columns["peak_guarded"].AsFlag));
        Assert.True(Samples(wav).IndexOfAnyExcept((short)0) < 0);
    }

    [Fact]
    public void The_highest_peak_stays_a_decibel_below_full_scale()
    {
        var samples = new short[16000];
        samples[8000] = 20000; // one click: its RMS is far below its peak
        var (columns, wav) = Preprocess(new WavBytes().With(samples), new PreprocessSettings { SampleRate = 16000, TrimDb = null });
        Assert.True(columns["peak_guarded"].AsFlag);
        Assert.Equal(Level.Amplitude(-1) * 32768, Samples(wav).ToArray().Max(), 0.51);
    }

    [Fact]
    public void Channels_are_averaged()
    {
        short[] stereo = [.. Enumerable.Range(0, 1000).SelectMany(i => new[] { (short)(i * 4), (short)(-i * 2) })];
        var (_, wav) = Preprocess(new WavBytes { Channels = 2 }.With(stereo), new PreprocessSettings { SampleRate = 16000, TrimDb = null, Normalize = false });
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (short)i), Samples(wav).ToArray());
    }

    [Fact]
    public void Halves_are_rounded_to_even_and_overs_are_clamped()
    {
        float[] samples = [0.5f / 32768, 1.5f / 32768, 2.5f / 32768, -0.5f / 32768, -1.5f / 32768, 1.5f, -1.5f, 1f];
        short[] expected = [0, 2, 2, 0, -2, 32767, -32768, 32767];
        for (var repeat = 1; repeat < 6; repeat++) // from the plain loop to the vector's
        {
            float[] many = [.. Enumerable.Repeat(samples, repeat).SelectMany(x => x)];
            var (_, wav) = Preprocess(new WavBytes().With(many), new PreprocessSettings { SampleRate = 16000, TrimDb = null, Normalize = false });
            Assert.Equal(Enumerable.Repeat(expected, repeat).SelectMany(x => x), Samples(wav).ToArray());
        }
    }

    [Fact]
    public void Twenty_four_bits_keep_what_24_bits_hold()
    {
        byte[] bytes = [.. Enumerable.Range(-500, 1000).SelectMany(i => BitConverter.GetBytes(i * 16777)[..3])];
        var (_, wav) = Preprocess(new WavBytes { Bits = 24 }.With(bytes), new PreprocessSettings { SampleRate = 16000, TrimDb = null, Normalize = false, BitDepth = 24 });
        Assert.Equal(bytes, wav[WavWriter.HeaderBytes..]);
    }

    [Fact]
    public void A_worker_that_has_done_other_clips_makes_the_same_bytes()
    {
        using var bench = new Workbench();
        var worker = new PreprocessWorker(new PreprocessSettings { SampleRate = 16000 });
        string[] ids = ["LJ001-0001", "LJ001-0002", "LJ001-0001", "LJ001-0003", "LJ001-0001"];
        var digests = ids.Select(id => bench.Run(worker, LjSpeech.Clip(id)).Outputs[0].Digest).ToList();
        Assert.Equal(digests[0], digests[2]);
        Assert.Equal(digests[0], digests[4]);
        Assert.NotEqual(digests[0], digests[1]);
    }

    [SkippableFact]
    public void Flac_mp3_and_opus_go_in_as_they_are()
    {
        using var bench = new Workbench();
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(TestFiles.Shared("data/formats")))
        {
            var result = bench.Run(new PreprocessWorker(new PreprocessSettings()), path);
            Assert.True(result.Outcome == Outcome.Ok, $"{path}: {result.Message}");
            var level = Rms(File.ReadAllBytes(bench.PathOf(result.Outputs[0])));
            if (result.Columns["peak_guarded"].AsFlag == true) Assert.InRange(level, -23, -20);
            else Assert.Equal(-20, level, 0.01);
            seen.Add(Path.GetExtension(path));
        }
        Assert.Superset(new SortedSet<string> { ".flac", ".mp3", ".opus" }, seen);
    }

    [Theory]
    [InlineData("sample_rate")]
    [InlineData("channels")]
    [InlineData("bit_depth")]
    [InlineData("target_db")]
    [InlineData("trim_db")]
    public void Settings_out_of_range_name_the_field(string field)
    {
        var wrong = new PreprocessSettings();
        wrong = field switch
        {
            "sample_rate" => wrong with { SampleRate = 0 },
            "channels" => wrong with { Channels = 2 },
            "bit_depth" => wrong with { BitDepth = 20 },
            "target_db" => wrong with { TargetDb = 3 },
            _ => wrong with { TrimDb = -30 },
        };
        Assert.Equal(field, Assert.Throws<ToolException>(() => new PreprocessWorker(wrong)).Field);
    }

    /// <summary>The program as a person starts it: defaults hold, bad clips are listed, good ones are written, the exit code is 0.</summary>
    [Fact]
    public void By_hand_a_folder_becomes_a_folder()
    {
        using var folder = new TemporaryFolder();
        File.Copy(LjSpeech.Clip("LJ001-0002"), folder.File("in/good.flac"));
        File.WriteAllText(folder.File("in/bad.wav"), "text");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(PreprocessVerb).Assembly.Location, "preprocess", Path.Combine(folder.Path, "in"), Path.Combine(folder.Path, "out"), "--threads", "2" }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
        Assert.Contains("1 ok, 1 rejected, 0 failed", said, StringComparison.Ordinal);
        Assert.Contains("bad,rejected,not_audio", File.ReadAllText(folder.File("out/rejects.csv")), StringComparison.Ordinal);
        using var reader = AudioFile.Open(folder.File("out/good.wav"));
        Assert.Equal((22050, "wav pcm_16"), (reader.Format.SampleRate, reader.Format.Name));
    }
}
