using VoxMake.Build.Frosting;
using VoxMake.Config;

namespace VoxMake.Build.Targets;

/// <summary>Decides, from all the measurements, which clips are good enough; it measures nothing itself.</summary>
[TaskName("Quality")]
[TaskDescription("decides which clips are good enough")]
public sealed class QualityTask(
    QualityConfig quality, PreprocessTask preprocess, InspectTask inspect, ItemSet texts, ReviewTask? review, TranscribeTask? transcribe, AlignTask? align) : StageTask
{
    public ItemSet Accepted => Columns("characters_per_second");

    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-corpus", "quality")
                .ForEach(preprocess.Lengths)
                .With(inspect.Measures with { Columns = ["duration_s", "rms_dbfs", "clipping", "silence_share", "snr_db"] })
                .With(texts with { Columns = quality.Speakers is null ? ["text"] : ["text", "speaker_id"] })
                .Params(quality);
            if (review is not null) call.With(transcribe is null ? review.Kept : review.Kept.And([.. review.Source.Columns]));
            return call.With(transcribe?.Confidence).With(align?.Score);
        }
    }
}
