namespace VoxMake.Report.Rows;

/// <summary>Numbers for names that come again and again (speakers, reasons). Beyond a limit, new ones share one name, so that a hostile table cannot fill the memory.</summary>
internal sealed class Names(int limit)
{
    /// <summary>The name that what is beyond the limit gets.</summary>
    public const string Others = "(others)";

    /// <summary>The number of no name.</summary>
    public const int None = -1;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _names = [];

    public int Count => _names.Count;
    public string this[int number] => _names[number];

    public int NumberOf(string name)
    {
        if (_numbers.TryGetValue(name, out var number)) return number;
        if (_names.Count >= limit && name != Others) return NumberOf(Others);
        _names.Add(name);
        return _numbers[name] = _names.Count - 1;
    }
}
