using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Makes what a language model for speech learns from: texts and codes as the model's tokens, in shards.</summary>
[TaskName("Tokenize")]
[TaskDescription("makes training examples of texts and codes")]
public sealed class TokenizeTask(OrpheusConfig orpheus, string baseModel, LanguageConfig language, string name, EncodeTask encode, DatasetTask dataset, ItemSet texts) : StageTask
{
    /// <summary>Shards (<c>train-00000.safetensors</c>, <c>validation-…</c>), <c>examples.csv</c> and <c>tokens.json</c>.</summary>
    public StageFiles Examples => Files("examples");

    /// <summary>What ids mean, and which voices there are.</summary>
    public FileInput Meaning => Files("tokens", "tokens.json");

    protected override ToolCall Call => Tool("vox-codec", "tokenize")
        .Collect(encode.Codes)
        .With(dataset.Splits)
        .With(texts with { Columns = ["text", "speaker_id"] })
        .In(new PersonFile("tokenizer", Path.Combine(baseModel, "tokenizer.json")))
        .Params(("voice", orpheus.Voice ?? name), ("max_tokens", orpheus.MaxTokens), ("remove_duplicate_frames", orpheus.RemoveDuplicateFrames), ("language", language.Code));
}
