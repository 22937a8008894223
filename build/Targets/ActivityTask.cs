using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Listens where somebody speaks, with Silero's network.</summary>
[TaskName("Activity")]
[TaskDescription("finds where somebody speaks")]
public sealed class ActivityTask(VoiceActivityConfig activity, ExtractTask extract) : StageTask
{
    /// <summary>Stretches of speech, as a file of each recording.</summary>
    public ItemSet Spans => Items("activity");

    /// <summary>From where to where somebody speaks, in samples of the recording.</summary>
    public ItemSet Bounds => Columns("speech_start", "speech_end");

    protected override ToolCall Call => Tool("vox-speech", "activity")
        .ForEach(extract.Audio)
        .In(Networks.VoiceActivity)
        .Varies("processors round the network's probabilities differently; on one machine they are the same")
        .Params(activity)
        .Out("activity/{id}.json");
}
