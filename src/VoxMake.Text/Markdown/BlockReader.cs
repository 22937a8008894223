using Markdig.Extensions.Alerts;
using Markdig.Extensions.CustomContainers;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace VoxMake.Text.Markdown;

/// <summary>Paragraphs, lists, tables and whatever else stands on lines of its own.</summary>
internal sealed class BlockReader
{
    private readonly string _source;
    private readonly MarkdownSettings _settings;
    private readonly MarkdownFaults _faults;
    private readonly MarkdownWords _words;
    private readonly SpokenText _spoken = new();
    private readonly InlineReader _inlines;

    public BlockReader(string source, MarkdownSettings settings)
    {
        (_source, _settings, _faults, _words) = (source, settings, new MarkdownFaults(source), MarkdownWords.Of(settings.Language));
        _inlines = new(settings, _faults, _spoken);
    }

    /// <exception cref="MarkdownException">There is mark-up that is not known.</exception>
    public MarkdownText Result()
    {
        _faults.ThrowIfAny();
        return new(_spoken.Parts());
    }

    public void Read(ContainerBlock container)
    {
        foreach (var block in container)
        {
            _spoken.MutedUntil = null; // an unclosed <del> mutes no more than its own paragraph
            One(block);
        }
    }

    private void One(Block block)
    {
        switch (block)
        {
            case YamlFrontMatterBlock or LinkReferenceDefinitionGroup or LinkReferenceDefinition: break;
            case HeadingBlock heading:
                _inlines.Read(heading.Inline);
                _spoken.EndSentence();
                break;
            case ParagraphBlock paragraph:
                _inlines.Read(paragraph.Inline);
                _spoken.EndLine();
                break;
            case ThematicBreakBlock: _spoken.Pause(_settings.RulePause); break;
            case ListBlock list: List(list); break;
            case Table table: Table(table); break;
            case MathBlock math: Refuse(math, "a formula", "formulas are not spoken; write it in words"); break;
            case CodeBlock code: Code(code); break;
            case HtmlBlock html:
                _inlines.Html.Read(Source(html), html.Span.Start);
                _spoken.EndLine();
                break;
            case CustomContainer custom:
                var info = custom.Info is { Length: > 0 } name ? " " + name : "";
                Refuse(custom, $"the container ':::{info}'", "this mark-up is not known; take it out, or have unknown mark-up stripped");
                if (_settings.Unknown == UnknownMarkup.Strip) Read(custom);
                break;
            case AlertBlock or QuoteBlock: Quote((ContainerBlock)block); break;
            case FootnoteGroup notes:
                if (_settings.Footnotes == FootnoteReading.AtEnd) Read(notes);
                break;
            case ContainerBlock container: Read(container); break;
            default: Refuse(block, block.GetType().Name, "this mark-up is not known"); break;
        }
    }

    private void List(ListBlock list)
    {
        var number = list.IsOrdered && int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            _spoken.MutedUntil = null;
            if (list.IsOrdered && _settings.ListNumbers) _spoken.Append($"{number}: ");
            number++;
            foreach (var block in item)
                if (block is ParagraphBlock paragraph)
                {
                    _inlines.Read(paragraph.Inline);
                    _spoken.EndSentence();
                }
                else One(block);
        }
    }

    private void Code(CodeBlock code)
    {
        if (_settings.CodeBlocks == Markdown.Read.Text) _spoken.Append(code.Lines.ToString());
        else if (_settings.CodeBlocks == Markdown.Read.Announce) _spoken.Append(_words.Code);
        _spoken.EndLine();
    }

    private void Quote(ContainerBlock quote)
    {
        if (_settings.Quotes == Markdown.Read.Omit) return;
        if (_settings.Quotes == Markdown.Read.Announce) _spoken.Append(_words.Quote);
        Read(quote);
    }

    private void Table(Table table)
    {
        if (_settings.Tables == TableReading.Omit) return;
        var rows = table.OfType<TableRow>().ToList();
        var headers = rows.FirstOrDefault(row => row.IsHeader)?.OfType<TableCell>().ToList() ?? [];
        foreach (var row in rows)
        {
            if (row.IsHeader && _settings.Tables == TableReading.Headers) continue;
            var cells = row.OfType<TableCell>().ToList();
            var first = true;
            for (var i = 0; i < cells.Count; i++)
            {
                if (IsEmpty(cells[i])) continue;
                if (!first) _spoken.Append(", ");
                first = false;
                if (!row.IsHeader && _settings.Tables == TableReading.Headers && i < headers.Count && !IsEmpty(headers[i]))
                {
                    Cell(headers[i]);
                    _spoken.Append(": ");
                }
                Cell(cells[i]);
            }
            _spoken.EndSentence();
        }
    }

    private void Cell(TableCell cell)
    {
        foreach (var paragraph in cell.OfType<ParagraphBlock>()) _inlines.Read(paragraph.Inline);
        _spoken.MutedUntil = null;
    }

    private static bool IsEmpty(TableCell cell) => !cell.OfType<ParagraphBlock>().Any(paragraph => paragraph.Inline?.FirstChild is not null);

    private string Source(Block block) => _source.Substring(Math.Max(0, block.Span.Start), Math.Max(0, Math.Min(_source.Length, block.Span.End + 1) - Math.Max(0, block.Span.Start)));

    private void Refuse(Block block, string name, string message)
    {
        if (_settings.Unknown == UnknownMarkup.Refuse) _faults.Add(block.Span.Start, name, message);
    }
}
