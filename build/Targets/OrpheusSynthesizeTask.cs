using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Speaks, with the exported Orpheus voice, the texts of the clips that training did not see, and sentences of one's own.</summary>
[TaskName("Synthesize")]
[TaskDescription("speaks held-back texts and your own sentences")]
public sealed class OrpheusSynthesizeTask(EvaluationConfig evaluation, TextConfig? text, OrpheusConfig orpheus, LanguageConfig language, OrpheusExportTask export, DatasetTask dataset, ItemSet texts) : StageTask
{
    public ItemSet Speech => Items("speech");

    protected override ToolCall Call => Tool("vox-synth", "orpheus")
        .Collect(dataset.Splits)
        .With(texts with { Columns = ["text", "speaker_id"] })
        .In(export.Merged)
        .In(EncodeTask.Codec(orpheus))
        .Params(("seed", evaluation.Seed), ("temperature", orpheus.Temperature), ("top_p", orpheus.TopP), ("repetition_penalty", orpheus.RepetitionPenalty), ("language", language.Code))
        .Varies("how long each synthesis took is measured")
        .Out("speech/{id}.wav")
        .In(OwnFile("sentences", evaluation.Sentences))
        .In(OwnFile("rules", evaluation.Sentences is null ? null : text?.Rules));
}
