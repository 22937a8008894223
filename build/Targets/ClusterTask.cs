using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Groups clips by voice.</summary>
[TaskName("Cluster")]
[TaskDescription("groups clips by voice")]
public sealed class ClusterTask(SpeakerDiarizationConfig diarization, EmbedTask embed) : StageTask
{
    public StageFiles Clusters => Files("clusters");

    protected override ToolCall Call => Tool("vox-speech", "cluster")
        .Collect(embed.Embeddings)
        .Params(
            ("clustering_method", diarization.ClusteringMethod), ("min_speakers", diarization.MinSpeakers),
            ("max_speakers", diarization.MaxSpeakers), ("seed", diarization.Seed));
}
