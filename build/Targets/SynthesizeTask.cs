using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Speaks, with the exported voice, the texts of the clips that training did not see, and sentences of one's own.</summary>
[TaskName("Synthesize")]
[TaskDescription("speaks held-back texts and your own sentences")]
public sealed class SynthesizeTask(EvaluationConfig evaluation, TextConfig? text, LanguageConfig language, ExportTask export, DatasetTask dataset, ItemSet texts) : StageTask
{
    public ItemSet Speech => Items("speech");

    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-synth", "vits")
                .Collect(dataset.Splits)
                .With(texts with { Columns = ["text", "speaker_id"] })
                .In(export.Model)
                .Params(("speaking_rate", evaluation.SpeakingRate), ("noise_scale", evaluation.NoiseScale), ("noise_scale_duration", evaluation.NoiseScaleDuration), ("seed", evaluation.Seed))
                .Varies("how long each synthesis took is measured")
                .Out("speech/{id}.wav");
            if (evaluation.Sentences is not { } sentences) return call;
            call.In(new PersonFile("sentences", sentences));
            if (text is null) return call;
            call.Params(text).Params(("language", language.Code)); // clips' texts come from Normalize
            return text.Rules is { } rules ? call.In(new PersonFile("rules", rules)) : call;
        }
    }
}
