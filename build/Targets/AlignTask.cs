using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Finds when each word is spoken, and how sure it is that the text is what is said.</summary>
[TaskName("Align")]
[TaskDescription("finds each word in its clip, and whether text and sound agree")]
public sealed class AlignTask(AlignmentConfig alignment, LanguageConfig language, ItemSet clips, ItemSet texts, ItemSet? spans) : StageTask
{
    /// <summary>Why two runs may differ.</summary>
    public const string Why = "processors round the sums of frames differently; on one machine it is the same";

    public ItemSet Score => Columns("align_score");

    protected override ToolCall Call => Tool("vox-speech", "align").ForEach(clips).With(texts)
        .Params(alignment).Params(("language", language.Code))
        .Varies(Why)
        .Out("words/{id}.json")
        .In(TranscribeTask.Whisper(alignment.Model))
        .With(spans);
}
