using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Normalizer;

/// <summary>What two texts of any language are brought to before they are compared: openai-whisper's BasicTextNormalizer. Lower case, no notes in brackets, symbols as spaces, single spaces.</summary>
/// <param name="removeDiacritics">Whether marks on letters go as well.</param>
/// <param name="splitLetters">Whether letters stand apart, for languages that put no spaces between words.</param>
public sealed partial class BasicTextNormalizer(bool removeDiacritics = false, bool splitLetters = false)
{
    public string Normalize(string text)
    {
        text = RoundBrackets().Replace(Brackets().Replace(text.ToLowerInvariant(), ""), "");
        text = (removeDiacritics ? PlainLetters.WithoutDiacritics(text) : PlainLetters.WithoutSymbols(text)).ToLowerInvariant();
        if (splitLetters) text = string.Join(' ', Letters(text));
        return Spaces().Replace(text, " ");
    }

    private static IEnumerable<string> Letters(string text)
    {
        for (var letters = StringInfo.GetTextElementEnumerator(text); letters.MoveNext();) yield return letters.GetTextElement();
    }

    [GeneratedRegex(@"[<\[][^>\]]*[>\]]")]
    internal static partial Regex Brackets();

    [GeneratedRegex(@"\(([^)]+?)\)")]
    internal static partial Regex RoundBrackets();

    [GeneratedRegex(@"\s+")]
    internal static partial Regex Spaces();
}
