using VoxMake.Config.Yaml;

namespace VoxMake.Config;

/// <summary>Everything that is wrong, gathered until reading has seen all of it.</summary>
internal sealed class ErrorList
{
    private readonly List<Found> _errors = [];
    private ShownText? _shown;
    private readonly HashSet<string> _fields = new(StringComparer.Ordinal);

    /// <summary>Whether something was found wrong with this field.</summary>
    public bool Has(string field) => _fields.Contains(field);

    /// <param name="hidden">The line may hold a secret and is not shown.</param>
    public void Add(Place place, string field, string message, bool hidden = false)
    {
        _fields.Add(field);
        var line = place.Text.IsOverride || hidden ? null : ShownLine(place);
        _errors.Add(new(place, new ConfigError(place.Text.Name, place.ShownLine, place.ShownColumn, field, message) { SourceLine = line is "" ? null : line }));
    }

    /// <exception cref="ConfigException">There are errors.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count == 0) return;
        _errors.Sort(static (a, b) =>
        {
            if (a.Place.Text.Layer != b.Place.Text.Layer) return b.Place.Text.Layer.CompareTo(a.Place.Text.Layer);
            if (a.Place.Line != b.Place.Line) return a.Place.Line.CompareTo(b.Place.Line);
            if (a.Place.Column != b.Place.Column) return a.Place.Column.CompareTo(b.Place.Column);
            return string.CompareOrdinal(a.Error.Field + a.Error.Message, b.Error.Field + b.Error.Message);
        });
        throw new ConfigException(_errors.ConvertAll(static error => error.Error));
    }

    /// <summary>Made once for all errors of a line: a hostile file is one line of a megabyte with an error in every second sign.</summary>
    private string ShownLine(Place place)
    {
        if (_shown is null || place.Text != _shown.Place.Text || place.Line != _shown.Place.Line) _shown = new(place, Shown(place.Text.Line(place.Line)));
        return _shown.Line;
    }

    private sealed record ShownText(Place Place, string Line);

    private sealed record Found(Place Place, ConfigError Error);

    /// <summary>The line, as long as it was, with nothing in it that a terminal would obey.</summary>
    private static string Shown(string line) => string.Create(line.Length, line, static (shown, line) =>
    {
        for (var i = 0; i < line.Length; i++)
            shown[i] = (char.IsControl(line[i]) && line[i] != '\t') || line[i] is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') ? '\uFFFD' : line[i];
    });
}
