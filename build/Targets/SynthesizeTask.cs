using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Speaks, with the exported voice, the texts of the clips that training did not see, and sentences of one's own.</summary>
[TaskName("Synthesize")]
[TaskDescription("speaks held-back texts and your own sentences")]
public sealed class SynthesizeTask(EvaluationConfig evaluation, TextConfig? text, LanguageConfig language, ExportTask export, DatasetTask dataset, ItemSet texts) : StageTask
{
    /// <summary>How sentences of one's own are read; clips' texts come from Normalize.</summary>
    private readonly TextConfig? _reading = evaluation.Sentences is null ? null : text;

    public ItemSet Speech => Items("speech");

    protected override ToolCall Call => Tool("vox-synth", "vits")
        .Collect(dataset.Splits)
        .With(texts with { Columns = ["text", "speaker_id"] })
        .In(export.Model)
        .Params(("speaking_rate", evaluation.SpeakingRate), ("noise_scale", evaluation.NoiseScale), ("noise_scale_duration", evaluation.NoiseScaleDuration), ("seed", evaluation.Seed))
        .Params(("language", _reading is null ? null : language.Code), ("links", _reading?.Links ?? "read"))
        .Varies("how long each synthesis took is measured")
        .Out("speech/{id}.wav")
        .In(OwnFile("sentences", evaluation.Sentences))
        .In(OwnFile("rules", _reading?.Rules));
}
