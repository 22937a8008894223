namespace VoxMake.Yaml;

/// <summary>
/// Refuses what YAML forbids or editors and parsers see differently: control characters, exotic line ends (the parser counts them as lines, editors do not), tabs that indent, and what
/// was no UTF-8.
/// </summary>
internal static class Characters
{
    /// <summary>Whether nothing is wrong; else the first that is was told to <paramref name="refuse"/>.</summary>
    public static bool AreText(YamlText text, Action<Place, string> refuse)
    {
        var content = text.Content;
        int line = 1, start = 0;
        var indentation = true;
        int? tab = null;
        for (var i = 0; i < content.Length; i++)
        {
            var c = content[i];
            if (c == '\n' || (c == '\r' && (i + 1 == content.Length || content[i + 1] != '\n')))
            {
                (line, start, indentation, tab) = (line + 1, i + 1, true, null);
                continue;
            }
            if (c == '\r') continue;
            if (Wrong(c) is { } why)
            {
                refuse(new(text, line, i - start + 1), why);
                return false;
            }
            if (!indentation) continue;
            if (c == '\t') tab ??= i - start + 1;
            else if (c != ' ')
            {
                indentation = false;
                if (tab is not { } column || c == '#') continue;
                refuse(new(text, line, column), "a tab indents this line; YAML indents with spaces");
                return false;
            }
        }
        return true;
    }

    private static string? Wrong(char c) => c switch
    {
        '\t' => null,
        '\uFFFD' => "is not UTF-8 here, or a character was lost before; save the file as UTF-8",
        < ' ' or (>= '\x7F' and <= '\x9F') or '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF' or '\uFEFF' => $"the character U+{(int)c:X4} is not allowed; remove it",
        _ => null,
    };
}
