namespace VoxMake.ValidateTool.Engines;

/// <summary>What an engine said: the first and the last lines of it, for some never stop.</summary>
internal sealed class EngineLog
{
    private const int Kept = 5_000, LongestLine = 4_000;
    private readonly List<string> _first = [];
    private readonly Queue<string> _last = new();
    private long _dropped;

    public void Add(string line)
    {
        if (line.Length > LongestLine) line = line[..LongestLine] + "…";
        lock (_first)
        {
            if (_first.Count < Kept)
            {
                _first.Add(line);
                return;
            }
            _last.Enqueue(line);
            if (_last.Count <= Kept) return;
            _last.Dequeue();
            _dropped++;
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_first) return _dropped == 0 ? [.. _first, .. _last] : [.. _first, $"({_dropped} lines are left out here)", .. _last];
        }
    }

    /// <summary>The last lines with something in them, for a message.</summary>
    public string Tail(int lines) => string.Join("\n  ", Lines.Where(line => !string.IsNullOrWhiteSpace(line)).TakeLast(lines));
}
