using VoxMake.Build.Frosting;
using VoxMake.Config;

namespace VoxMake.Build.Targets;

/// <summary>Cuts long recordings at silences: the one place that cuts.</summary>
[TaskName("Segment")]
[TaskDescription("cuts long recordings at silences")]
public sealed class SegmentTask(SegmentConfig segment, ExtractTask extract, FetchTask fetch) : StageTask
{
    public ItemSet Audio => Items("audio");
    public ItemSet Range => Columns("start_sample", "end_sample");

    protected override ToolCall Call => Tool("vox-audio", "segment")
        .Expand(extract.Audio)
        .With(fetch.Texts with { Columns = ["text"] })
        .Out("audio/{id}.wav")
        .Params(segment);
}
