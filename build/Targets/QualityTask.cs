using VoxMake.Build.Frosting;
using VoxMake.Config;

namespace VoxMake.Build.Targets;

/// <summary>Decides, from all the measurements, which clips are good enough; it measures nothing itself.</summary>
[TaskName("Quality")]
[TaskDescription("decides which clips are good enough")]
public sealed class QualityTask(QualityConfig quality, PreprocessTask preprocess, InspectTask inspect, FetchTask fetch, ReviewTask? review) : StageTask
{
    public ItemSet Accepted => Columns("characters_per_second");

    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-corpus", "quality")
                .ForEach(preprocess.Lengths)
                .With(inspect.Measures with { Columns = ["duration_s", "rms_dbfs", "clipping", "silence_share", "snr_db"] })
                .Params(quality);
            return review is null
                ? call.With(fetch.Texts with { Columns = ["text"] })
                : call.With(review.Kept.And("text"));
        }
    }
}
