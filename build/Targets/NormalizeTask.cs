using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Makes texts speakable: numbers, dates, abbreviations in words.</summary>
[TaskName("Normalize")]
[TaskDescription("writes numbers, dates and abbreviations out")]
public sealed class NormalizeTask(TextConfig text, LanguageConfig language, ItemSet texts) : StageTask
{
    /// <summary>The texts in words; who speaks is passed on.</summary>
    public ItemSet Texts => Columns("text", "text_raw", "speaker_id", "speaker_source");

    protected override ToolCall Call => Tool("vox-text", "clean").ForEach(texts).Params(text).Params(("language", language.Code)).In(OwnFile("rules", text.Rules));
}
