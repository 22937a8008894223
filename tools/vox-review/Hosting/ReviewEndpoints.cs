using System.Globalization;
using Microsoft.AspNetCore.Http;
using VoxMake.Audio;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.ReviewTool.Clips;
using VoxMake.ReviewTool.Edits;
using VoxMake.ReviewTool.Sound;

namespace VoxMake.ReviewTool.Hosting;

/// <summary>What can be asked and said. Clips are named by their numbers: no path and no id of a caller is ever looked up.</summary>
internal sealed class ReviewEndpoints(ClipTable table, EditBook book, string title)
{
    private const int MostRows = 500, MostSpeakers = 1000;

    public SummaryAnswer Summary() => new(title, table.Clips.Count, Counts(),
        [.. table.Clips.Select(clip => book.Of(clip).Speaker).Where(speaker => speaker.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostSpeakers)],
        table.SortedBy, book.Path, book.Orphans, ClipQuery.Orders, ClipQuery.Filters);

    public ListAnswer List(IQueryCollection asked)
    {
        string Of(string name, string otherwise) => asked[name].ToString() is { Length: > 0 } said ? said : otherwise;
        var query = new ClipQuery(Of("order", "confidence"), Of("filter", "all"), Of("words", ""), Of("speaker", ""));
        return query.IsKnown ? new ListAnswer(query.Of(table, book)) : throw new CallException(400, "there is no such order or filter, or the words are too long");
    }

    public RowsAnswer Rows(string numbers)
    {
        var parts = numbers.Split(',', MostRows + 1);
        return parts.Length <= MostRows ? new RowsAnswer([.. parts.Select(part => Row(Find(part)))]) : throw new CallException(400, $"at most {MostRows} rows are answered at once");
    }

    public ClipAnswer Clip(string number)
    {
        var clip = Find(number);
        var values = table.Columns.Select((name, i) => (name, value: clip.Values[i])).Where(column => !string.IsNullOrEmpty(column.value)).ToDictionary(column => column.name, column =>
            column.value!);
        var (peaks, fault) = (new Peaks(clip.Seconds ?? 0, []), "");
        try { peaks = Peaks.Of(clip.Audio); }
        catch (AudioFormatException error) { fault = error.Message; }
        return new ClipAnswer(Row(clip), clip.Text, clip.Speaker, Digest.OfFile(clip.Audio).ToString(), peaks.Seconds, peaks.Values, ClipWords.Read(clip.Words), values, fault);
    }

    public PlayableSound Sound(string number) => PlayableSound.Of(Find(number).Audio);

    public EditAnswer Edit(EditCall call)
    {
        if (call.Number < 0 || call.Number >= table.Clips.Count) throw new CallException(404, "there is no such clip");
        var clip = table.Clips[call.Number];
        if (!Digest.TryParse(call.Sha256, out var heard)) throw new CallException(400, "sha256 is no digest");
        var field = call.Field switch { "text" => EditField.Text, "speaker" => EditField.Speaker, "keep" => EditField.Keep, "drop" => EditField.Drop, "undecided" => EditField.Undecided,
            _ => throw new CallException(400, "field is none of text, speaker, keep, drop, undecided") };
        try { book.Write(clip, heard, field, call.Old, call.New); }
        catch (EditRefusedException error) { throw new CallException(409, error.Message, Row(clip)); }
        return new EditAnswer(Row(clip), Counts());
    }

    private ReviewClip Find(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var found) && found < table.Clips.Count ? table.Clips[found] : throw new CallException(404, "there is no such clip");

    private RowAnswer Row(ReviewClip clip)
    {
        var now = book.Of(clip);
        return new RowAnswer(clip.Number, clip.Id, now.Text, now.Speaker, clip.Confidence, clip.Guards, clip.Rejected, clip.Seconds, now.Verdict, now.IsCorrected);
    }

    private CountsAnswer Counts() => new(book.Touched, book.Corrected, book.Kept, book.Dropped);
}
