using VoxMake.Config.Reading;
using VoxMake.Yaml;

namespace VoxMake.Config;

/// <summary>Everything that is wrong, gathered until reading has seen all of it.</summary>
internal sealed class ErrorList
{
    private readonly List<Found> _errors = [];
    private readonly HashSet<string> _fields = new(StringComparer.Ordinal);

    /// <summary>Whether something was found wrong with this field.</summary>
    public bool Has(string field) => _fields.Contains(field);

    /// <param name="hidden">The line may hold a secret and is not shown.</param>
    public void Add(Place place, string field, string message, bool hidden = false)
    {
        _fields.Add(field);
        var line = place.Source.IsOverride || hidden ? null : place.Text.Line(place.Line);
        _errors.Add(new(place, new YamlError(place.Text.Name, place.ShownLine, place.ShownColumn, field, message) { SourceLine = line }));
    }

    /// <exception cref="ConfigException">There are errors.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count == 0) return;
        _errors.Sort(static (a, b) =>
        {
            if (a.Place.Source.Layer != b.Place.Source.Layer) return b.Place.Source.Layer.CompareTo(a.Place.Source.Layer);
            if (a.Place.Line != b.Place.Line) return a.Place.Line.CompareTo(b.Place.Line);
            if (a.Place.Column != b.Place.Column) return a.Place.Column.CompareTo(b.Place.Column);
            return string.CompareOrdinal(a.Error.Field + a.Error.Message, b.Error.Field + b.Error.Message);
        });
        throw new ConfigException(_errors.ConvertAll(static error => error.Error));
    }

    private sealed record Found(Place Place, YamlError Error);
}
