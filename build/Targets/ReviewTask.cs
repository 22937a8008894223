using VoxMake.Build.Frosting;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Applies what people corrected: edits/ beside the configuration.</summary>
[TaskName("Review")]
[TaskDescription("applies the corrections in edits/")]
public sealed class ReviewTask(FileTree edits, ItemSet clips, ItemSet texts) : StageTask
{
    public ItemSet Texts => Columns("text", "text_raw", "speaker_id", "speaker_source");
    public ItemSet Kept => Columns("kept");

    protected override ToolCall Call => Tool("vox-corpus", "review")
        .Collect(clips)
        .With(texts)
        .In(new PersonFolder("edits", edits));
}
