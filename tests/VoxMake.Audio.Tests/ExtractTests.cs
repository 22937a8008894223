using System.Diagnostics;
using VoxMake.AudioTool;
using VoxMake.Protocol;
using VoxMake.Tests;
using VoxMake.Tooling;

namespace VoxMake.Audio.Tests;

public class ExtractTests
{
    private static ItemResult Extract(Workbench bench, string path, ExtractSettings? settings = null) => bench.Run(new ExtractWorker(settings ?? new()), path);

    private static void IsRejected(string reason, ReadOnlySpan<byte> content, string name = "clip.wav", params string[] words)
    {
        using var bench = new Workbench();
        var result = Extract(bench, bench.File(name, content));
        Assert.Equal((Outcome.Rejected, reason), (result.Outcome, result.Reason));
        foreach (var word in words) Assert.Contains(word, result.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Written);
    }

    private static void IsPassedOn(ItemResult result, string format, int rate, int channels, long samples)
    {
        Assert.True(result.Outcome == Outcome.Ok, result.Message);
        Assert.Null(Assert.Single(result.Outputs).Path);
        Assert.Equal((format, (long?)rate, (long?)channels, (long?)samples), (result.Columns["source_format"].AsText, result.Columns["source_rate"].AsInteger, result.Columns["source_channels"].AsInteger, result.Columns["source_samples"].AsInteger));
    }

    [Fact]
    public void An_empty_file_is_rejected() => IsRejected(Reject.EmptyFile, []);

    [Fact]
    public void Text_named_wav_is_rejected() => IsRejected(Reject.NotAudio, "Printing, in the only sense\n"u8, "clip.wav", "text", "Printing");

    [Fact]
    public void Unknown_bytes_are_rejected() => IsRejected(Reject.NotAudio, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "clip.mp3", "0001020304050607");

    [Fact]
    public void A_git_lfs_pointer_says_to_pull() =>
        IsRejected(Reject.LfsPointer, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"u8, "clip.wav", "git lfs pull");

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\nfile:///etc/passwd\n")]
    [InlineData("\uFEFF \n#EXTM3U\nhttp://127.0.0.1/a.ts\n")]
    [InlineData("<?xml version=\"1.0\"?>\n<!-- a film -->\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>file:///etc/passwd</BaseURL></MPD>")]
    [InlineData("ffconcat version 1.0\nfile '/etc/passwd'\n")]
    [InlineData("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 49170 RTP/AVP 0\r\n")]
    [InlineData("subfile,,start,0,end,100,,:/etc/passwd")]
    [InlineData("[playlist]\nFile1=/etc/passwd\n")]
    [InlineData("<asx version=\"3.0\"><entry><ref href=\"file:///etc/passwd\"/></entry></asx>")]
    public void A_playlist_or_manifest_is_refused_whatever_its_name(string text)
    {
        foreach (var name in new[] { "clip.mp4", "clip.wav", "clip.m3u8" }) IsRejected(Reject.Playlist, System.Text.Encoding.UTF8.GetBytes(text), name);
    }

    [SkippableTheory]
    [InlineData("ID3\u0004\0\0\0\0\0\0")]
    [InlineData("ID3\u0003\0\0\0\0\0\0\u007f")]
    public void A_playlist_behind_a_tag_is_not_followed(string tag)
    {
        Skip.If(Ffmpeg.Version() is null, "ffmpeg is not installed");
        using var bench = new Workbench();
        var other = bench.File("other.wav", new WavBytes().With(WavBytes.Tone(16000)));
        var result = Extract(bench, bench.File("clip.mp3", System.Text.Encoding.Latin1.GetBytes($"{tag}#EXTM3U\n#EXTINF:1,\n{other}\n")));
        Assert.Equal(Outcome.Rejected, result.Outcome);
        Assert.Contains(result.Reason, new[] { Reject.Undecodable, Reject.NoAudioStream, Reject.LyingHeader });
        Assert.Empty(bench.Written);
    }

    [Fact]
    public void A_truncated_wav_is_rejected_with_both_sample_counts()
    {
        var whole = new WavBytes().With(WavBytes.Tone(16000));
        IsRejected(Reject.Truncated, whole.AsSpan(0, 44 + 2 * 5000), "clip.wav", "16000 samples", "5000");
    }

    [Fact]
    public void A_wav_that_ends_inside_its_header_is_rejected()
    {
        var whole = new WavBytes().With(WavBytes.Tone(10));
        for (var length = 12; length < 44; length++) IsRejected(Reject.Truncated, whole.AsSpan(0, length));
    }

    [Fact]
    public void A_clip_without_samples_is_rejected() => IsRejected(Reject.NoSamples, new WavBytes().With(Array.Empty<short>()));

    public static TheoryData<string> Lies => ["block align 0", "block align 7", "rate 0", "rate 4294967295", "channels 0", "channels 65535", "data size 0xFFFFFFFF", "bits 0", "bits 17", "fmt of 8 bytes", "half a frame"];

    [Theory, MemberData(nameof(Lies))]
    public void A_lying_header_is_rejected(string lie)
    {
        var honest = new WavBytes();
        var samples = WavBytes.Tone(1000);
        IsRejected(Reject.LyingHeader, lie switch
        {
            "block align 0" => (honest with { BlockAlign = 0 }).With(samples),
            "block align 7" => (honest with { BlockAlign = 7 }).With(samples),
            "rate 0" => (honest with { Rate = 0 }).With(samples),
            "rate 4294967295" => (honest with { Rate = uint.MaxValue }).With(samples),
            "channels 0" => (honest with { Channels = 0 }).With(samples),
            "channels 65535" => (honest with { Channels = 65535 }).With(samples),
            "data size 0xFFFFFFFF" => (honest with { DataSize = uint.MaxValue }).With(samples),
            "bits 0" => (honest with { Bits = 0 }).With(samples),
            "bits 17" => (honest with { Bits = 17 }).With(samples),
            "fmt of 8 bytes" => (honest with { FmtSize = 8 }).With(samples),
            "half a frame" => (honest with { DataSize = 1999 }).With(samples),
            _ => throw new ArgumentException(lie),
        });
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinite")]
    [InlineData(float.NegativeInfinity, "infinite")]
    public void Floats_that_are_no_numbers_are_rejected_with_their_place(float bad, string word)
    {
        foreach (var place in new[] { 0, 4097, 99_999 })
        {
            var samples = new float[100_000];
            samples[place] = bad;
            IsRejected(Reject.NotANumber, new WavBytes().With(samples), "clip.wav", $"value {place} ", word);
        }
    }

    [Fact]
    public void Too_long_and_too_large_name_the_bound()
    {
        using var bench = new Workbench();
        var path = bench.File("clip.wav", new WavBytes().With(WavBytes.Tone(32000)));
        var tooLong = Extract(bench, path, new ExtractSettings { MaxDurationS = 1.5 });
        Assert.Equal(Reject.TooLong, tooLong.Reason);
        Assert.Contains("2.0 s", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("max_duration_s is 1.5", tooLong.Message, StringComparison.Ordinal);
        var tooLarge = Extract(bench, path, new ExtractSettings { MaxFileMb = 0.05 });
        Assert.Equal(Reject.TooLarge, tooLarge.Reason);
        Assert.Contains("max_file_mb is 0.05", tooLarge.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 1, "wav pcm_8")]
    [InlineData(16, 1, "wav pcm_16")]
    [InlineData(24, 1, "wav pcm_24")]
    [InlineData(32, 1, "wav pcm_32")]
    [InlineData(32, 3, "wav float_32")]
    [InlineData(64, 3, "wav float_64")]
    public void Every_width_of_wav_is_read(int bits, int tag, string format)
    {
        using var bench = new Workbench();
        var tone = WavBytes.Tone(2000);
        byte[] bytes = [.. tone.SelectMany(x => (bits, tag) switch
        {
            (8, 1) => new[] { (byte)((x >> 8) + 128) },
            (16, 1) => BitConverter.GetBytes(x),
            (24, 1) => BitConverter.GetBytes(x << 8)[..3],
            (32, 1) => BitConverter.GetBytes(x << 16),
            (32, 3) => BitConverter.GetBytes(x / 32768f),
            _ => BitConverter.GetBytes(x / 32768.0),
        })];
        foreach (var fmt in new[] { 16, 18, 40 })
        {
            var path = bench.File($"{fmt}.wav", new WavBytes { Bits = bits, Tag = tag, FmtSize = fmt }.With(bytes));
            IsPassedOn(Extract(bench, path), format, 16000, 1, 2000);
            Assert.Equal(tone.Select(x => bits == 8 ? (x >> 8) / 128f : x / 32768f), Workbench.Samples(path));
        }
    }

    [Fact]
    public void Six_channels_and_192_kHz_are_read()
    {
        using var bench = new Workbench();
        var path = bench.File("surround.wav", new WavBytes { Channels = 6, Rate = 192_000, FmtSize = 40 }.With(WavBytes.Tone(6 * 1000)));
        IsPassedOn(Extract(bench, path), "wav pcm_16", 192_000, 6, 1000);
    }

    [Fact]
    public void Chunks_around_the_samples_do_no_harm()
    {
        using var bench = new Workbench();
        var plain = new WavBytes().With(WavBytes.Tone(500));
        byte[] odd = [(byte)'L', (byte)'I', (byte)'S', (byte)'T', 3, 0, 0, 0, 1, 2, 3, 0];
        var path = bench.File("tagged.wav", [.. plain[..36], .. odd, .. plain[36..], .. odd]);
        IsPassedOn(Extract(bench, path), "wav pcm_16", 16000, 1, 500);
    }

    [SkippableTheory]
    [InlineData("LJ001-0002.flac", "flac pcm_16", 22050)]
    [InlineData("LJ001-0002.mp3", "mp3", 22050)]
    [InlineData("speech.mp3", "mp3", null)]
    [InlineData("speech.opus", "ogg opus", null)]
    public void Compressed_speech_is_recognised_whatever_its_name(string name, string format, int? rate)
    {
        using var bench = new Workbench();
        var path = bench.File("clip.wav", File.ReadAllBytes(Clips.InFormat(name)));
        var result = Extract(bench, path);
        Assert.True(result.Outcome == Outcome.Ok, result.Message);
        Assert.Equal(format, result.Columns["source_format"].AsText);
        if (rate is not null) Assert.Equal(rate, result.Columns["source_rate"].AsInteger);
        Assert.Equal(Workbench.Samples(path).Length, result.Columns["source_samples"].AsInteger * result.Columns["source_channels"].AsInteger);
    }

    [SkippableTheory]
    [InlineData("LJ001-0002.flac")]
    [InlineData("LJ001-0002.mp3")]
    [InlineData("speech.opus")]
    public void A_compressed_clip_cut_in_the_middle_is_rejected(string name)
    {
        var whole = File.ReadAllBytes(Clips.InFormat(name));
        using var bench = new Workbench();
        var result = Extract(bench, bench.File(name, whole.AsSpan(0, whole.Length / 2)));
        Assert.Equal((Outcome.Rejected, Reject.Truncated), (result.Outcome, result.Reason));
    }

    /// <summary>Makes a file with ffmpeg from a shipped clip; skips where there is no ffmpeg.</summary>
    private static string MakeWithFfmpeg(Workbench bench, string name, params string[] arguments)
    {
        Skip.If(Ffmpeg.Version() is null, "ffmpeg is not installed");
        var path = bench.PathFor(name);
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardError = true };
        foreach (var argument in (string[])["-nostdin", "-v", "error", "-i", LjSpeech.Clip("LJ001-0002"), .. arguments, path]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return path;
    }

    /// <summary>libsndfile would read 141,169 of 212,893 samples of such a file, and only the first of two that were joined.</summary>
    [SkippableFact]
    public void An_mp3_that_does_not_state_its_length_is_decoded_whole()
    {
        using var bench = new Workbench();
        var plain = MakeWithFfmpeg(bench, "vbr.mp3", "-q:a", "4", "-write_xing", "0");
        var stated = MakeWithFfmpeg(bench, "stated.mp3", "-q:a", "4");
        var joined = bench.File("joined.mp3", [.. File.ReadAllBytes(stated), .. File.ReadAllBytes(stated)]);
        double Seconds(string path)
        {
            var result = Extract(bench, path);
            Assert.True(result.Outcome == Outcome.Ok, result.Message);
            return result.Columns["source_samples"].AsInteger!.Value / 22050.0;
        }
        Assert.Equal(41885 / 22050.0, Seconds(stated), 1e-9);
        Assert.Equal(41885 / 22050.0, Seconds(plain), 0.1);
        Assert.Equal(2 * 41885 / 22050.0, Seconds(joined), 0.2);
    }

    [SkippableFact]
    public void An_mp4_becomes_a_float_wav_at_its_own_rate()
    {
        using var bench = new Workbench();
        var result = Extract(bench, MakeWithFfmpeg(bench, "-clip of mine.m4a", "-c:a", "aac"));
        Assert.True(result.Outcome == Outcome.Ok, result.Message);
        Assert.Equal(("mp4 aac", 22050L), (result.Columns["source_format"].AsText, result.Columns["source_rate"].AsInteger));
        var wav = bench.PathOf(Assert.Single(result.Outputs));
        using var reader = AudioFile.Open(wav);
        Assert.Equal((SampleEncoding.Float32, result.Columns["source_samples"].AsInteger), (reader.Format.Stored, reader.Frames));
        Assert.InRange(reader.Frames!.Value / 22050.0, 1.85, 2.05);
    }

    [SkippableFact]
    public void The_sound_of_a_video_is_taken_out_as_16_bit_where_it_was_integers()
    {
        using var bench = new Workbench();
        var result = Extract(bench, MakeWithFfmpeg(bench, "film.mkv", "-f", "lavfi", "-i", "color=black:16x16:d=1", "-c:a", "pcm_s16le"));
        Assert.True(result.Outcome == Outcome.Ok, result.Message);
        Assert.Equal(Clips.Mono(LjSpeech.Clip("LJ001-0002")), Workbench.Samples(bench.PathOf(Assert.Single(result.Outputs))));
    }

    [SkippableFact]
    public void A_video_without_sound_is_rejected()
    {
        using var bench = new Workbench();
        var result = Extract(bench, MakeWithFfmpeg(bench, "mute.mkv", "-f", "lavfi", "-i", "color=black:16x16:d=1", "-map", "1:v"));
        Assert.Equal((Outcome.Rejected, Reject.NoAudioStream), (result.Outcome, result.Reason));
    }

    [SkippableFact]
    public void A_video_that_is_too_long_or_cut_off_is_rejected_and_leaves_nothing_behind()
    {
        using var bench = new Workbench();
        var path = MakeWithFfmpeg(bench, "clip.mp4", "-c:a", "aac", "-movflags", "+faststart");
        Assert.Equal(Reject.TooLong, Extract(bench, path, new ExtractSettings { MaxDurationS = 1 }).Reason);
        var whole = File.ReadAllBytes(path);
        var half = Extract(bench, bench.File("half.mp4", whole.AsSpan(0, whole.Length / 3)));
        Assert.Equal(Outcome.Rejected, half.Outcome);
        Assert.Contains(half.Reason, new[] { Reject.Truncated, Reject.Undecodable });
        Assert.Empty(bench.Written);
    }

    [Fact]
    public void Settings_out_of_range_name_field_value_and_range()
    {
        var error = Assert.Throws<ToolException>(() => new ExtractWorker(new ExtractSettings { TimeoutS = 0 }));
        Assert.Equal(("timeout_s", "0 is out of range; allowed is 1 to 86400 s"), (error.Field, error.Message));
        Assert.Equal("max_file_mb", Assert.Throws<ToolException>(() => new ExtractWorker(new ExtractSettings { MaxFileMb = double.NaN })).Field);
    }
}
