using System.Text.RegularExpressions;

namespace VoxMake.Text.Markdown;

/// <summary>Mark-up within text that no rule of Markdown knows: templates, wiki links, commands of LaTeX, footnotes without a text.</summary>
internal sealed partial class ForeignMarkup(MarkdownSettings settings, MarkdownFaults faults, SpokenText spoken)
{
    /// <summary>Speaks a text without what is foreign in it.</summary>
    /// <param name="looked">The text with what was escaped blotted out, character for character.</param>
    /// <param name="place">Where a character of it stands in the source.</param>
    /// <param name="said">What is spoken of a piece of it; the piece itself where nothing is given.</param>
    public void Append(string text, string looked, Func<int, int> place, Func<string, string>? said = null)
    {
        var done = 0;
        foreach (Match found in Foreign().Matches(looked))
        {
            if (settings.Unknown == UnknownMarkup.Refuse) faults.Add(place(found.Index), NameOf(found.Value), "this mark-up is not known; take it out, or have unknown mark-up stripped");
            Speak(text[done..found.Index]);
            done = found.Index + found.Length;
        }
        Speak(text[done..]);

        void Speak(string piece) => spoken.Append(said is null ? piece : said(piece));
    }

    private static string NameOf(string found) => found[0] switch
    {
        '{' => found[1] == '{' ? "a template {{…}}" : "a template {%…%}",
        '[' => found.StartsWith("[^", StringComparison.Ordinal) ? $"the footnote {found}, which has no text," : "a wiki link [[…]]",
        '$' => "a formula $$…",
        _ => $"the LaTeX command {found.Split('{')[0]}",
    };

    [GeneratedRegex(@"\{\{[^{}]*(?:\}\})?|\{%(?:[^{}%]|%(?!\}))*(?:%\})?|\[\[[^\[\]]*(?:\]\])?|\[\^[^\[\]\s]{1,64}\]|\$\$[^$]*(?:\$\$)?|\\[A-Za-z]{2,32}\{[^{}]*\}?", RegexOptions.CultureInvariant)]
    private static partial Regex Foreign();
}
