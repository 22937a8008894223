using System.Globalization;
using System.Text;

namespace VoxMake.Torch.Weights;

/// <summary>A name from a file, safe to print: quoted, without control, formatting or direction characters, and not long.</summary>
internal static class QuotedName
{
    private const int LongestShown = 200;

    /// <summary><c>a b</c> becomes <c>'a b'</c>, a line feed <c>\u000a</c>; after 200 characters comes an ellipsis.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder("'");
        foreach (var c in name.Length > LongestShown ? name.AsSpan(0, LongestShown) : name)
        {
            var plain = c is not ('\'' or '\\') && char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            if (plain) text.Append(c);
            else text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return text.Append(name.Length > LongestShown ? "…'" : "'").ToString();
    }
}
