using System.Text.Json.Serialization;
using VoxMake.ReviewTool.Clips;

namespace VoxMake.ReviewTool.Hosting;

/// <summary>What is going on as a whole.</summary>
internal sealed record SummaryAnswer(
    string Title, int Total, CountsAnswer Counts, IReadOnlyList<string> Speakers, string? SortedBy, string EditsFile, int Orphans, IReadOnlyList<string> Orders, IReadOnlyList<string> Filters);

/// <summary>How far the review is.</summary>
internal sealed record CountsAnswer(int Touched, int Corrected, int Kept, int Dropped);

/// <summary>The numbers of the clips that were asked for, in their order.</summary>
internal sealed record ListAnswer(int[] Numbers);

/// <summary>A clip as the list shows it.</summary>
/// <param name="State"><c>kept</c>, <c>dropped</c>, or empty.</param>
internal sealed record RowAnswer(int Number, string Id, string Text, string Speaker, double? Confidence, IReadOnlyList<string> Guards, string Rejected, double? Seconds, string State, bool Corrected);

internal sealed record RowsAnswer(IReadOnlyList<RowAnswer> Rows);

/// <summary>A clip as a whole.</summary>
/// <param name="FirstText">Before any edit.</param>
/// <param name="Sha256">Of its sound, to be sent with whatever is said of it.</param>
/// <param name="Fault">Why it cannot be heard; empty where it can.</param>
internal sealed record ClipAnswer(RowAnswer Row, string FirstText, string FirstSpeaker, string Sha256, double Seconds, IReadOnlyList<int> Peaks, IReadOnlyList<ClipWord> Words,
    IReadOnlyDictionary<string, string> Values, string Fault);

/// <summary>What a person says of a clip.</summary>
internal sealed record EditCall(int Number, string Sha256, string Field, string Old, string New);

internal sealed record EditAnswer(RowAnswer Row, CountsAnswer Counts);

/// <summary>What went wrong, in words; the clip as it is, where that is the reason.</summary>
internal sealed record ErrorAnswer(string Error, RowAnswer? Row = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SummaryAnswer))]
[JsonSerializable(typeof(ListAnswer))]
[JsonSerializable(typeof(RowsAnswer))]
[JsonSerializable(typeof(ClipAnswer))]
[JsonSerializable(typeof(EditCall))]
[JsonSerializable(typeof(EditAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class AnswersJson : JsonSerializerContext;
