using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Markdown;

/// <summary>Tags of HTML in Markdown, and the one of SSML that is understood: <c>&lt;break time="500ms"/&gt;</c>.</summary>
internal sealed partial class HtmlReader(MarkdownSettings settings, MarkdownFaults faults, SpokenText spoken)
{
    /// <summary>Tags whose text is read on as if they were not there.</summary>
    private static readonly HashSet<string> Inline =
        ["b", "i", "em", "strong", "u", "ins", "mark", "small", "big", "sub", "sup", "span", "font", "kbd", "samp", "var", "q", "cite", "abbr", "dfn", "time", "a", "wbr", "bdi", "bdo"];

    /// <summary>Tags that begin and end a line.</summary>
    private static readonly HashSet<string> Lines =
        ["p", "div", "section", "article", "header", "footer", "main", "aside", "center", "ul", "ol", "dl", "dt", "dd", "blockquote", "address", "figure", "figcaption", "details", "summary", "br",
        "thead", "tbody", "tfoot", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr"];

    /// <summary>Lines of these are no sentences but heard as such.</summary>
    private static readonly HashSet<string> Sentences = ["h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "tr", "summary", "figcaption", "caption"];

    private readonly ForeignMarkup _foreign = new(settings, faults, spoken);
    private readonly HashSet<string> _tags = [.. settings.Tags ?? []];

    /// <summary>A piece of HTML: tags and the text between.</summary>
    public void Read(string html, int at)
    {
        var done = 0;
        foreach (Match tag in Tags().Matches(html))
        {
            Text(html[done..tag.Index], at + done);
            Tag(tag.Value, at + tag.Index);
            done = tag.Index + tag.Length;
        }
        Text(html[done..], at + done);
    }

    private void Text(string text, int at)
    {
        text = text.Replace('\n', ' ').Replace('\r', ' ');
        _foreign.Append(text, text, index => at + index, WebUtility.HtmlDecode);
    }

    /// <summary>One tag or comment.</summary>
    public void Tag(string tag, int at)
    {
        if (tag.StartsWith("<!--", StringComparison.Ordinal)) return;
        if (_tags.Contains(tag))
        {
            spoken.Append(tag);
            return;
        }
        var parsed = OneTag().Match(tag);
        var (name, closes) = (parsed.Groups["name"].Value.ToLowerInvariant(), parsed.Groups["slash"].Success);
        if (spoken.MutedUntil is { } muted)
        {
            if (closes && name == muted) spoken.MutedUntil = null;
            return;
        }
        switch (name)
        {
            case "": Refuse(tag, at, "neither a tag nor a comment"); break;
            case "break": Break(tag, closes, at); break;
            case "hr": spoken.EndLine(); spoken.Pause(settings.RulePause); break;
            case "img": Image(tag); break;
            case "s" or "del" or "strike": Mute(name, closes, settings.Struck == Markdown.Read.Omit); break;
            case "code": Mute(name, closes, settings.CodeSpans != Markdown.Read.Text); break;
            case "table": spoken.EndLine(); Mute(name, closes, settings.Tables == TableReading.Omit); break;
            case "td" or "th":
                if (closes) spoken.Append(", ");
                break;
            case "pre":
                spoken.EndLine();
                if (!closes && settings.CodeBlocks == Markdown.Read.Announce) spoken.Append(MarkdownWords.Of(settings.Language).Code);
                Mute(name, closes, settings.CodeBlocks != Markdown.Read.Text);
                break;
            default:
                if (Inline.Contains(name)) break;
                if (!Lines.Contains(name)) Unknown(tag, name, closes, at);
                else if (closes && Sentences.Contains(name)) spoken.EndSentence();
                else spoken.EndLine();
                break;
        }
    }

    private void Unknown(string tag, string name, bool closes, int at)
    {
        Refuse($"<{(closes ? "/" : "")}{name}>", at, "this tag is not known; take it out, or have unknown mark-up stripped");
        if (!closes && name is "script" or "style" or "svg" or "math" or "template" or "noscript" && !tag.EndsWith("/>", StringComparison.Ordinal)) spoken.MutedUntil = name;
    }

    private void Refuse(string name, int at, string message)
    {
        if (settings.Unknown == UnknownMarkup.Refuse) faults.Add(at, name, message);
    }

    private void Mute(string name, bool closes, bool mute)
    {
        if (!closes && mute) spoken.MutedUntil = name;
    }

    private void Break(string tag, bool closes, int at)
    {
        if (closes) return;
        if (BreakTag().Match(tag) is not { Success: true } match || !double.TryParse(match.Groups["time"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time))
            Refuse("<break>", at, "expected a time in s or ms, such as <break time=\"500ms\"/>");
        else spoken.Pause(Math.Min(match.Groups["unit"].Value == "ms" ? time / 1000 : time, MarkdownSpeech.LongestPause));
    }

    private void Image(string tag)
    {
        var alt = WebUtility.HtmlDecode(AltText().Match(tag).Groups["alt"].Value);
        if (settings.Images == Markdown.Read.Omit || alt.Length == 0) return;
        spoken.Append($" {(settings.Images == Markdown.Read.Announce ? MarkdownWords.Of(settings.Language).Image : "")}{alt} ");
    }

    [GeneratedRegex(@"<!--.*?(?:-->|$)|</?[A-Za-z][^<>]*>|<[!?][^<>]*>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tags();

    [GeneratedRegex(@"^<(?<slash>/)?(?<name>[A-Za-z][A-Za-z0-9:\-]*)", RegexOptions.CultureInvariant)]
    private static partial Regex OneTag();

    [GeneratedRegex(@"^<break\s+time\s*=\s*[""']?(?<time>\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(?<unit>ms|s)[""']?\s*/?>$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex BreakTag();

    [GeneratedRegex(@"\salt\s*=\s*(?:""(?<alt>[^""]*)""|'(?<alt>[^']*)')", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AltText();
}
