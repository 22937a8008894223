using VoxMake.Protocol;

namespace VoxMake.Report.Rows;

/// <summary>All that the rows tell of one of the few clips that the page shows. Of each column the latest stage's value counts, of measures the earliest's.</summary>
internal sealed class ClipDetails
{
    private readonly Dictionary<string, (Value Value, byte Rank)> _columns = [];
    private byte _soundRank;

    /// <summary>The sound of the latest stage that handed one on; null where none did.</summary>
    public InputFile? Sound { get; private set; }

    public Value this[string column] => _columns.GetValueOrDefault(column).Value;

    public void Add(WorkItem row, byte rank)
    {
        foreach (var (name, value) in row.Columns)
        {
            if (value.Kind == ValueKind.Null) continue;
            var isMeasure = Measure.Columns.Any(measure => measure.Column == name);
            if (!_columns.TryGetValue(name, out var known) || (isMeasure ? rank < known.Rank : rank >= known.Rank)) _columns[name] = (value, rank);
        }
        if (row.Inputs.TryGetValue("audio", out var sound) && (Sound is null || rank >= _soundRank)) (Sound, _soundRank) = (sound, rank);
    }
}
