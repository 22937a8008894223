using VoxMake.Protocol;
using VoxMake.Report.Rows;

namespace VoxMake.Report.Voice;

/// <summary>A sentence as the finished voice says it, and the recording of it where there is one.</summary>
internal sealed class VoicePair(WorkItem synthesized)
{
    public const string HeldBack = "held_back";

    public string Id => synthesized.Id;
    public string Text => synthesized.Columns["text"].ToString();
    public Value Speaker => synthesized.Columns["speaker_id"];

    /// <summary>It was said by a person too; else it is a sentence that somebody wanted to hear.</summary>
    public bool IsHeldBack => synthesized.Columns["kind"].AsText is null or HeldBack;

    /// <summary>What the voice said; null where the file did not come along.</summary>
    public InputFile? Speech => synthesized.Inputs.GetValueOrDefault("speech");

    /// <summary>What the data has of it.</summary>
    public ClipDetails Recorded { get; } = new();

    /// <summary>What Evaluate measured; nothing where it did not.</summary>
    public Columns Measured { get; set; } = Columns.Empty;

    /// <summary>Why Evaluate has no numbers.</summary>
    public string? NotAvailable { get; set; }
}
