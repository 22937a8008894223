using VoxMake.Config.Records;
using VoxMake.Secrets;
using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>Makes the value of a key from a YAML value, and says what is wrong with it otherwise.</summary>
internal static class ValueReader
{
    /// <summary>The value, of the type that <see cref="Key.Set"/> takes; null, too, where <paramref name="problem"/> says why there is none.</summary>
    public static object? Read(Key key, YamlNode node, out string? problem)
    {
        problem = null;
        if (node is ScalarNode { Value: null } nothing) return key.IsNullable ? null : Unexpected(key, nothing, out problem);
        return key.Kind switch
        {
            KeyKind.Text => ReadText(key, node, out problem),
            KeyKind.Path => ReadPath(key, node, out problem),
            KeyKind.Secret => ReadSecret(node, out problem),
            KeyKind.Flag => node is ScalarNode { Value: bool flag } ? flag : Unexpected(key, node, out problem),
            KeyKind.Integer => ReadInteger(key, node, out problem),
            KeyKind.Number => node is ScalarNode { Value: long or double } number ? InRange(key, number, Number(number), out problem) : Unexpected(key, node, out problem),
            KeyKind.Interval => ReadInterval(key, node, out problem),
            KeyKind.Names => ReadNames(key, node, out problem),
            _ => throw new InvalidOperationException($"{key.Name} is no value"),
        };
    }

    private static string? ReadText(Key key, YamlNode node, out string? problem)
    {
        // 007 and 2.50 are what the user wrote; true and null are most likely a slip
        if (node is not ScalarNode { Value: string or long or double } scalar) return (string?)Unexpected(key, node, out problem);
        var text = scalar.Text;
        problem = WrongText(text);
        if (problem is null && key.OneOf is not null && !key.OneOf.Contains(text)) problem = NotOneOf(key.OneOf, text);
        return problem is null ? text : null;
    }

    private static string? WrongText(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "must not be empty";
        if (text.Contains("${")) return "${…} is only read in keys that hold a secret; write the value itself";
        foreach (var c in text)
            if (char.IsControl(c)) return $"holds the control character U+{(int)c:X4}; expected text on one line";
        return null;
    }

    private static string NotOneOf(IReadOnlyList<string> values, string text)
    {
        var near = NearestName.Of(text, values);
        return $"\"{Excerpt.Of(text)}\" is not known; expected {(values.Count > 1 ? "one of " : "")}{string.Join(", ", values)}{(near is null ? "" : $"; did you mean {near}?")}";
    }

    private static string? ReadPath(Key key, YamlNode node, out string? problem)
    {
        if (ReadText(key, node, out problem) is not { } path) return null;
        if (path is "~" || path.StartsWith("~/", StringComparison.Ordinal)) problem = "~ is not expanded here; write the whole path, or one relative to this file";
        else if (path.Contains("://")) problem = "is a URL; expected a path on this machine";
        return problem is null ? Path.GetFullPath(path, node.Place.Source.Folder) : null;
    }

    private static Secret? ReadSecret(YamlNode node, out string? problem)
    {
        problem = null;
        if (node is ScalarNode { Text: ['$', '{', 'e', 'n', 'v', ':', .. var name, '}'] } && IsVariable(name)) return new Secret(name);
        problem = "a secret never stands in the file; write ${env:NAME} and set the environment variable NAME";
        return null;
    }

    private static bool IsVariable(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        return true;
    }

    private static object? ReadInteger(Key key, YamlNode node, out string? problem)
    {
        if (node is not ScalarNode scalar || !IsWhole(scalar)) return Unexpected(key, node, out problem);
        if (key.OneOf is not null)
        {
            problem = key.OneOf.Contains(scalar.Value!.ToString()!) ? null : $"{Excerpt.Of(scalar.Text)} is not known; expected one of {string.Join(", ", key.OneOf)}";
            return problem is null ? scalar.Value : null;
        }
        return InRange(key, scalar, Number(scalar), out problem) is null ? null : scalar.Value;
    }

    /// <summary>A whole number, also one that is too big for a long.</summary>
    private static bool IsWhole(ScalarNode scalar) =>
        scalar.Value is long || (scalar.Value is double && scalar.Text.AsSpan().IndexOfAny(".eEnN") < 0);

    private static object? ReadInterval(Key key, YamlNode node, out string? problem)
    {
        if (node is not ListNode { Items: [ScalarNode { Value: long or double } first, ScalarNode { Value: long or double } second] }) return Unexpected(key, node, out problem);
        var (min, max) = (Number(first), Number(second));
        if (InRange(key, first, min, out problem) is null || InRange(key, second, max, out problem) is null) return null;
        if (min > max) problem = $"[{first.Text}, {second.Text}] runs backwards; the smaller number comes first";
        return problem is null ? new Interval(min, max) : null;
    }

    private static Names? ReadNames(Key key, YamlNode node, out string? problem)
    {
        if (node is not ListNode list) return (Names?)Unexpected(key, node, out problem);
        var names = new List<string>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (ReadText(key, item, out problem) is not { } name) return null;
            if (names.Contains(name))
            {
                problem = $"\"{Excerpt.Of(name)}\" stands twice";
                return null;
            }
            names.Add(name);
        }
        problem = null;
        return new Names(names);
    }

    private static double Number(ScalarNode scalar) => scalar.Value is long whole ? whole : (double)scalar.Value!;

    private static object? InRange(Key key, ScalarNode scalar, double number, out string? problem)
    {
        problem = null;
        if (key.Range is { } range && !range.Contains(number))
            problem = $"{Excerpt.Of(scalar.Text)} is out of range; allowed is {Numbers.Text(range.Min)} to {Numbers.Text(range.Max)}{(key.Unit is null ? "" : $" {key.Unit}")}";
        else if (!double.IsFinite(number)) problem = $"{Excerpt.Of(scalar.Text)} is not a finite number";
        return problem is null ? number : null;
    }

    private static object? Unexpected(Key key, YamlNode node, out string? problem)
    {
        problem = $"expected {Expected(key)}, found {Found(node)}{Hint(key, node)}";
        return null;
    }

    private static string Expected(Key key) => key.Kind switch
    {
        KeyKind.Flag => "true or false",
        KeyKind.Integer => "a whole number",
        KeyKind.Number => "a number",
        KeyKind.Interval => "two numbers such as [5, 30]",
        KeyKind.Names => $"a list such as [{string.Join(", ", key.OneOf?.Take(2) ?? ["anna", "bert"])}]",
        KeyKind.Path => "a path",
        KeyKind.Secret => "${env:NAME}",
        _ => "text",
    } + (key.IsNullable ? " or null" : "");

    /// <summary>A YAML value in words.</summary>
    public static string Found(YamlNode node) => node switch
    {
        MapNode => "a map of keys",
        ListNode list => $"a list of {list.Items.Count}",
        ScalarNode { IsEmpty: true } => "nothing",
        ScalarNode { Value: string text } => $"the text \"{Excerpt.Of(text)}\"",
        ScalarNode scalar => Excerpt.Of(scalar.Text),
        _ => "something else",
    };

    private static string Hint(Key key, YamlNode node)
    {
        if (node is ScalarNode { Value: null }) return key.Default is { } value ? $"; leave the key out for its default, {Shown(value)}" : "";
        if (node is not ScalarNode scalar) return "";
        if (key.Kind == KeyKind.Flag && scalar.Text.ToLowerInvariant() is "yes" or "on" or "y" or "1") return "; write true";
        if (key.Kind == KeyKind.Flag && scalar.Text.ToLowerInvariant() is "no" or "off" or "n" or "0") return "; write false";
        if (scalar.Value is bool && key.Kind == KeyKind.Text) return "; put it in quotes if it is meant as text";
        if (scalar.IsPlain) return "";
        var unquoted = CoreSchema.Resolve(scalar.Text);
        return (key.Kind, unquoted) is (KeyKind.Flag, bool) or (KeyKind.Integer, long) or (KeyKind.Number, long or double) ? "; remove the quotes" : "";
    }

    /// <summary>A default as it would stand in the file.</summary>
    public static string Shown(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number => Numbers.Text(number),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
