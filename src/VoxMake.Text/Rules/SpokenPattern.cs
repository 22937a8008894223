using System.Text;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>A place in a spoken pattern: <c>{day}</c>, <c>{year:ordinal}</c>, <c>{day+ê}</c>.</summary>
/// <param name="Form">What stands behind the colon; empty for the plain form.</param>
/// <param name="Suffix">What stands behind the plus; empty for none.</param>
internal sealed record SpokenPlace(string Name, string Form, string Suffix);

/// <summary>Words with places for values. What stands in brackets is left out where a value in it is missing.</summary>
internal sealed class SpokenPattern
{
    private readonly IReadOnlyList<(string Words, SpokenPlace? Place, bool Optional)> _parts;

    private SpokenPattern(IReadOnlyList<(string, SpokenPlace?, bool)> parts) => _parts = parts;

    public IEnumerable<SpokenPlace> Places => _parts.Select(part => part.Place).OfType<SpokenPlace>();

    public IEnumerable<string> Words => _parts.Where(part => part.Place is null).Select(part => part.Words);

    /// <param name="value">The words of a place; null where there is no value.</param>
    public string Say(Func<SpokenPlace, string?> value)
    {
        var values = _parts.Select(part => part.Place is null ? part.Words : value(part.Place)).ToList();
        var leaves = _parts.Select((part, i) => (part, i)).Any(one => one.part.Optional && values[one.i] is null);
        var said = new StringBuilder();
        for (var i = 0; i < _parts.Count; i++)
            if (!(_parts[i].Optional && leaves)) said.Append(values[i]);
        return said.ToString();
    }

    /// <summary>Reads a pattern; what is wrong with it is an error and null.</summary>
    /// <param name="names">The places that there are, each with the forms that it may have.</param>
    public static SpokenPattern? Parse(ScalarNode text, IReadOnlyDictionary<string, IReadOnlyList<string>> names, bool suffixes, RuleErrors errors, Action<YamlNode, string> checkWords)
    {
        var parts = new List<(string, SpokenPlace?, bool)>();
        var (source, optional, start) = (text.Text, false, 0);
        for (var at = 0; at < source.Length; at++)
        {
            if (source[at] is not ('[' or ']' or '{' or '}')) continue;
            if (at > start) parts.Add((source[start..at], null, optional));
            if (source[at] == '}' || source[at] == '[' && (optional || parts.Any(part => part.Item3)) || source[at] == ']' && !optional)
                return Wrong("brackets and braces have to be closed, and there can be one pair of brackets");
            if (source[at] is '[' or ']') optional = source[at] == '[';
            else
            {
                var end = source.IndexOf('}', at);
                if (end < 0) return Wrong("this '{' is not closed");
                var place = PlaceOf(source[(at + 1)..end]);
                if (!names.TryGetValue(place.Name, out var forms))
                    return Wrong($"there is no {{{Excerpt.Of(place.Name)}}} here; expected one of {string.Join(", ", names.Keys.Select(name => $"{{{name}}}"))}");
                if (place.Form.Length > 0 && !forms.Contains(place.Form))
                    return Wrong($"{{{place.Name}}} has no form '{Excerpt.Of(place.Form)}'; it has {(forms.Count == 0 ? "none" : string.Join(", ", forms))}");
                if (place.Suffix.Length > 0 && !suffixes) return Wrong("an ending behind + needs the section 'suffixes' of 'numbers'");
                checkWords(text, place.Suffix);
                parts.Add(("", place, optional));
                at = end;
            }
            start = at + 1;
        }
        if (optional) return Wrong("this '[' is not closed");
        if (start < source.Length) parts.Add((source[start..], null, false));
        var pattern = new SpokenPattern(parts);
        foreach (var words in pattern.Words) checkWords(text, words);
        return pattern;

        SpokenPattern? Wrong(string message)
        {
            errors.Add(text, $"'{Excerpt.Of(source)}': {message}");
            return null;
        }
    }

    private static SpokenPlace PlaceOf(string inside)
    {
        var (rest, suffix) = inside.Split('+', 2) is [var before, var behind] ? (before, behind) : (inside, "");
        return rest.Split(':', 2) is [var name, var form] ? new(name, form, suffix) : new(rest, "", suffix);
    }
}
