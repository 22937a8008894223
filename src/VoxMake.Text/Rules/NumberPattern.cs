using System.Text;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>What a number rule says: words, with places for what the number is made of.</summary>
/// <remarks>
/// <c>{times}</c> is how often the rule's unit is in the number, <c>{rest}</c> what is left; <c>{rest:name}</c> is said by another set of rules. What stands in brackets is left out where nothing is
/// left. <c>{one=…|few=…|other=…}</c> is a word whose form hangs on <c>{times}</c>.
/// </remarks>
internal sealed class NumberPattern
{
    private readonly IReadOnlyList<Part> _parts;

    private NumberPattern(IReadOnlyList<Part> parts) => _parts = parts;

    /// <summary>A part of a pattern.</summary>
    /// <param name="Kind">Words, times, rest or forms.</param>
    /// <param name="Text">The words, or the name of another set; empty for the same set.</param>
    /// <param name="Optional">Whether it stands in brackets.</param>
    public sealed record Part(PartKind Kind, string Text, bool Optional, IReadOnlyDictionary<string, string>? Forms = null);

    public enum PartKind
    {
        Words,
        Times,
        Rest,
        Forms,
    }

    public bool HasTimes => _parts.Any(part => part.Kind is PartKind.Times or PartKind.Forms);

    public bool HasRest => _parts.Any(part => part.Kind == PartKind.Rest);

    /// <summary>Whether what is left is said even where it is nothing.</summary>
    public bool NeedsRest => _parts.Any(part => part.Kind == PartKind.Rest && !part.Optional);

    /// <summary>Other sets of rules that it names.</summary>
    public IEnumerable<string> Sets => _parts.Where(part => part.Kind is PartKind.Times or PartKind.Rest && part.Text.Length > 0).Select(part => part.Text);

    /// <summary>All words that it may say.</summary>
    public IEnumerable<string> Words => _parts.Where(part => part.Kind == PartKind.Words).Select(part => part.Text).Concat(_parts.SelectMany(part => part.Forms?.Values ?? []));

    public string Say(Func<string, string> times, Func<string, string>? rest, Func<IReadOnlyDictionary<string, string>, string> form)
    {
        var said = new StringBuilder();
        foreach (var part in _parts)
            if (!part.Optional || rest is not null)
                said.Append(part.Kind switch
                {
                    PartKind.Words => part.Text,
                    PartKind.Times => times(part.Text),
                    PartKind.Forms => form(part.Forms!),
                    _ => rest!(part.Text),
                });
        return said.ToString();
    }

    /// <summary>Reads a pattern; what is wrong with it is an error and null.</summary>
    public static NumberPattern? Parse(ScalarNode text, RuleErrors errors)
    {
        var parts = new List<Part>();
        var (source, optional, words) = (text.Text, false, new StringBuilder());
        for (var at = 0; at < source.Length; at++)
        {
            switch (source[at])
            {
                case '[' when !optional: Flush(); optional = true; break;
                case ']' when optional: Flush(); optional = false; break;
                case '[' or ']' or '}': return Wrong("brackets and braces have to be closed and cannot be nested");
                case '{':
                    var end = source.IndexOf('}', at);
                    if (end < 0) return Wrong("this '{' is not closed");
                    Flush();
                    if (Place(source[(at + 1)..end], optional) is not { } part)
                        return Wrong($"'{{{Excerpt.Of(source[(at + 1)..end])}}}' is not known; expected {{times}}, {{rest}}, {{rest:name}} or {{one=…|other=…}}");
                    parts.Add(part);
                    at = end;
                    break;
                default: words.Append(source[at]); break;
            }
        }
        Flush();
        if (optional) return Wrong("this '[' is not closed");
        return new(parts);

        void Flush()
        {
            if (words.Length > 0) parts.Add(new(PartKind.Words, words.ToString(), optional));
            words.Clear();
        }

        NumberPattern? Wrong(string message)
        {
            errors.Add(text, $"'{Excerpt.Of(source)}': {message}");
            return null;
        }
    }

    private static Part? Place(string inside, bool optional)
    {
        if (inside.Contains('='))
        {
            var forms = inside.Split('|').Select(form => form.Split('=', 2)).ToList();
            if (forms.Any(form => form.Length != 2 || form[0].Length == 0) || forms.DistinctBy(form => form[0]).Count() != forms.Count) return null;
            var byName = forms.ToDictionary(form => form[0], form => form[1], StringComparer.Ordinal);
            return byName.ContainsKey("other") ? new(PartKind.Forms, "", optional, byName) : null;
        }
        var (name, set) = inside.Split(':', 2) switch
        {
            [var alone] => (alone, ""),
            [var first, { Length: > 0 } second] => (first, second),
            _ => ("", ""),
        };
        return name switch
        {
            "times" => new(PartKind.Times, set, optional),
            "rest" => new(PartKind.Rest, set, optional),
            _ => null,
        };
    }
}
