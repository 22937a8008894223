using System.Text.Json.Serialization.Metadata;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.CorpusTool;

/// <summary><c>vox-corpus review</c>: applies what people corrected (docs/targets/review.md, docs/edits.md).</summary>
public sealed class ReviewVerb : CollectVerb<ReviewSettings>
{
    /// <summary>Warnings about single edits; the whole list is in orphans.csv.</summary>
    private const int MaxWarnings = 20;

    public override string Name => "review";
    public override string Summary => "Applies people's corrections (keep, drop, undecided, text, speaker) to clips.";
    public override string InputHelp => "a metadata.csv of clips (file_name, text, speaker_id, …)";
    public override JsonTypeInfo SettingsType => SettingsJson.Default.ReviewSettings;
    public override IReadOnlyList<FileRole> FileRoles => [new("edits", "CSV files of corrections: id,audio_sha256,field,old,new; later rows win")];

    protected override void Run(ReviewSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        Review review;
        try { review = new Review(order.Files("edits").SelectMany(Rows)); }
        catch (CorpusException error) { throw new ToolException(error.Message) { File = error.File, Try = error.Try }; }

        foreach (var item in order.Items)
        {
            cancel.ThrowIfCancellationRequested();
            if (!item.Inputs.TryGetValue("audio", out var audio)) throw new ToolException($"the clip '{item.Id}' has no audio, by whose digest edits are matched");
            report.Item(item.Id, ResultOf(item, review.Of(new ReviewedClip(item.Id, audio.Digest, item.Columns["text"].AsWords(), item.Columns["speaker_id"].AsWords()))));
        }

        var orphans = review.Orphans();
        using (var stream = File.Create(report.PathFor("orphans.csv"))) OrphansFile.Write(stream, orphans);
        report.Output("orphans.csv");
        foreach (var (row, fault) in orphans.Take(MaxWarnings)) report.Warning($"{row.At}: not applied ({fault.Reason}): {fault.Message}", row.Edit?.Id);
        if (orphans.Count > MaxWarnings) report.Warning($"and {orphans.Count - MaxWarnings} more edits that were not applied, all in orphans.csv");
        report.Metric("edits_applied", review.Applied);
        report.Metric("edits_orphaned", orphans.Count);
    }

    private static IEnumerable<EditRow> Rows(InputFile file)
    {
        using var stream = File.OpenRead(file.Path);
        foreach (var row in EditsFile.Read(stream, file.Name)) yield return row;
    }

    private static ItemResult ResultOf(WorkItem item, Reviewed now)
    {
        if (now.Dropped is { } drop) return ItemResult.Rejected("dropped", $"a person dropped it ({drop.At})");
        return ItemResult.Ok(Columns.Of(
            ("text", now.Text),
            ("text_source", now.TextCorrected ? "corrected" : item.Columns["text_source"].AsWords() ?? (now.Text is null ? Value.Null : "given")),
            ("text_raw", item.Columns["text_raw"].AsWords()),
            ("speaker_id", now.Speaker),
            ("speaker_source", now.SpeakerCorrected ? "corrected" : item.Columns["speaker_source"]),
            ("kept", now.Kept),
            ("edited", now.Edited)));
    }
}
