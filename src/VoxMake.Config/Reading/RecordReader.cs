using VoxMake.Config.Records;
using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>Makes records of merged maps, and gathers everything that is wrong with them.</summary>
/// <param name="isComplete">False where a file in the chain could not be read: then nothing is known to be missing, and nothing is checked against anything else.</param>
/// <param name="start">Where to report what stands nowhere.</param>
internal sealed class RecordReader(ErrorList errors, bool isComplete, Place start)
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly List<IChecked> _checked = [];

    /// <summary>Where each field and section that is set was set.</summary>
    public IReadOnlyDictionary<string, Place> Places => _places;

    /// <summary>The record; only to be used where there are no errors.</summary>
    public object Read(RecordShape shape, MapNode map)
    {
        var record = Read(shape, map, section: "", start);
        if (isComplete) foreach (var part in _checked) part.Check(new Checks(errors, _places, start));
        return record;
    }

    private object Read(RecordShape shape, MapNode map, string section, Place place)
    {
        var record = shape.New();
        foreach (var entry in map.Entries)
        {
            var field = Dotted(section, entry.Name);
            if (shape.Find(entry.Name) is not { } key)
            {
                errors.Add(entry.KeyPlace, Excerpt.Of(field), Unknown(shape, section, entry.Name));
                continue;
            }
            _places[field] = entry.Place;
            if (entry.Value is RefusedNode) continue;
            if (key.Kind == KeyKind.Section) ReadSection(record, key, entry, field);
            else
            {
                var value = ValueReader.Read(key, entry.Value, out var problem);
                if (problem is null) key.Set(record, value);
                else errors.Add(entry.Place, field, problem, hidden: key.Kind == KeyKind.Secret);
            }
        }
        if (isComplete) FindMissing(shape, map, section, place);
        if (record is IChecked part && HasRequired(shape, record)) _checked.Add(part);
        return record;
    }

    private void ReadSection(object record, Key key, Entry entry, string field)
    {
        switch (entry.Value)
        {
            case MapNode map:
                key.Set(record, Read(key.Section, map, field, entry.KeyPlace));
                break;
            case ScalarNode { IsEmpty: true } when key.IsNullable:
                errors.Add(entry.Place, field, "nothing stands below; write {} to have it with all defaults, or null to have it not");
                break;
            case ScalarNode { IsEmpty: true }:
                key.Set(record, Read(key.Section, new MapNode(entry.KeyPlace), field, entry.KeyPlace));
                break;
            case ScalarNode { Value: null } when key.IsNullable:
                key.Set(record, null);
                break;
            case ScalarNode { Value: null }:
                errors.Add(entry.Place, field, "this section is always there; leave it out for its defaults");
                break;
            default:
                errors.Add(entry.Place, field, $"expected keys, indented below, found {ValueReader.Found(entry.Value)}");
                break;
        }
    }

    private void FindMissing(RecordShape shape, MapNode map, string section, Place place)
    {
        foreach (var key in shape.Keys)
        {
            if (!key.IsRequired || map.Find(key.Name) is not null) continue;
            var field = Dotted(section, key.Name);
            if (key.Kind != KeyKind.Section) errors.Add(place, field, $"is missing: {key.Doc}");
            else errors.Add(place, field, $"is missing: {key.Section.Doc}; needs {string.Join(", ", RequiredOf(key.Section))}");
        }
    }

    /// <summary>Only then may a record look at itself.</summary>
    private static bool HasRequired(RecordShape shape, object record)
    {
        foreach (var key in shape.Keys)
            if (key.IsRequired && key.Get(record) is null) return false;
        return true;
    }

    private static IEnumerable<string> RequiredOf(RecordShape section)
    {
        foreach (var key in section.Keys)
            if (key.IsRequired) yield return key.Name;
    }

    /// <summary>The nearest key of the section; else the section that has a key of this name; else all that there are.</summary>
    private static string Unknown(RecordShape shape, string section, string name)
    {
        var names = new List<string>();
        foreach (var key in shape.Keys) names.Add(key.Name);
        if (NearestName.Of(name, names) is { } near) return $"no such key; did you mean {near}?";
        foreach (var other in RecordShape.Of(typeof(VoxConfig)).Keys)
            if (other.Name == name || (other.Kind == KeyKind.Section && other.Section.Find(name) is not null))
                return $"no such key; did you mean {(other.Name == name ? $"the section {name}, which stands at the left edge" : $"{other.Name}.{name}")}?";
        return $"no such key; {(section.Length == 0 ? "the sections are" : $"{section} has")} {string.Join(", ", names)}";
    }

    private static string Dotted(string section, string name) => section.Length == 0 ? name : $"{section}.{name}";
}
