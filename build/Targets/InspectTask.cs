using VoxMake.Build.Frosting;

namespace VoxMake.Build.Targets;

/// <summary>Measures the untouched signal.</summary>
[TaskName("Inspect")]
[TaskDescription("measures the untouched signal")]
public sealed class InspectTask(ItemSet clips) : StageTask
{
    public ItemSet Measures => Columns(
        "duration_s", "peak_dbfs", "rms_dbfs", "clipping", "clipping_longest_run", "dc_offset", "leading_silence_s", "trailing_silence_s", "silence_share", "snr_db");

    protected override ToolCall Call => Tool("vox-audio", "inspect").ForEach(clips);
}
