using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>
/// Reads and writes edits: RFC 4180 CSV with the header <c>id,audio_sha256,field,old,new</c>, further columns (note, by, at) as people like.
/// Pages and tools that let people correct things write with <see cref="Append"/> and nothing else.
/// </summary>
public static class EditsFile
{
    private static readonly string[] Header = ["id", "audio_sha256", "field", "old", "new"];
    private static readonly Lock Writing = new();

    /// <summary>The rows of <paramref name="stream"/>; an empty file has none.</summary>
    /// <param name="name">What people call the file.</param>
    /// <exception cref="CorpusException">The header does not name the five columns.</exception>
    public static IEnumerable<EditRow> Read(Stream stream, string name)
    {
        int[]? columns = null;
        var width = 0;
        foreach (var record in CsvRecords.Read(TextLines.Read(stream, name)))
        {
            if (columns is null)
            {
                columns = Columns(record.Fields, name);
                width = record.Fields!.Length;
            }
            else if (record.Fields is null) yield return new EditRow(name, record.Line, null, record.Fault);
            else if (record.Fields.Length != width) yield return Bad(record.Line, $"the row has {record.Fields.Length} columns, the header has {width}; a text with a comma stands in double quotes");
            else yield return Row(record.Line, [.. columns.Select(column => record.Fields[column])]);
        }

        EditRow Bad(int line, string message) => new(name, line, null, new Fault("bad_row", message));

        EditRow Row(int line, string[] fields)
        {
            var (id, sha, word, old, corrected) = (fields[0].Trim(), fields[1].Trim(), fields[2].Trim(), fields[3].Trim(), fields[4].Trim());
            if (id.Length == 0) return Bad(line, "the id is empty");
            if (!Digest.TryParse(sha, out var digest)) return Bad(line, $"audio_sha256 is '{Shown(sha)}', expected 64 hexadecimal digits");
            if (FieldOf(word) is not { } field) return Bad(line, $"field is '{Shown(word)}', expected keep, drop, undecided, text or speaker");
            if (field is EditField.Text or EditField.Speaker)
            {
                if (corrected.Length == 0) return Bad(line, $"the new {word} is empty; to leave the clip out, write drop");
                if (Fault.ControlCharacter($"the new {word}", corrected) is { } fault) return new EditRow(name, line, null, fault);
            }
            return new EditRow(name, line, new Edit(id, digest, field, old, corrected), null);
        }
    }

    /// <summary>
    /// Adds edits to the end of a file, which is made where there is none. The file is whole at any moment: a temporary file beside it is
    /// flushed, then renamed. Threads of one process wait for each other; two processes must not write one file.
    /// </summary>
    /// <exception cref="CorpusException">The file is there and is no edits file, or an edit cannot be written; nothing is changed then.</exception>
    public static void Append(string path, IReadOnlyList<Edit> edits)
    {
        foreach (var edit in edits) Check(edit);
        lock (Writing)
        {
            var present = File.Exists(path) ? File.ReadAllBytes(path) : [];
            var header = present.Length == 0 ? Header : HeaderOf(present, path);
            var temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}.tmp");
            try
            {
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    stream.Write(present);
                    if (present.Length > 0 && present[^1] != '\n') stream.WriteByte((byte)'\n');
                    using (var csv = CsvFile.Writer(stream))
                    {
                        if (present.Length == 0) csv.Record(Header);
                        foreach (var edit in edits) csv.Record([.. header.Select(column => Value(edit, column))]);
                    }
                    stream.Flush(flushToDisk: true);
                }
                File.Move(temporary, path, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        }
    }

    private static string[] HeaderOf(byte[] present, string path)
    {
        foreach (var record in CsvRecords.Read(TextLines.Read(new MemoryStream(present), path)))
        {
            Columns(record.Fields, path);
            return [.. record.Fields!.Select(field => field.Trim())];
        }
        return Header;
    }

    private static int[] Columns(string[]? header, string name)
    {
        var names = (header ?? []).Select(field => field.Trim()).ToList();
        foreach (var wanted in Header)
        {
            if (names.Count(n => n == wanted) == 1) continue;
            throw new CorpusException(names.Contains(wanted) ? $"the header has the column '{wanted}' twice" : $"the header names no column '{wanted}'")
            {
                File = $"{name}:1",
                Try = $"the first line of an edits file is {string.Join(',', Header)} (further columns may follow)",
            };
        }
        return [.. Header.Select(wanted => names.IndexOf(wanted))];
    }

    private static string Value(Edit edit, string column) => column switch
    {
        "id" => edit.Id,
        "audio_sha256" => edit.Audio.ToString(),
        "field" => Word(edit.Field),
        "old" => edit.Old.Trim(),
        "new" => edit.New.Trim(),
        _ => "",
    };

    private static void Check(Edit edit)
    {
        foreach (var (what, value) in new[] { ("the id", edit.Id), ("old", edit.Old), ("the new value", edit.New) })
        {
            // What was there before may hold anything; what is written anew may not.
            if (what != "old" && Fault.ControlCharacter(what, value.Trim()) is { } fault) throw new CorpusException($"the edit of '{edit.Id}' cannot be written: {fault.Message}");
            if (Fault.HalfSurrogate(value)) throw new CorpusException($"the edit of '{edit.Id}' cannot be written: {what} holds half a surrogate pair, which is no character");
        }
        if (string.IsNullOrWhiteSpace(edit.Id)) throw new CorpusException("an edit without an id cannot be written");
        if (edit.Field is EditField.Text or EditField.Speaker && string.IsNullOrWhiteSpace(edit.New))
            throw new CorpusException($"the edit of '{edit.Id}' cannot be written: the new {Word(edit.Field)} is empty") { Try = "to leave the clip out, write drop" };
    }

    private static string Word(EditField field) => field.ToString().ToLowerInvariant();

    private static EditField? FieldOf(string word) => word switch
    {
        "keep" => EditField.Keep,
        "drop" => EditField.Drop,
        "undecided" => EditField.Undecided,
        "text" => EditField.Text,
        "speaker" => EditField.Speaker,
        _ => null,
    };

    private static string Shown(string value) => value.Length <= 40 ? value : value[..40] + "…";
}
