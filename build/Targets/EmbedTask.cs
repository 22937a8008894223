using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Says in numbers what the voice of each clip is like.</summary>
[TaskName("Embed")]
[TaskDescription("says in numbers what each clip's voice is like")]
public sealed class EmbedTask(SpeakerDiarizationConfig diarization, ItemSet clips, ItemSet? spans) : StageTask
{
    public ItemSet Embeddings => Items("embedding");

    protected override ToolCall Call => Tool("vox-speech", "embed").ForEach(clips)
        .In(diarization.EmbeddingModel is { } own ? new PersonFile("network", own) : Networks.Speakers)
        .Params(("method", diarization.Method))
        .Varies(Networks.Why)
        .Out("embedding/{id}.npy")
        .With(spans);
}
