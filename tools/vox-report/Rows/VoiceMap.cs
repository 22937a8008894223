using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.Report.Rows;

/// <summary>A clip in the picture of the voices.</summary>
/// <param name="X">Where it lies; any unit.</param>
/// <param name="Probability">How sure it is that this speaker speaks, 0 to 1; null where nobody said.</param>
/// <param name="Source">given, diarized or corrected.</param>
internal sealed record VoicePoint(string Id, double X, double Y, string? Speaker, double? Probability, string? Source);

/// <summary>Which clips sound alike, as Diarize found: points, of which some can be heard.</summary>
internal sealed class VoiceMap
{
    /// <summary>Points that are drawn; of more clips those are a sample.</summary>
    public const int MaxPoints = 2000;

    private const string Stage = "Diarize";
    private readonly SpreadSample<VoicePoint> _points = new(MaxPoints);
    private readonly SortedDictionary<string, long> _clips = new(StringComparer.Ordinal);

    /// <summary>Clips that have a place.</summary>
    public long Clips => _points.Seen;

    /// <summary>By id; at most <see cref="MaxPoints"/>.</summary>
    public IReadOnlyList<VoicePoint> Points { get; private set; } = [];

    /// <summary>Speakers with their clips, the one with most first; the last may be null: nobody's.</summary>
    public IReadOnlyList<(string? Name, long Clips)> Speakers { get; private set; } = [];

    /// <summary>Ids of the points that can be heard, as many of each speaker as can be.</summary>
    public IReadOnlyList<string> Heard { get; private set; } = [];

    /// <summary>Takes a row, if it is one of Diarize's with a place.</summary>
    public void Add(WorkItem row)
    {
        if (row.Stage != Stage || row.Outcome != Outcome.Ok || row.Columns["x"].AsReal is not { } x || row.Columns["y"].AsReal is not { } y || !double.IsFinite(x) || !double.IsFinite(y)) return;
        var speaker = Name(row.Columns["speaker_id"]);
        _clips[speaker ?? ""] = _clips.GetValueOrDefault(speaker ?? "") + 1;
        _points.Offer(row.Id, () => new VoicePoint(row.Id, x, y, speaker, row.Columns["speaker_probability"].AsReal, Name(row.Columns["speaker_source"])));
    }

    private static string? Name(Value value) => value.Kind == ValueKind.Null ? null : value.ToString(); // a name may be a number

    /// <summary>Settles what is shown, when all rows are in.</summary>
    /// <param name="players">How many points can be heard.</param>
    public void Close(int players)
    {
        Points = _points.All;
        Speakers = [.. _clips.OrderBy(pair => pair.Key == "").ThenByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key == "" ? null : pair.Key, pair.Value))];
        var of = Points.ToLookup(point => point.Speaker);
        var heard = new List<string>(players);
        for (int rest = players, left = Speakers.Count, i = 0; i < Speakers.Count && rest > 0; i++, left--) // a small speaker leaves its share to the others: they come last to first
        {
            var points = of[Speakers[^(i + 1)].Name].ToList();
            var share = Math.Min(points.Count, Math.Max(1, rest / left));
            heard.AddRange(Spread.Evenly(points, share).Select(point => point.Id));
            rest -= share;
        }
        Heard = heard;
    }
}
