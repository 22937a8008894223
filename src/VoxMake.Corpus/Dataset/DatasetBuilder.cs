using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>
/// Writes a dataset that Hugging Face's audiofolder loads as it is (DESIGN 6): a folder with a metadata.csv for each split, and beside them
/// measures.csv, speakers.json and statistics.json. Clips are gone through twice and their lines kept in a temporary file, so that a million
/// of them need no more memory than their ids and digests. The result does not depend on the order in which clips come.
/// </summary>
public sealed class DatasetBuilder(SplitRules rules, bool shuffle, DatasetMemory? memory, IDatasetOutput output)
{
    /// <summary>The columns of metadata.csv, in this order, after <c>file_name</c>.</summary>
    public static IReadOnlyList<string> MetadataColumns { get; } =
        ["text", "text_raw", "language", "speaker_id", "speaker_source", "num_samples", "sample_rate", "recording_id", "start_sample", "end_sample", "source_sha256", "licence"];

    private static readonly HashSet<string> NotMeasured = [.. MetadataColumns];

    /// <summary>One clip, as little of it as is needed to put all in order.</summary>
    private sealed record Row(string Id, string FileName, ulong Key, int Group, Digest Audio, long Size)
    {
        public Split Split { get; set; }
        public long Offset { get; set; }
        public int MetadataBytes { get; set; }
        public int MeasuresBytes { get; set; }
    }

    /// <summary>Numbers about what was built.</summary>
    public DatasetStatistics Statistics { get; } = new();

    /// <summary>Writes everything; the result is what to remember.</summary>
    /// <param name="clips">Gives all clips, each time it is called.</param>
    /// <exception cref="CorpusException">There is no clip, two have one name, or one lacks its length.</exception>
    public DatasetMemory Build(Func<IEnumerable<DatasetClip>> clips)
    {
        var rows = new List<Row>();
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        var measured = new SortedSet<string>(StringComparer.Ordinal);
        Survey(clips(), rows, groups, measured);
        var plan = new SplitPlan(rules, groups.Keys, memory);
        var splitOf = new Split[groups.Count];
        foreach (var (group, index) in groups) splitOf[index] = plan.Of(group);
        foreach (var row in rows) row.Split = splitOf[row.Group];

        using (var lines = new FileStream(output.PathFor(".lines.tmp"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose))
        {
            WriteLines(clips(), rows, measured, lines);
            rows.Sort((a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : string.CompareOrdinal(a.Id, b.Id));
            foreach (var split in SplitNames.All)
                if (Statistics.Of(split).Clips > 0) Table($"{split.Folder()}/metadata.csv", ["file_name", .. MetadataColumns], rows.Where(row => row.Split == split).Select(row => (row.Offset, row.MetadataBytes)), lines);
            Table("measures.csv", ["id", "split", .. measured], rows.Select(row => (row.Offset + row.MetadataBytes, row.MeasuresBytes)), lines);
        }
        foreach (var row in rows) output.Clip(row.Id, row.Split, row.FileName, row.Audio, row.Size);

        var speakers = SpeakerIndex.Of(memory?.Speakers ?? [], Statistics.Speakers);
        Write("speakers.json", stream => WriteSpeakers(stream, speakers));
        Write("statistics.json", Statistics.Write);
        foreach (var warning in plan.Warnings) output.Warning(warning);
        if (rules.By == SplitBy.Speaker && Statistics.WithoutSpeaker > 0) output.Warning($"{Statistics.WithoutSpeaker} clips have no speaker; they stay together in one split");
        return new DatasetMemory(rules.Fingerprint, plan.Remembered(Split.Train), plan.Remembered(Split.Validation), plan.Remembered(Split.Test), speakers);
    }

    private void Survey(IEnumerable<DatasetClip> clips, List<Row> rows, Dictionary<string, int> groups, SortedSet<string> measured)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var clip in clips)
        {
            var name = DatasetFileName.Of(clip.Id);
            if (!names.TryAdd(name, clip.Id))
                throw new CorpusException(names[name] == clip.Id ? $"the clip '{clip.Id}' comes twice" : $"the clips '{names[name]}' and '{clip.Id}' would both be the file '{name}'") { Try = "rename one of the recordings" };
            var group = clip.Group(rules.By);
            if (!groups.TryGetValue(group, out var index)) groups.Add(group, index = groups.Count);
            foreach (var (column, _) in clip.Columns)
                if (!NotMeasured.Contains(column)) measured.Add(column);
            rows.Add(new Row(clip.Id, name, shuffle ? rules.ShuffleKey(clip.Id) : 0, index, clip.Audio, clip.Size));
        }
        if (rows.Count == 0) throw new CorpusException("no clip is left for the dataset, expected at least one") { Try = "see what was rejected before, and why: rejects.csv of each stage; are the limits of quality too strict?" };
        foreach (var own in new[] { "id", "split" })
            if (measured.Contains(own)) throw new CorpusException($"a measured column is called '{own}', which measures.csv uses itself");
    }

    private void WriteLines(IEnumerable<DatasetClip> clips, List<Row> rows, SortedSet<string> measured, FileStream lines)
    {
        using var line = new MemoryStream();
        using var csv = CsvFile.Writer(line);
        var at = 0;
        long offset = 0;
        foreach (var clip in clips)
        {
            var row = rows[at++];
            Statistics.Add(clip, row.Split);
            csv.WriteField(row.FileName);
            foreach (var column in MetadataColumns) csv.WriteField(MetadataField(clip, column));
            row.MetadataBytes = End();
            csv.WriteField(clip.Id);
            csv.WriteField(row.Split.Folder());
            foreach (var column in measured) csv.WriteField(clip.Columns[column].ToString());
            row.MeasuresBytes = End();
            row.Offset = offset;
            offset += row.MetadataBytes + row.MeasuresBytes;
            if (at % 10_000 == 0) output.Progress(at, rows.Count);
        }
        lines.Flush();

        int End()
        {
            csv.NextRecord();
            csv.Flush();
            var length = (int)line.Length;
            lines.Write(line.GetBuffer(), 0, length);
            line.SetLength(0);
            return length;
        }
    }

    /// <summary>A clip that was not cut is the whole of its source: its samples are 0 to the source's length, where that was measured.</summary>
    private static string MetadataField(DatasetClip clip, string column) => column switch
    {
        "recording_id" => clip.Recording,
        "start_sample" when clip.Columns["start_sample"].Kind == ValueKind.Null && clip.Columns["source_samples"].Kind != ValueKind.Null => "0",
        "end_sample" when clip.Columns["end_sample"].Kind == ValueKind.Null => clip.Columns["source_samples"].ToString(),
        _ => clip.Columns[column].ToString(),
    };

    private void Table(string name, string[] header, IEnumerable<(long Offset, int Length)> records, FileStream lines) => Write(name, stream =>
    {
        using (var csv = CsvFile.Writer(stream)) csv.Record(header);
        var buffer = new byte[1 << 12];
        foreach (var (offset, length) in records)
        {
            if (buffer.Length < length) buffer = new byte[length * 2];
            for (var done = 0; done < length;)
            {
                var read = RandomAccess.Read(lines.SafeFileHandle, buffer.AsSpan(done, length - done), offset + done);
                if (read == 0) throw new IOException($"{lines.Name} ended early");
                done += read;
            }
            stream.Write(buffer, 0, length);
        }
    });

    private void Write(string name, Action<FileStream> write)
    {
        using (var stream = new FileStream(output.PathFor(name), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16)) write(stream);
        output.Written(name);
    }

    private static void WriteSpeakers(Stream stream, IReadOnlyList<string> speakers)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var i = 0; i < speakers.Count; i++) json.WriteNumber(speakers[i], i);
            json.WriteEndObject();
        }
        stream.Write(Encoding.UTF8.GetBytes("\n"));
    }
}
