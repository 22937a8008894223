using System.Text;

namespace VoxMake.Corpus;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">The line that it begins in, counted from 1.</param>
/// <param name="Fields">Null where it has a fault.</param>
/// <param name="Fault"><c>bad_quotes</c>, <c>bad_utf8</c> or <c>line_too_long</c>.</param>
public readonly record struct CsvRecord(int Line, string[]? Fields, Fault? Fault);

/// <summary>
/// Reads RFC 4180: commas, fields in double quotes where they hold commas, quotes or line breaks. Our own and not CsvHelper's because a stray
/// quote must cost one line and be named, and not swallow the lines up to the next quote: where a quote does not close within
/// <see cref="MaxLines"/> lines, the line that opened it is the fault and reading goes on with the line after it. Empty lines are left out. A line
/// break inside quotes is read as LF.
/// </summary>
public static class CsvRecords
{
    /// <summary>Lines that one record may span.</summary>
    public const int MaxLines = 100;

    /// <summary>The records, the header among them.</summary>
    public static IEnumerable<CsvRecord> Read(IEnumerable<TextLine> lines)
    {
        using var source = lines.GetEnumerator();
        var waiting = new LinkedList<TextLine>(); // read ahead and given back
        var fields = new List<string>();
        while (Next(out var first))
        {
            if (first.Text is null)
            {
                yield return new CsvRecord(first.Number, null, first.Fault);
                continue;
            }
            if (first.Text.Length == 0) continue;
            var (text, used) = (first.Text, new List<TextLine>());
            while (true)
            {
                var end = Parse(text, fields);
                if (end == End.Complete)
                {
                    yield return new CsvRecord(first.Number, [.. fields], null);
                    break;
                }
                if (end == End.QuoteOpen && used.Count < MaxLines && text.Length < TextLines.MaxBytes && Next(out var more))
                {
                    used.Add(more);
                    if (more.Text is not null)
                    {
                        text = $"{text}\n{more.Text}";
                        continue;
                    }
                }
                yield return new CsvRecord(first.Number, null, new Fault("bad_quotes", end == End.QuoteOpen
                    ? "a double quote is opened here and not closed; a quote inside a quoted field is written twice (\"\")"
                    : "text follows a closing double quote; a quote inside a quoted field is written twice (\"\")"));
                for (var i = used.Count - 1; i >= 0; i--) waiting.AddFirst(used[i]);
                break;
            }
        }

        bool Next(out TextLine line)
        {
            line = default;
            if (waiting.First is { } node)
            {
                line = node.Value;
                waiting.RemoveFirst();
                return true;
            }
            if (!source.MoveNext()) return false;
            line = source.Current;
            return true;
        }
    }

    private enum End { Complete, QuoteOpen, TextAfterQuote }

    /// <summary>A quote is one only at a field's start: <c>a,5" disk</c> is text, as spreadsheets read it.</summary>
    private static End Parse(string text, List<string> fields)
    {
        fields.Clear();
        var field = new StringBuilder();
        for (var i = 0; ; i++)
        {
            if (i < text.Length && text[i] == '"')
            {
                field.Clear();
                for (i++; ; i++)
                {
                    var quote = text.IndexOf('"', i);
                    if (quote < 0) return End.QuoteOpen;
                    field.Append(text, i, quote - i);
                    i = quote + 1;
                    if (i == text.Length || text[i] != '"') break;
                    field.Append('"');
                }
                fields.Add(field.ToString());
                if (i < text.Length && text[i] != ',') return End.TextAfterQuote;
            }
            else
            {
                var comma = text.IndexOf(',', i);
                if (comma < 0) comma = text.Length;
                fields.Add(text[i..comma]);
                i = comma;
            }
            if (i >= text.Length) return End.Complete;
        }
    }
}
