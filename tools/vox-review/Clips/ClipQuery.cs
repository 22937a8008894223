using VoxMake.ReviewTool.Edits;

namespace VoxMake.ReviewTool.Clips;

/// <summary>Which clips somebody wants to see, and in which order.</summary>
/// <param name="Order"><c>confidence</c> (lowest first, unknown ones last), <c>id</c>, <c>shortest</c> or <c>longest</c>.</param>
/// <param name="Filter"><c>all</c>, <c>todo</c> (nothing said yet), <c>guarded</c>, <c>rejected</c>, <c>corrected</c>, <c>dropped</c> or <c>kept</c>.</param>
/// <param name="Words">All of these stand in its id or text; empty for all.</param>
/// <param name="Speaker">Empty for all.</param>
internal sealed record ClipQuery(string Order, string Filter, string Words, string Speaker)
{
    public const int MostLetters = 500;
    public static readonly string[] Orders = ["confidence", "id", "shortest", "longest"];
    public static readonly string[] Filters = ["all", "todo", "guarded", "rejected", "corrected", "dropped", "kept"];

    /// <summary>Whether it can be asked.</summary>
    public bool IsKnown => Orders.Contains(Order) && Filters.Contains(Filter) && Words.Length <= MostLetters && Speaker.Length <= MostLetters;

    /// <summary>The numbers of the clips.</summary>
    public int[] Of(ClipTable table, EditBook book)
    {
        var words = Words.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var clips = table.Clips.Where(clip => Matches(clip, book.Of(clip), words));
        clips = Order switch
        {
            "id" => clips.OrderBy(clip => clip.Id, StringComparer.Ordinal),
            "shortest" => clips.OrderBy(clip => clip.Seconds ?? double.MaxValue),
            "longest" => clips.OrderByDescending(clip => clip.Seconds ?? double.MinValue),
            _ => clips.OrderBy(clip => clip.Confidence ?? double.MaxValue).ThenByDescending(clip => clip.Guards.Count),
        };
        return [.. clips.Select(clip => clip.Number)];
    }

    private bool Matches(ReviewClip clip, ClipState now, string[] words)
    {
        var passes = Filter switch
        {
            "todo" => !now.IsTouched,
            "guarded" => clip.Guards.Count > 0,
            "rejected" => clip.Rejected.Length > 0,
            "corrected" => now.IsCorrected,
            "dropped" => now.Dropped,
            "kept" => now.Kept,
            _ => true,
        };
        if (!passes || (Speaker.Length > 0 && now.Speaker != Speaker)) return false;
        if (words.Length == 0) return true;
        var (text, id) = (now.Text.ToLowerInvariant(), clip.Id.ToLowerInvariant());
        return words.All(word => text.Contains(word, StringComparison.Ordinal) || id.Contains(word, StringComparison.Ordinal));
    }
}
