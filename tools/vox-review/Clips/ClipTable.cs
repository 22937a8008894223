using System.Globalization;
using VoxMake.Corpus;

namespace VoxMake.ReviewTool.Clips;

/// <summary>The clips of a build's views: those of the first table, and what further tables know of them by their ids.</summary>
internal sealed class ClipTable
{
    public const int MostClips = 2_000_000;

    /// <summary>Columns that say how sure somebody was of a text, the one that counts first.</summary>
    public static readonly string[] Scores = ["alignment_score", "align_score", "score", "confidence"];

    private ClipTable(IReadOnlyList<ReviewClip> clips, IReadOnlyList<string> columns, string? sortedBy) => (Clips, Columns, SortedBy) = (clips, columns, sortedBy);

    public IReadOnlyList<ReviewClip> Clips { get; }

    /// <summary>Names of all columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The column that says how sure somebody was; null where there is none.</summary>
    public string? SortedBy { get; }

    /// <summary>Reads tables.</summary>
    /// <param name="first">A metadata.csv or the folder of one, whose files are the sound.</param>
    /// <param name="others">Tables of the same ids; what they say of a clip counts instead of what was said before. Where their files are JSON these say when words are spoken.</param>
    /// <param name="score">The column that says how sure somebody was; null: the first of <see cref="Scores"/> that there is.</param>
    /// <exception cref="CorpusException">A table is missing, or is none.</exception>
    public static ClipTable Read(string first, IReadOnlyList<string> others, string? score)
    {
        var main = ViewRows.Read(first, "metadata.csv", needed: true)!;
        var tables = new List<ViewRows> { main };
        foreach (var other in others)
        {
            tables.Add(ViewRows.Read(other, "metadata.csv", needed: true)!);
            if (Directory.Exists(other) && ViewRows.Read(other, "rejects.csv", needed: false) is { } rejects) tables.Add(rejects);
        }
        var columns = tables.SelectMany(table => table.Header).Where(name => name is not ("id" or "file_name")).Distinct(StringComparer.Ordinal).ToList();
        var counts = score ?? Scores.FirstOrDefault(columns.Contains);
        if (counts is not null && !columns.Contains(counts))
            throw new CorpusException($"no table has the column '{counts}'") { Field = "--sort", Try = $"there are {string.Join(", ", columns)}" };
        var clips = new List<ReviewClip>();
        foreach (var id in main.Ids)
        {
            if (main.File(id) is not { } audio) continue;
            if (clips.Count == MostClips) throw new CorpusException($"there are more than {MostClips} clips") { File = main.Path };
            clips.Add(Clip(clips.Count, id, audio, tables, columns, counts));
        }
        if (clips.Count == 0) throw new CorpusException("no row of the table has a file") { File = main.Path, Try = "name the view whose files are the clips' sound, such as out/anna/Segment" };
        return new ClipTable(clips, columns, counts);
    }

    private static ReviewClip Clip(int number, string id, string audio, List<ViewRows> tables, List<string> columns, string? score)
    {
        var values = new string?[columns.Count];
        string? words = null;
        var rejected = "";
        foreach (var table in tables)
        {
            if (table.Of(id) is not { } row) continue;
            for (var i = 0; i < row.Length; i++)
                if (columns.IndexOf(table.Header[i]) is >= 0 and var at) values[at] = row[i];
            if (table.IsRejects) rejected = Value("reason") ?? "rejected";
            else if (table.File(id) is { } file && Path.GetExtension(file) == ".json") words = file;
        }
        return new ReviewClip(number, id, audio, words, Value("text")?.Trim() ?? "", Value("speaker_id")?.Trim() ?? "", score is null ? null : Number(score),
            Value("guards")?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) ?? [], Seconds(), rejected, values);

        string? Value(string name) => columns.IndexOf(name) is >= 0 and var at ? values[at] : null;
        double? Number(string name) => double.TryParse(Value(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        double? Seconds() => Number("duration") ?? (Number("num_samples") is { } samples && Number("sample_rate") is > 0 and var rate ? samples / rate : null);
    }
}
