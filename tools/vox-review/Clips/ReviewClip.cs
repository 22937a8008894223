namespace VoxMake.ReviewTool.Clips;

/// <summary>A clip as the tables have it.</summary>
/// <param name="Number">Its place in the first table: the only name by which the page asks for it.</param>
/// <param name="Audio">The path of its sound.</param>
/// <param name="Words">The path of a file that says when its words are spoken; null where there is none.</param>
/// <param name="Text">Before any edit.</param>
/// <param name="Speaker">Before any edit; empty where nobody knows.</param>
/// <param name="Confidence">What it is sorted by; null where there is no number.</param>
/// <param name="Guards">Why its text is not believed, by name.</param>
/// <param name="Seconds">Null where no table says.</param>
/// <param name="Rejected">Why a stage left it out; empty where none did.</param>
/// <param name="Values">Of all columns of all tables, in the order of <see cref="ClipTable.Columns"/>; null where its table has no such row.</param>
internal sealed record ReviewClip(
    int Number, string Id, string Audio, string? Words, string Text, string Speaker, double? Confidence, IReadOnlyList<string> Guards, double? Seconds, string Rejected, string?[] Values);
