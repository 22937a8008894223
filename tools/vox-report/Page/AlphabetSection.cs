using System.Globalization;
using System.Text;
using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>The characters of the texts; rare ones are often typing errors, and a voice cannot learn them.</summary>
internal static class AlphabetSection
{
    private const int MostShown = 400;

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var alphabet = content.Survey.Alphabet;
        var characters = alphabet.Characters;
        if (characters.Count == 0)
        {
            html.Write($"<p>The data set has no texts.</p>\n");
            return;
        }
        var rare = characters.Where(use => use.Rare).ToList();
        html.Write($"<p>{characters.Count:N0} different characters in the texts of {alphabet.Clips:N0} clips; {rare.Count:N0} of them stand in fewer than {Alphabet.RareBelow} clips.</p>\n");
        if (rare.Count > 0)
        {
            html.Write($"<div class=\"table\"><table><caption>Rare characters: a voice hardly learns them, and many are typing errors</caption><thead><tr><th scope=\"col\">Character</th><th scope=\"col\">Code</th><th scope=\"col\">Kind</th><th scope=\"col\" class=\"n\">Times</th><th scope=\"col\">Clips</th></tr></thead><tbody>\n");
            foreach (var use in rare.Take(MostShown))
            {
                html.Write($"<tr><th scope=\"row\" class=\"rune\"><bdi>{Glyph(use.Character)}</bdi></th><td>{Code(use.Character)}</td><td>{Kind(use.Character)}</td><td class=\"n\">{use.Times:N0}</td><td>");
                foreach (var id in use.In.Order(StringComparer.Ordinal)) html.Write($"<bdi>{id}</bdi> ");
                html.Write($"</td></tr>\n");
            }
            html.Write($"</tbody></table></div>\n");
            if (rare.Count > MostShown) html.Write($"<p class=\"note\">The first {MostShown} of {rare.Count:N0} rare characters.</p>\n");
        }
        var common = characters.Where(use => !use.Rare).ToList();
        html.Write($"<details{(common.Count > 0 && common.Count <= 120 ? " open" : "")}><summary>All others, with the number of clips they stand in</summary><ul class=\"runes\">\n");
        foreach (var use in common.Take(MostShown)) html.Write($"<li title=\"{Code(use.Character)} {Kind(use.Character)}, {use.Times:N0} times\"><bdi>{Glyph(use.Character)}</bdi> <small>{use.Clips:N0}</small></li>\n");
        html.Write($"</ul></details>\n");
        if (common.Count > MostShown) html.Write($"<p class=\"note\">The {MostShown} most used of {common.Count:N0}.</p>\n");
    }

    private static string Code(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    /// <summary>The character, or a sign for what cannot be seen; combining marks get a circle to stand on.</summary>
    private static string Glyph(Rune rune) =>
        rune.Value == ' ' ? "␣"
        : HtmlWriter.IsUnseen(rune) || Rune.IsWhiteSpace(rune) ? "·"
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? "◌" + rune
        : rune.ToString();

    private static string Kind(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => "capital letter",
        UnicodeCategory.LowercaseLetter => "small letter",
        UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => "letter",
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => "combining mark",
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => "digit or number",
        UnicodeCategory.SpaceSeparator => "space",
        UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol => "symbol",
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => "control character",
        UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned => "no assigned character",
        _ => "punctuation",
    };
}
