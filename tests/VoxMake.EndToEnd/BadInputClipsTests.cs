using System.Text;

namespace VoxMake.EndToEnd;

/// <summary>A voice full of broken recordings and lines, run once; the good ones among them reach the dataset.</summary>
public sealed class ManyBadClips : IDisposable
{
    public ManyBadClips()
    {
        var lines = new List<string>();
        short[] Speech(int number)
        {
            var samples = Voice.Samples(Voice.AddClip(number));
            File.Delete(Voice.PathOf($"recordings/clip{number:D3}.wav"));
            return samples;
        }
        void Line(string id, string text = "This clip says a few words.") => lines.Add($"{id}|{text}|{text}");
        void Clip(string id, Wave wave)
        {
            wave.Save(Voice.PathOf($"recordings/{id}.wav"));
            Line(id);
        }
        Wave Plain(int number) => new(Wave.Bytes(Speech(number), BitConverter.GetBytes));

        foreach (var id in new[] { "with space", "it's \"quoted\"", "-dash", "Zu\u0308rich", "$(touch x);`id`", "100%#?&" }) Clip(id, Plain(lines.Count));
        Plain(6).Save(Voice.PathOf("recordings/new\nline.wav"));

        Clip("eight_bit", new(Wave.Bytes(Speech(7), s => [(byte)((s >> 8) + 128)]), Bits: 8));
        Clip("bits24", new(Wave.Bytes(Speech(8), s => [0, (byte)s, (byte)(s >> 8)]), Bits: 24));
        Clip("float32", new(Wave.Bytes(Speech(9), s => BitConverter.GetBytes(s / 32768f)), Bits: 32, Tag: 3));
        Clip("surround", new(Wave.Bytes(Speech(10), s => [.. Enumerable.Repeat(BitConverter.GetBytes(s), 6).SelectMany(b => b)]), Channels: 6));
        Clip("khz192", new(Wave.Bytes(Speech(11), s => [.. Enumerable.Repeat(BitConverter.GetBytes(s), 8).SelectMany(b => b)]), Rate: 192_000));

        Clip("truncated", Plain(12) with { Claims = 1 << 20 });
        Clip("lying", Plain(13) with { Align = 7 });
        Clip("no_samples", new([]));
        Clip("nan", new(Wave.Bytes(Speech(14), _ => BitConverter.GetBytes(float.NaN)), Bits: 32, Tag: 3));
        void Text(string file, string content)
        {
            File.WriteAllText(Voice.PathOf($"recordings/{file}"), content);
            Line(Path.GetFileNameWithoutExtension(file));
        }
        Text("words.wav", "this is no audio\n");
        Text("nothing.wav", "");
        Text("list.mp4", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n");
        Text("dash.mp4", "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"/>");

        Plain(15).Save(Voice.PathOf("recordings/no_line.wav"));
        Line("no_file");
        Clip("two_texts", Plain(16));
        Line("two_texts", "Something else is said.");
        Clip("said_twice", Plain(17));
        Line("said_twice");
        Clip("twin", Plain(18));
        Plain(18).Save(Voice.PathOf("recordings/twin.flac"));
        Clip("mute", Plain(19));
        lines[^1] = "mute||";
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n").Concat(Encoding.Latin1.GetBytes("latin|Sch\u00f6n|Sch\u00f6n\n")).Concat("../../etc/passwd|up|up\n/etc/passwd|down|down\nfour|col|um|ns\n"u8.ToArray());
        File.WriteAllBytes(Voice.PathOf("metadata.csv"), [.. bytes]);
        BadUtf8At = Encoding.UTF8.GetByteCount(string.Join('\n', lines) + "\n") + "latin|Sch".Length;
        LinesBefore = lines.Count;
        SourcesBefore = Voice.Sources();
        Ended = Voice.Try();
    }

    internal Voice Voice { get; } = new();
    internal Ended Ended { get; }
    internal string SourcesBefore { get; }
    internal int BadUtf8At { get; }
    internal int LinesBefore { get; }

    public void Dispose() => Voice.Dispose();
}

public class BadInputClipsTests(ManyBadClips bad) : IClassFixture<ManyBadClips>
{
    [Fact]
    public void Broken_clips_do_not_stop_the_good_ones()
    {
        bad.Ended.With(code: 0);
        Assert.Equal(
            ["$(touch x);`id`", "-dash", "100%#_&", "Z\u00fcrich", "bits24", "eight_bit", "float32", "it's _quoted_", "khz192", "said_twice", "surround", "with space"],
            bad.Voice.Splits().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_of_the_sources_is_changed() => Assert.Equal(bad.SourcesBefore, bad.Voice.Sources());

    [Fact]
    public void No_name_is_ever_taken_for_a_command() => Assert.Empty(Directory.EnumerateFiles(bad.Voice.Root, "x", SearchOption.AllDirectories));

    [Theory]
    [InlineData("words", "not_audio", "the file is text (it begins 'this is no audio'), not audio")]
    [InlineData("nothing", "empty_file", "the file is empty (0 bytes)")]
    [InlineData("list", "playlist", "the file is a playlist or manifest (it begins '#EXTM3U #EXTINF:1, file:///etc/passwd'), which names other files; give the recordings themselves")]
    [InlineData("dash", "playlist", "the file is a playlist or manifest (it begins '<?xml version=\"1.0\"?> <MPD xmlns=\"urn:mp'), which names other files; give the recordings themselves")]
    [InlineData("truncated", "truncated", "the header says 524288 samples, the file holds 33075: it was cut off, get it again")]
    [InlineData("lying", "lying_header", "the header says 7 bytes a frame (block align); 1 channels of 16 bits are 2")]
    [InlineData("no_samples", "no_samples", "the file has a header, but no samples")]
    [InlineData("nan", "nan", "value 0 is NaN; samples are finite numbers")]
    public void A_broken_file_is_rejected_by_what_is_in_it(string id, string reason, string message) => Assert.Equal((reason, message), bad.Voice.Rejects("Extract")[id]);

    [Theory]
    [InlineData("no_line", "no_transcript", "no line of metadata.csv names 'no_line.wav'; add a line, or take the file out")]
    [InlineData("no_file", "missing_file", "metadata.csv:20: there is no audio file 'no_file' (with any known ending) in the source folder, nor in wavs/")]
    [InlineData("two_texts", "ambiguous", "metadata.csv:21 and metadata.csv:22 say different things of 'two_texts.wav'; keep the right one")]
    [InlineData("metadata.csv:22", "ambiguous", "metadata.csv:21 and metadata.csv:22 say different things of 'two_texts.wav'; keep the right one")]
    [InlineData("metadata.csv:24", "duplicate", "the same is said of 'said_twice.wav' at metadata.csv:23 already")]
    [InlineData("twin.wav", "same_id", "'twin.flac' and 'twin.wav' would both be the clip 'twin'; keep one or rename one")]
    [InlineData("twin.flac", "same_id", "'twin.flac' and 'twin.wav' would both be the clip 'twin'; keep one or rename one")]
    [InlineData("mute", "empty_text", "metadata.csv:26: the text is empty")]
    [InlineData("new\uFFFDline", "control_character", "the file's name 'new\uFFFDline.wav' holds the control character U+000A (a line break) at position 4; remove it")]
    [InlineData("metadata.csv:28", "path_escapes", "the path '../../etc/passwd' leads upwards with '..'; write paths relative to the source folder")]
    [InlineData("metadata.csv:29", "path_escapes", "the path '/etc/passwd' is absolute; write paths relative to the source folder")]
    [InlineData("metadata.csv:30", "wrong_columns", "the line has 4 columns, expected id|text or id|text|normalised text")]
    public void A_file_or_line_that_does_not_fit_is_rejected_by_name(string id, string reason, string message) => Assert.Equal((reason, message), bad.Voice.Rejects("Fetch")[id]);

    [Fact]
    public void A_line_that_is_no_UTF8_is_named_with_its_byte()
    {
        var (reason, message) = bad.Voice.Rejects("Fetch")[$"metadata.csv:{bad.LinesBefore + 1}"];
        Assert.Equal("bad_utf8", reason);
        Assert.Equal($"byte {bad.BadUtf8At + 1} of the file, byte 10 of the line (0xF6), is not UTF-8; save the file as UTF-8", message);
    }

    [Fact]
    public void Every_file_and_every_line_is_somewhere()
    {
        Assert.Equal(12, bad.Voice.Splits().Count);
        Assert.Equal(8, bad.Voice.Rejects("Extract").Count);
        Assert.Equal(13, bad.Voice.Rejects("Fetch").Count);
    }
}
