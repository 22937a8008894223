using System.Text;
using CsvHelper;

namespace VoxMake.Corpus;

/// <summary>
/// Writes transcripts so that <see cref="TranscriptReader"/> reads the same again. What a form has no column for (LJSpeech has none for
/// speakers) is left out; what it cannot carry is refused by name.
/// </summary>
public static class TranscriptWriter
{
    /// <summary>Writes all rows, UTF-8 with LF at line ends; the stream stays open.</summary>
    /// <exception cref="CorpusException">A row has what the form cannot carry: names the row and the field.</exception>
    public static void Write(Stream stream, TranscriptFormat format, IEnumerable<Transcript> rows)
    {
        if (format == TranscriptFormat.AudioFolder)
        {
            WriteAudioFolder(stream, rows);
            return;
        }
        using var text = new StreamWriter(stream, new UTF8Encoding(false, true), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        foreach (var row in rows)
        {
            string[] fields = format switch
            {
                TranscriptFormat.LjSpeech => [row.File, row.TextRaw, row.Text],
                TranscriptFormat.FileText => [row.File, row.Text],
                _ => [row.File, row.Text, row.Speaker ?? ""],
            };
            Check(row);
            foreach (var field in fields)
                if (field.Contains('|')) throw Refused(row, $"it holds '|', which this form ({format.Shape()}) cannot carry", "replace it, or write audiofolder");
            text.WriteLine(string.Join('|', fields.Select(field => field.Trim())));
        }
    }

    private static void WriteAudioFolder(Stream stream, IEnumerable<Transcript> rows)
    {
        using var csv = CsvFile.Writer(stream);
        csv.Record("file_name", "text", "text_raw", "language", "speaker_id");
        foreach (var row in rows)
        {
            Check(row);
            csv.Record(row.File.Trim(), row.Text.Trim(), row.TextRaw.Trim(), row.Language?.Trim(), row.Speaker?.Trim());
        }
    }

    private static void Check(Transcript row)
    {
        if (row.File.Contains('\uFEFF')) throw Refused(row, "it has a byte order mark in its name, which readers drop", "rename the file");
        foreach (var field in new[] { row.File, row.Text, row.TextRaw, row.Speaker ?? "", row.Language ?? "" })
        {
            if (Fault.ControlCharacter("a field", field) is { } fault) throw Refused(row, fault.Message, null);
            if (Fault.HalfSurrogate(field)) throw Refused(row, "it holds half a surrogate pair, which is no character", "correct the text");
        }
        if (string.IsNullOrWhiteSpace(row.File) || string.IsNullOrWhiteSpace(row.Text)) throw Refused(row, "it has no file name or no text, which nobody would read again", null);
    }

    private static CorpusException Refused(Transcript row, string why, string? remedy) => new($"'{row.File}' cannot be written: {why}") { Try = remedy };
}
