using FsCheck;
using FsCheck.Fluent;
using VoxMake.Speech.Recognition.Subtitles;

namespace VoxMake.Speech.Tests.Recognition;

public class SubtitleTests
{
    private static readonly string[] Parts = ["a", "Ü", "日", "𝄞", " ", "-->", "&", "&amp;", "<b>", "<", ">", "1", "00:00:01,000 --> 00:00:02,000", "NOTE", "STYLE", "WEBVTT", "{\\an8}", "\"", "\uFEFFx", "…"];

    /// <summary>Text as a cue may hold it: lines without white space at their ends, none empty.</summary>
    private static Gen<string> Text() =>
        from lines in (from parts in Gen.Elements(Parts).NonEmptyListOf() select string.Concat(parts).Trim().TrimStart('\uFEFF')).NonEmptyListOf()
        select string.Join('\n', lines.Select(line => line.Length == 0 ? "x" : line));

    private static Gen<SubtitleCue[]> Cues() =>
        (from start in Gen.Choose(0, 500_000_000)
         from length in Gen.Choose(1, 100_000)
         from text in Text()
         select new SubtitleCue(start, start + length, text)).ArrayOf();

    [Fact]
    public void What_is_written_as_SubRip_is_read_again() => Gens.Hold(Cues(), cues => Assert.Equal(cues, SubRip.Read(SubRip.Write(cues))));

    [Fact]
    public void What_is_written_as_WebVTT_is_read_again() => Gens.Hold(Cues(), cues => Assert.Equal(cues, WebVtt.Read(WebVtt.Write(cues))));

    [Fact]
    public void Both_are_read_with_any_line_ends_and_a_byte_order_mark() => Gens.Hold(Cues(), cues =>
    {
        foreach (var end in new[] { "\r\n", "\r" })
        {
            Assert.Equal(cues, SubRip.Read("\uFEFF" + SubRip.Write(cues).Replace("\n", end, StringComparison.Ordinal)));
            Assert.Equal(cues, WebVtt.Read("\uFEFF" + WebVtt.Write(cues).Replace("\n", end, StringComparison.Ordinal)));
        }
    });

    [Fact]
    public void Whatever_is_read_is_cues_or_a_line_that_is_at_fault()
    {
        var file = from parts in Gen.Elements([.. Parts, "\n", "\n", "\n\n", "\r\n", "00:01.000 --> 00:02.000", "WEBVTT\n", "\0", "99:99:99,999 --> x"]).ArrayOf() select string.Concat(parts);
        Gens.Hold(file, text =>
        {
            try
            {
                SubRip.Read(text);
            }
            catch (SubtitleException) { }
            try
            {
                WebVtt.Read(text);
            }
            catch (SubtitleException) { }
        });
    }

    [Fact]
    public void SubRip_looks_as_players_know_it() =>
        Assert.Equal("1\n00:00:01,000 --> 00:00:02,500\nHello\nworld\n\n2\n100:00:00,001 --> 100:00:00,002\nlate\n\n",
            SubRip.Write([new SubtitleCue(1000, 2500, "Hello\n\n world\a"), new SubtitleCue(360_000_001, 360_000_002, "late")]));

    [Fact]
    public void WebVTT_escapes_what_would_be_markup() =>
        Assert.Equal("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nA &amp; B &lt;i&gt; --&gt;\n\n", WebVtt.Write([new SubtitleCue(0, 1000, "A & B <i> -->")]));

    [Fact]
    public void WebVTT_of_others_is_read_with_names_settings_comments_styles_and_tags()
    {
        const string file = """
            WEBVTT - made by hand
            Kind: captions

            NOTE
            a comment --> not a cue

            STYLE
            ::cue { color: red }

            first
            00:01.000 --> 00:02.000 align:start position:0%
            <v Anna>Good <00:01.500><c.loud>morning</c></v> &amp; good&nbsp;night

            01:00:00.000 --> 01:00:01.000
            """;
        Assert.Equal([new SubtitleCue(1000, 2000, "Good morning & good\u00a0night"), new SubtitleCue(3_600_000, 3_601_000, "")], WebVtt.Read(file));
    }

    [Theory]
    [InlineData("1\n00:00:01,000 -> 00:00:02,000\nx", 2)]
    [InlineData("\n\nx\n", 3)]
    [InlineData("1\n00:00:61,000 --> 00:00:62,000\nx", 2)]
    public void A_broken_SubRip_names_the_line(string file, int line) => Assert.Equal(line, Assert.Throws<SubtitleException>(() => SubRip.Read(file)).Line);

    [Theory]
    [InlineData("", 1)]
    [InlineData("WEBVTTx\n", 1)]
    [InlineData("WEBVTT\n\n1 --> 2\nx", 3)]
    public void A_broken_WebVTT_names_the_line(string file, int line) => Assert.Equal(line, Assert.Throws<SubtitleException>(() => WebVtt.Read(file)).Line);
}
