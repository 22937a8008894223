using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Gives each clip its speaker, by groups of like voices, by the speakers that the source names, and by what people corrected.</summary>
[TaskName("Diarize")]
[TaskDescription("gives each clip its speaker")]
public sealed class DiarizeTask(SpeakerDiarizationConfig diarization, ClusterTask cluster, ItemSet clips, FetchTask fetch, FileTree? edits) : StageTask
{
    public ItemSet Speakers => Columns("speaker_id", "speaker_source");

    /// <summary>How sure it is, and where the clip lies in the report's picture.</summary>
    public ItemSet Places => Columns("speaker_probability", "x", "y");

    protected override ToolCall Call => Tool("vox-speech", "diarize").Collect(clips).With(fetch.Texts with { Columns = ["speaker_id", "speaker_source"] })
        .In(cluster.Clusters)
        .Params(("outliers", diarization.Outliers))
        .In(OwnFolder("edits", edits));
}
