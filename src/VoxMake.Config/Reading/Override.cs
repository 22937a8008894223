using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>One <c>--set dotted.key=value</c>; the value is YAML: a scalar, <c>[5, 30]</c>, <c>{}</c>.</summary>
internal static class Override
{
    /// <summary>The keys that it sets, as a file would; null where it cannot be understood.</summary>
    /// <param name="order">From 0; later ones win.</param>
    public static MapNode? Read(string option, int order, ErrorList errors)
    {
        var at = option.IndexOf('=');
        var text = SourceText.OfOverride(option, option[(at + 1)..], order);
        var names = at < 0 ? [] : option[..at].Split('.');
        if (at < 0 || names.Length > YamlReader.MaxDepth || Array.Exists(names, string.IsNullOrWhiteSpace))
        {
            errors.Add(text.Start, "", "expected a key and a value, such as training.num_epochs=2");
            return null;
        }
        if (names is ["extends"])
        {
            errors.Add(text.Start, "extends", "cannot be set here; it belongs into the file");
            return null;
        }
        if (text.Value(errors) is not { } value) return null;
        for (var i = names.Length - 1; i >= 0; i--)
        {
            var map = new MapNode(text.Start);
            map.Add(new Entry(new ScalarNode(text.Start, names[i], isPlain: true), value));
            value = map;
        }
        return (MapNode)value;
    }
}
