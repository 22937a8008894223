using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Cuts long recordings at their pauses, and their texts with them: the one place that cuts.</summary>
[TaskName("Segment")]
[TaskDescription("cuts long recordings at their pauses")]
public sealed class SegmentTask(SegmentConfig segment, ExtractTask extract, ActivityTask? activity, LocateTask? locate, FetchTask fetch) : StageTask
{
    public ItemSet Audio => Items("audio");
    public ItemSet Range => Columns("start_sample", "end_sample");

    /// <summary>The part of its recording's text that each piece has; there is one only where the text was located.</summary>
    public ItemSet Text => Columns("text");

    /// <summary>What Activity heard, cut with the sound.</summary>
    public ItemSet Spans => Items("activity");

    /// <summary>From where to where somebody speaks, in samples of the piece.</summary>
    public ItemSet Bounds => Columns("speech_start", "speech_end");

    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-audio", "segment")
                .Expand(extract.Audio)
                .With(fetch.Texts with { Columns = ["text"] })
                .Out("audio/{id}.wav")
                .Params(segment);
            if (activity is not null) call.With(activity.Spans).Out("activity/{id}.json");
            return call.With(locate?.Words, optional: true);
        }
    }
}
