namespace VoxMake.Corpus;

/// <summary>
/// Reads transcripts line by line, a million as well as ten. Every line that is not blank comes out, as a transcript or with its fault: a shorter
/// list without a word is what this is here to prevent.
/// </summary>
public static class TranscriptReader
{
    /// <summary>The lines of <paramref name="stream"/>.</summary>
    /// <param name="name">What people call the file.</param>
    /// <param name="warn">Told about columns that are not used; may be null.</param>
    /// <exception cref="CorpusException">The file as a whole is not of this form.</exception>
    public static IEnumerable<TranscriptLine> Read(Stream stream, TranscriptFormat format, string name, Action<string>? warn = null)
    {
        var lines = TextLines.Read(stream, name);
        return format == TranscriptFormat.AudioFolder ? AudioFolder(CsvRecords.Read(lines), name, warn) : Pipes(lines, format);
    }

    private static IEnumerable<TranscriptLine> Pipes(IEnumerable<TextLine> lines, TranscriptFormat format)
    {
        foreach (var line in lines)
        {
            if (line.Text is null) yield return TranscriptLine.Bad(line.Number, line.Fault!);
            else if (!string.IsNullOrWhiteSpace(line.Text)) yield return Pipe(line.Number, line.Text, format);
        }
    }

    private static TranscriptLine Pipe(int number, string line, TranscriptFormat format)
    {
        var fields = line.Split('|', StringSplitOptions.TrimEntries);
        var fits = format switch
        {
            TranscriptFormat.LjSpeech => fields.Length is 2 or 3,
            TranscriptFormat.FileText => fields.Length == 2,
            _ => fields.Length == 3,
        };
        if (!fits)
            return TranscriptLine.Bad(number, new Fault("wrong_columns", $"the line has {fields.Length} column{(fields.Length == 1 ? "" : "s")}, expected {format.Shape()}"), fields[0]);
        var third = fields.Length == 3 && fields[2].Length > 0 ? fields[2] : null;
        return TranscriptLine.Checked(number, format switch
        {
            TranscriptFormat.LjSpeech => new Transcript(fields[0], third ?? fields[1], fields[1]),
            TranscriptFormat.FileText => new Transcript(fields[0], fields[1], fields[1]),
            _ => new Transcript(fields[0], fields[1], fields[1], third),
        });
    }

    private static IEnumerable<TranscriptLine> AudioFolder(IEnumerable<CsvRecord> records, string name, Action<string>? warn)
    {
        AudioFolderHeader? header = null;
        foreach (var record in records)
        {
            if (header is null)
            {
                if (record.Fields is null) throw new CorpusException($"the header cannot be read: {record.Fault!.Message}") { File = $"{name}:{record.Line}" };
                header = AudioFolderHeader.Read(record.Fields, $"{name}:{record.Line}");
                if (header.Ignored.Count > 0) warn?.Invoke($"{name}: not used: the column{(header.Ignored.Count > 1 ? "s" : "")} {string.Join(", ", header.Ignored)}");
            }
            else if (record.Fields is null) yield return TranscriptLine.Bad(record.Line, record.Fault!);
            else if (record.Fields.Length != header.Count)
                yield return TranscriptLine.Bad(record.Line, new Fault("wrong_columns", $"the record has {record.Fields.Length} column{(record.Fields.Length == 1 ? "" : "s")}, the header has {header.Count}; a text with a comma stands in double quotes"));
            else yield return TranscriptLine.Checked(record.Line, header.Transcript(record.Fields));
        }
    }

    /// <summary>Where an audiofolder's columns are; -1: there is none.</summary>
    private sealed record AudioFolderHeader(int Count, int File, int Text, int TextRaw, int Speaker, int Language, IReadOnlyList<string> Ignored)
    {
        public static AudioFolderHeader Read(string[] header, string where)
        {
            var names = header.Select(column => column.Trim()).ToList();
            if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new CorpusException($"the header has the column '{twice.Key}' twice") { File = where };
            int First(params ReadOnlySpan<string> wanted)
            {
                foreach (var one in wanted)
                    if (names.IndexOf(one) is >= 0 and var at) return at;
                return -1;
            }
            var (file, text, raw, speaker, language) = (First("file_name"), First("text", "transcription"), First("text_raw"), First("speaker_id", "speaker"), First("language"));
            if (file < 0 || text < 0)
                throw new CorpusException($"the header names no column '{(file < 0 ? "file_name" : "text' or 'transcription")}', only: {Shown(names)}")
                {
                    File = where,
                    Try = "an audiofolder's first line is a header such as file_name,text; for lines with | set format to ljspeech, file-text or path-text-speaker",
                };
            return new(names.Count, file, text, raw, speaker, language, [.. names.Where((_, i) => i != file && i != text && i != raw && i != speaker && i != language)]);
        }

        public Transcript Transcript(string[] fields)
        {
            string? Optional(int at) => at >= 0 && fields[at].Trim() is { Length: > 0 } value ? value : null;
            var text = fields[Text].Trim();
            return new(fields[File].Trim(), text, Optional(TextRaw) ?? text, Optional(Speaker), Optional(Language));
        }

        private static string Shown(IReadOnlyList<string> names)
        {
            var all = string.Join(", ", names);
            return all.Length <= 100 ? all : all[..100] + "…";
        }
    }
}
