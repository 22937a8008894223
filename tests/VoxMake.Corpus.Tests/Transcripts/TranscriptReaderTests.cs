using System.Text;

namespace VoxMake.Corpus.Tests;

public class TranscriptReaderTests
{
    [Fact]
    public void Ljspeech_takes_quotes_as_text_and_the_third_column_where_it_has_any()
    {
        var lines = Read(TranscriptFormat.LjSpeech, "a|the \"Bible|the Bible\r\nb|5 men|\nc|\"x\"\n");
        Assert.Equal(new Transcript("a", "the Bible", "the \"Bible"), lines[0].Transcript);
        Assert.Equal(new Transcript("b", "5 men", "5 men"), lines[1].Transcript);
        Assert.Equal(new Transcript("c", "\"x\"", "\"x\""), lines[2].Transcript);
    }

    [Fact]
    public void Pipe_forms_are_read_with_byte_order_mark_and_blank_lines()
    {
        Assert.Equal(new Transcript("wavs/a.wav", "hello", "hello"), Read(TranscriptFormat.FileText, "\uFEFFwavs/a.wav|hello\n\n").Single().Transcript);
        Assert.Equal(new Transcript("a.wav", "hello", "hello", "anna"), Read(TranscriptFormat.PathTextSpeaker, "a.wav| hello |anna").Single().Transcript);
    }

    [Fact]
    public void Audiofolder_takes_columns_by_name_and_says_which_it_does_not_use()
    {
        var warnings = new List<string>();
        var lines = Read(TranscriptFormat.AudioFolder, "speaker,up_votes,transcription,file_name,language\r\nanna,3,\"Hi, \"\"you\"\"\",a.wav,en\r\n", warnings.Add);
        Assert.Equal(new TranscriptLine(2, "a.wav", new Transcript("a.wav", "Hi, \"you\"", "Hi, \"you\"", "anna", "en"), null), lines.Single());
        Assert.Equal(["m.csv: not used: the column up_votes"], warnings);
    }

    [Theory]
    [InlineData(TranscriptFormat.LjSpeech, "a|b|c|d", "wrong_columns", "the line has 4 columns, expected id|text or id|text|normalised text")]
    [InlineData(TranscriptFormat.FileText, "a", "wrong_columns", "the line has 1 column, expected file|text")]
    [InlineData(TranscriptFormat.PathTextSpeaker, "a|b", "wrong_columns", "the line has 2 columns, expected path|text|speaker")]
    [InlineData(TranscriptFormat.FileText, "a.wav| ", "empty_text", "the text is empty")]
    [InlineData(TranscriptFormat.FileText, "|b", "no_file", "the line names no file")]
    [InlineData(TranscriptFormat.FileText, "a.wav|x\ty", "control_character", "the text holds the control character U+0009 (a tab) at position 2; remove it")]
    [InlineData(TranscriptFormat.FileText, "a\0.wav|x", "control_character", "the file's name holds the control character U+0000 (NUL) at position 2; remove it")]
    [InlineData(TranscriptFormat.AudioFolder, "file_name,text\na.wav,b,c", "wrong_columns", "the record has 3 columns, the header has 2; a text with a comma stands in double quotes")]
    [InlineData(TranscriptFormat.AudioFolder, "file_name,text\na.wav,\"b\nc\"", "control_character", "the text holds the control character U+000A (a line break) at position 2; remove it")]
    public void A_bad_line_is_named(TranscriptFormat format, string text, string reason, string message) =>
        Assert.Equal(new Fault(reason, message), Read(format, text).Single().Fault);

    [Fact]
    public void Bad_UTF_8_is_named_with_its_byte_and_the_next_line_is_read()
    {
        var lines = TranscriptReader.Read(new MemoryStream([.. "a|b\nc|"u8, 0xFF, .. "\nd|e"u8]), TranscriptFormat.FileText, "m.csv").ToList();
        Assert.Equal(new Fault("bad_utf8", "byte 7 of the file, byte 3 of the line (0xFF), is not UTF-8; save the file as UTF-8"), lines[1].Fault);
        Assert.Equal("e", lines[2].Transcript!.Text);
    }

    [Fact]
    public void A_file_without_the_header_is_refused_as_a_whole()
    {
        var error = Assert.Throws<CorpusException>(() => Read(TranscriptFormat.AudioFolder, "a.wav|hello"));
        Assert.Equal("the header names no column 'file_name', only: a.wav|hello", error.Message);
        Assert.Equal("m.csv:1", error.File);
    }

    [Fact]
    public void UTF_16_is_refused_with_what_to_do()
    {
        var error = Assert.Throws<CorpusException>(() => TranscriptReader.Read(new MemoryStream([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a|b")]), TranscriptFormat.FileText, "m.csv").ToList());
        Assert.Equal("the file is UTF-16, expected UTF-8", error.Message);
    }

    [Fact]
    public void Any_bytes_are_read_or_named() => Gens.Hold(Gens.Bytes(), bytes =>
    {
        foreach (var format in Enum.GetValues<TranscriptFormat>())
        {
            try { foreach (var line in TranscriptReader.Read(new MemoryStream(bytes), format, "m.csv")) Assert.True(line.Transcript is null != line.Fault is null); }
            catch (CorpusException) { }
        }
    }, tries: 1000);

    private static List<TranscriptLine> Read(TranscriptFormat format, string text, Action<string>? warn = null) =>
        [.. TranscriptReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), format, "m.csv", warn)];
}
