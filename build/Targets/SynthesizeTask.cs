using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Speaks, with the exported voice, the texts of the clips that training did not see, and sentences of one's own.</summary>
[TaskName("Synthesize")]
[TaskDescription("speaks held-back texts and your own sentences")]
public sealed class SynthesizeTask(EvaluationConfig evaluation, ExportTask export, DatasetTask dataset, ItemSet texts) : StageTask
{
    public ItemSet Speech => Items("speech");

    protected override ToolCall Call => Tool("vox-synth", "vits")
        .Collect(dataset.Splits)
        .With(texts with { Columns = ["text", "speaker_id"] })
        .In(export.Model)
        .Params(("speaking_rate", evaluation.SpeakingRate), ("noise_scale", evaluation.NoiseScale), ("noise_scale_duration", evaluation.NoiseScaleDuration), ("seed", evaluation.Seed))
        .Varies("how long each synthesis took is measured")
        .Out("speech/{id}.wav")
        .In(OwnFile("sentences", evaluation.Sentences));
}
