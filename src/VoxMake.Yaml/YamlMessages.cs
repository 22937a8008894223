using YamlDotNet.Core;

namespace VoxMake.Yaml;

/// <summary>The parser's errors in words that say what to do.</summary>
internal static class YamlMessages
{
    public static string Of(YamlException error, string line, int column)
    {
        var found = column <= line.Length && column > 0 ? line[column - 1] : '\0';
        var said = error.Message;
        if (said.Contains("cannot start any token")) return $"not valid YAML: a value cannot begin with '{found}'; put it in quotes";
        if (said.Contains("mapping values are not allowed", StringComparison.OrdinalIgnoreCase)) return "not valid YAML: no key can stand here; check the indentation of this line and the one above";
        if (said.Contains("found invalid mapping")) return "not valid YAML: a second ': ' in one value; put the value in quotes, or check the indentation";
        if (said.Contains("did not find expected key") || said.Contains("could not find expected ':'")) return "not valid YAML: expected a key and a colon, such as 'language: German'; check indentation and quotes";
        if (said.Contains("quoted scalar, found unexpected end")) return "not valid YAML: this quote is not closed";
        return $"not valid YAML: {char.ToLowerInvariant(said[0])}{said[1..].TrimEnd('.')}";
    }
}
