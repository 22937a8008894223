using VoxMake.Build.Frosting;
using VoxMake.Config;

namespace VoxMake.Build.Targets;

/// <summary>Down-mixes, resamples, trims and levels every clip.</summary>
[TaskName("Preprocess")]
[TaskDescription("resamples, trims and levels every clip")]
public sealed class PreprocessTask(AudioConfig audio, ItemSet clips, ItemSet? speech) : StageTask
{
    public ItemSet Clips => Items("audio");
    public ItemSet Lengths => Columns("num_samples", "sample_rate");
    public ItemSet Changes => Columns("trim_start", "trim_end", "gain_db", "peak_guarded");

    protected override ToolCall Call => Tool("vox-audio", "preprocess").ForEach(clips).Out("audio/{id}.wav").Params(audio).With(audio.Trim == "speech" ? speech : null);
}
