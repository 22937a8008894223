using System.Text;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>How the verbs here get at their texts: the column <c>text</c>, or else the input file of that role.</summary>
internal static class TextItem
{
    public const string Text = "text", Raw = "text_raw", Language = "language";

    /// <summary>Largest file that is one text, in bytes.</summary>
    private const long MostBytes = 10_000_000;

    /// <summary>The item's text.</summary>
    /// <exception cref="UnusableItemException">It has none, or one that is no UTF-8.</exception>
    public static string Read(WorkItem item)
    {
        if (item.Columns[Text] is { Kind: not ValueKind.Null } column) return column.ToString();
        if (!item.Inputs.TryGetValue(Text, out var file)) throw new UnusableItemException("no_text", $"it has no column '{Text}' and no file with a text");
        if (new FileInfo(file.Path).Length is > MostBytes and var size) throw new UnusableItemException("too_big", $"the text has {size} bytes; expected {MostBytes} at most");
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file.Path)).TrimStart('\uFEFF'); }
        catch (DecoderFallbackException) { throw new UnusableItemException("not_utf8", "the text is not UTF-8"); }
    }

    /// <summary>The language that is set, else the item's own; null where neither says one.</summary>
    public static string? LanguageOf(WorkItem item, string? set) => set ?? (item.Columns[Language].ToString() is { Length: > 0 } own ? own : null);

    /// <summary>
    /// A text that was changed: the column <c>text</c>, with what it was before the first change in <c>text_raw</c>, and a file where it came from one. What else a row says is passed on. One of which nothing is left is rejected.
    /// </summary>
    public static ItemResult Changed(WorkItem item, string before, string after, IOutputFolder output, params ReadOnlySpan<(string, Value)> more)
    {
        var raw = item.Columns[Raw].ToString() is { Length: > 0 } kept ? kept : before;
        var changed = Columns.Of((Text, after), (Raw, raw)).With(Columns.Of(more));
        var columns = changed.With(Columns.Of(item.Columns.Where(told => told.Key is not (Text or Raw) && changed[told.Key].Kind == ValueKind.Null)));
        if (string.IsNullOrWhiteSpace(after)) return ItemResult.Rejected("empty", "nothing of the text is left to be spoken", columns);
        return item.Inputs.ContainsKey(Text) ? ItemResult.Ok(columns, output.Write(Text, ".txt", Encoding.UTF8.GetBytes(after + "\n"))) : ItemResult.Ok(columns);
    }
}
