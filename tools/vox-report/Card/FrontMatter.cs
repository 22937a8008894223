using System.Globalization;
using System.Text;

namespace VoxMake.Report.Card;

/// <summary>
/// The YAML block at the top of a Hugging Face model card. Every value that is not ours stands in double quotes with YAML 1.2's escapes (section 5.7), so that no name,
/// whatever is in it, can end its line or become another key.
/// </summary>
internal sealed class FrontMatter
{
    private readonly StringBuilder _yaml = new("---\n");

    /// <summary>A key with one value; nothing where there is none.</summary>
    public FrontMatter Value(string key, string? value)
    {
        if (value is not null) _yaml.Append(CultureInfo.InvariantCulture, $"{key}: {Quoted(value)}\n");
        return this;
    }

    /// <summary>A key with a list; nothing where it is empty.</summary>
    public FrontMatter List(string key, IEnumerable<string> values)
    {
        var list = values.ToList();
        if (list.Count > 0) _yaml.Append(CultureInfo.InvariantCulture, $"{key}:\n");
        foreach (var value in list) _yaml.Append(CultureInfo.InvariantCulture, $"- {Quoted(value)}\n");
        return this;
    }

    /// <summary>The block with its fences.</summary>
    public override string ToString() => _yaml + "---\n";

    /// <summary>A double-quoted scalar.</summary>
    internal static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') quoted.Append('\\').Append(rune);
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
            else quoted.Append(rune);
        }
        return quoted.Append('"').ToString();
    }
}
