using System.Text;
using Markdig.Extensions.Emoji;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax.Inlines;

namespace VoxMake.Text.Markdown;

/// <summary>What stands in a line of Markdown.</summary>
internal sealed class InlineReader(MarkdownSettings settings, MarkdownFaults faults, SpokenText spoken)
{
    private readonly ForeignMarkup _foreign = new(settings, faults, spoken);
    private readonly MarkdownWords _words = MarkdownWords.Of(settings.Language);

    public HtmlReader Html { get; } = new(settings, faults, spoken);

    public void Read(ContainerInline? container)
    {
        if (container is null) return;
        var texts = new List<(string, bool, int)>();
        foreach (var inline in Flat(container))
        {
            if (inline is DelimiterInline delimiter) texts.Add((delimiter.ToLiteral(), false, inline.Span.Start));
            else if (inline is LiteralInline literal and not EmojiInline) texts.Add((literal.Content.ToString(), literal.IsFirstCharacterEscaped, inline.Span.Start));
            else
            {
                Literals(texts);
                texts.Clear();
                One(inline);
            }
        }
        Literals(texts);
    }

    private void One(Inline inline)
    {
        switch (inline)
        {
            case LineBreakInline line:
                if (line.IsHard) spoken.EndLine();
                else spoken.Append(" ");
                break;
            case HtmlEntityInline entity: spoken.Append(entity.Transcoded.ToString()); break;
            case HtmlInline html: Html.Tag(html.Tag, html.Span.Start); break;
            case CodeInline code:
                if (settings.CodeSpans == Markdown.Read.Text) spoken.Append(code.Content);
                break;
            case AutolinkInline link: spoken.Append(link.Url); break;
            case LinkInline { IsImage: true } image: Image(image); break;
            case EmojiInline emoji: spoken.Append(Emoji(emoji)); break;
            case FootnoteLink: break; // the text of footnotes is read at the end, or not at all
            case TaskList task:
                if (settings.Tasks) spoken.Append(task.Checked ? _words.Done : _words.Open);
                break;
            case MathInline math: Refuse(math.Span.Start, "a formula", "formulas are not spoken; write it in words"); break;
            case EmphasisInline { DelimiterChar: '~' } when settings.Struck == Markdown.Read.Omit: break;
            case ContainerInline container: Read(container); break;
            default: Refuse(inline.Span.Start, inline.GetType().Name, "this mark-up is not known"); break;
        }
    }

    private void Image(LinkInline image)
    {
        if (settings.Images == Markdown.Read.Omit || image.FirstChild is null) return;
        spoken.Append(settings.Images == Markdown.Read.Announce ? $" {_words.Image}" : " ");
        Read(image);
        spoken.Append(" ");
    }

    private string Emoji(EmojiInline emoji) => settings.Emoji switch
    {
        EmojiReading.Emoji => emoji.Content.ToString(),
        EmojiReading.Name => $" {(emoji.Match ?? "").Trim(':').Replace('_', ' ').Replace('-', ' ')} ",
        _ => " ",
    };

    /// <summary>Text that follows one another, as one.</summary>
    private void Literals(IReadOnlyList<(string Text, bool Escaped, int At)> pieces)
    {
        var (text, looked, places) = (new StringBuilder(), new StringBuilder(), new List<(int At, int Source)>());
        foreach (var (content, escaped, at) in pieces.Where(piece => piece.Text.Length > 0))
        {
            places.Add((text.Length, at));
            text.Append(content);
            looked.Append(escaped ? "\0" : content[..1]).Append(content[1..]);
        }
        _foreign.Append(text.ToString(), looked.ToString(), index =>
        {
            var (at, start) = places.Last(place => place.At <= index);
            return start + index - at;
        });
    }

    /// <summary>Brackets that turned out to be none of a link hold what follows them: side by side again.</summary>
    private static IEnumerable<Inline> Flat(ContainerInline container)
    {
        foreach (var inline in container)
        {
            yield return inline;
            if (inline is DelimiterInline delimiter)
                foreach (var inner in Flat(delimiter)) yield return inner;
        }
    }

    private void Refuse(int at, string name, string message)
    {
        if (settings.Unknown == UnknownMarkup.Refuse) faults.Add(at, name, message);
    }
}
