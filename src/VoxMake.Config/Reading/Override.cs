using VoxMake.Config.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>One <c>--set dotted.key=value</c>; the value is YAML: a scalar, <c>[5, 30]</c>, <c>{}</c>.</summary>
internal static class Override
{
    /// <summary>The keys that it sets, as a file would; null where it cannot be understood.</summary>
    /// <param name="order">From 0; later ones win.</param>
    public static MapNode? Read(string option, int order, ErrorList errors)
    {
        var text = SourceText.OfOverride(option, order);
        var at = option.IndexOf('=');
        var names = at < 0 ? [] : option[..at].Split('.');
        if (at < 0 || names.Length > YamlTree.MaxDepth || Array.Exists(names, string.IsNullOrWhiteSpace))
        {
            errors.Add(text.Start, "", "expected a key and a value, such as training.num_epochs=2");
            return null;
        }
        if (names is ["extends"])
        {
            errors.Add(text.Start, "extends", "cannot be set here; it belongs into the file");
            return null;
        }
        if (YamlTree.ReadValue(text, option[(at + 1)..], errors) is not { } value) return null;
        for (var i = names.Length - 1; i >= 0; i--)
        {
            var map = new MapNode(text.Start);
            map.Add(new Entry(names[i], text.Start, value));
            value = map;
        }
        return (MapNode)value;
    }
}
