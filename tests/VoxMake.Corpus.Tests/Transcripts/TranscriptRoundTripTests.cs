using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Corpus.Tests;

public class TranscriptRoundTripTests
{
    [Fact]
    public void Ljspeech_reads_what_it_writes() => RoundTrip(TranscriptFormat.LjSpeech, pipes: false, row => row with { Speaker = null, Language = null });

    [Fact]
    public void File_text_reads_what_it_writes() => RoundTrip(TranscriptFormat.FileText, pipes: false, row => row with { TextRaw = row.Text, Speaker = null, Language = null });

    [Fact]
    public void Path_text_speaker_reads_what_it_writes() => RoundTrip(TranscriptFormat.PathTextSpeaker, pipes: false, row => row with { TextRaw = row.Text, Language = null });

    [Fact]
    public void Audiofolder_reads_what_it_writes() => RoundTrip(TranscriptFormat.AudioFolder, pipes: true, row => row);

    [Theory]
    [InlineData("a", "x|y", "'a' cannot be written: it holds '|', which this form (id|text or id|text|normalised text) cannot carry")]
    [InlineData("a", "x\ny", "'a' cannot be written: a field holds the control character U+000A (a line break) at position 2; remove it")]
    [InlineData("a", " ", "'a' cannot be written: it has no file name or no text, which nobody would read again")]
    public void What_Ljspeech_cannot_carry_is_refused_by_name(string id, string text, string message)
    {
        var error = Assert.Throws<CorpusException>(() => TranscriptWriter.Write(Stream.Null, TranscriptFormat.LjSpeech, [new Transcript(id, text, text)]));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_by_name()
    {
        var error = Assert.Throws<CorpusException>(() => TranscriptWriter.Write(Stream.Null, TranscriptFormat.AudioFolder, [new Transcript("a", "x\ud800", "x")]));
        Assert.Equal("'a' cannot be written: it holds half a surrogate pair, which is no character", error.Message);
    }

    [Fact]
    public void The_shipped_metadata_is_written_as_it_was_read()
    {
        var path = LjSpeech.Transcripts;
        using var stream = File.OpenRead(path);
        var rows = TranscriptReader.Read(stream, TranscriptFormat.LjSpeech, "metadata.csv").Select(line => line.Transcript!).ToList();
        Assert.Equal(12, rows.Count);
        var written = new MemoryStream();
        TranscriptWriter.Write(written, TranscriptFormat.LjSpeech, rows);
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), System.Text.Encoding.UTF8.GetString(written.ToArray()));
    }

    private static void RoundTrip(TranscriptFormat format, bool pipes, Func<Transcript, Transcript> carried)
    {
        Gen<string?> optional = Gen.OneOf(Gens.Words(pipes).Select(w => (string?)w), Gen.Constant((string?)null));
        var row =
            from file in Gens.Words(pipes)
            from text in Gens.Words(pipes)
            from raw in Gens.Words(pipes)
            from speaker in optional
            from language in optional
            select carried(new Transcript(file, text, raw, speaker, language));
        Gens.Hold(row.ArrayOf(), rows =>
        {
            var stream = new MemoryStream();
            TranscriptWriter.Write(stream, format, rows);
            stream.Position = 0;
            Assert.Equal(rows, TranscriptReader.Read(stream, format, "m.csv").Select(line => line.Transcript!));
        });
    }
}
