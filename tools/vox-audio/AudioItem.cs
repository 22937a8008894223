using VoxMake.Audio;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>How the verbs here get at their items: one input with the role <c>audio</c>, and what is wrong with it rejects the item.</summary>
internal static class AudioItem
{
    public const string Role = "audio";

    /// <summary>The item's recording.</summary>
    public static InputFile Input(WorkItem item) =>
        item.Inputs.TryGetValue(Role, out var file) ? file : throw new ToolException($"the item '{item.Id}' has no input with the role '{Role}'");

    /// <summary>Runs what may meet a broken file.</summary>
    public static ItemResult RejectBroken(Func<ItemResult> process)
    {
        try { return process(); }
        catch (AudioFormatException broken) { return ItemResult.Rejected(broken.Reason, broken.Message); }
    }
}
