using VoxMake.Build.Frosting;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Brings together what is said in each clip and by whom, and applies what people corrected: edits/ beside the configuration.</summary>
[TaskName("Review")]
[TaskDescription("applies the corrections in edits/")]
public sealed class ReviewTask(FileTree? edits, ItemSet clips, ItemSet raw, ItemSet texts, ItemSet speakers) : StageTask
{
    public ItemSet Texts => Columns("text", "text_raw", "speaker_id", "speaker_source");
    public ItemSet Kept => Columns("kept");

    /// <summary>Whether a text was given, transcribed or corrected.</summary>
    public ItemSet Source => Columns("text_source");

    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-corpus", "review").Collect(clips);
            foreach (var from in new[] { raw, texts, speakers }.GroupBy(set => set.From))
                call.With(from.First() with { Columns = [.. from.SelectMany(set => set.Columns)] });
            return call.In(OwnFolder("edits", edits));
        }
    }
}
