using System.Text.Json.Nodes;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch.Weights;

namespace VoxMake.ValidateTool.Checks;

/// <summary>
/// Whether the files of an exported model are complete and of one model, and say to a server what it has to know. Servers ask little of that: vLLM serves a model that lacks a tensor, and one that
/// never stops, without a word.
/// </summary>
/// <param name="codebookSize">Of the codec that the sound is decoded with.</param>
/// <param name="maxModelLen">Tokens that it is to be served with.</param>
/// <param name="forVllm">Whether vLLM is to serve it, so that what only vLLM cannot do is a failure too.</param>
internal sealed class ModelFilesCheck(int codebookSize, int maxModelLen, bool forVllm)
{
    private const string Again = "export the voice again, and take the whole folder";

    /// <summary>Widths of a head that vLLM 0.32 has attention for on a CPU; on GPUs the list is much the same.</summary>
    private static readonly int[] HeadDims = [32, 64, 80, 96, 112, 128, 160, 192, 224, 256, 512];

    /// <summary>Looks at all files; never throws for what is wrong with them.</summary>
    public IReadOnlyList<CheckResult> Check(ModelFiles files)
    {
        LlamaDirectory? model = null;
        var results = new List<CheckResult> { Guarded("files.weights", () => Weights(model = LlamaDirectory.Open(files))) };
        if (model is null) return results;
        using (model)
        {
            results.Add(DType(model));
            results.Add(HeadDim(model.Config));
            results.Add(Context(model.Config));
            OrpheusIds? ids = null;
            results.Add(Guarded("files.vocabulary", () => Vocabulary(model, out ids)));
            if (ids is not null) results.Add(StopIds(model, ids));
            results.Add(Repetition(model));
        }
        return results;
    }

    private static CheckResult Guarded(string name, Func<CheckResult> check)
    {
        try { return check(); }
        catch (Exception error) when (error is ModelException or WeightsException or TokenizerException or IOException or UnauthorizedAccessException)
        {
            return CheckResult.Failed(name, error.Message, Again);
        }
    }

    private static CheckResult Weights(LlamaDirectory model) => CheckResult.Passed("files.weights",
        $"all {model.Weights.Count} tensors that config.json asks for are there, with their shapes, and no other",
        new JsonObject { ["tensors"] = model.Weights.Count, ["numbers"] = model.Weights.Values.Sum(tensor => tensor.ElementCount), ["tied_embeddings"] = model.Config.TieWordEmbeddings });

    private static CheckResult DType(LlamaDirectory model)
    {
        const string name = "files.dtype";
        if (model.Config.DType is not { } said) return CheckResult.Warned(name, "config.json does not say the weights' type (dtype or torch_dtype), and engines then guess",
            "add the type of the tensors to config.json, such as \"dtype\": \"bfloat16\"");
        var expected = said switch { "float16" => Torch.Weights.DType.F16, "bfloat16" => Torch.Weights.DType.BF16, _ => Torch.Weights.DType.F32 };
        var others = model.Weights.Where(tensor => tensor.Value.DType != expected && !tensor.Key.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal))
            .OrderBy(tensor => tensor.Key, StringComparer.Ordinal).ToList();
        return others.Count == 0 ? CheckResult.Passed(name, $"all tensors hold {said}, as config.json says")
            : CheckResult.Failed(name,
                $"config.json says {said}, and {others[0].Key} in {model.FileOf(others[0].Key)} holds {others[0].Value.DType.Name()}{(others.Count > 1 ? $", as do {others.Count - 1} more" : "")}",
                "set dtype (or torch_dtype) in config.json to the type of the tensors, or export again: engines turn all tensors into what config.json says");
    }

    private CheckResult HeadDim(LlamaConfig config)
    {
        const string name = "files.head_dim";
        if (HeadDims.Contains(config.HeadDim)) return CheckResult.Passed(name, $"vLLM has attention for a head_dim of {config.HeadDim}");
        var (message, mend) = ($"config.json has a head_dim of {config.HeadDim}; vLLM serves {string.Join(", ", HeadDims)}, and dies at the first request of another",
            "train a base model with one of these widths, or serve it with vox-serve");
        return forVllm ? CheckResult.Failed(name, message, mend) : CheckResult.Warned(name, message, mend);
    }

    private CheckResult Context(LlamaConfig config) => maxModelLen <= config.MaxPositionEmbeddings
        ? CheckResult.Passed("files.context", $"the network's context of {config.MaxPositionEmbeddings} tokens holds the {maxModelLen} that it is served with")
        : CheckResult.Warned("files.context",
            $"it is to be served with {maxModelLen} tokens, and the network's context has {config.MaxPositionEmbeddings} (max_position_embeddings in config.json); it is served with those",
            $"set max_model_len to at most {config.MaxPositionEmbeddings}");

    private CheckResult Vocabulary(LlamaDirectory model, out OrpheusIds? ids)
    {
        const string name = "files.vocabulary";
        ids = null;
        var tokenizer = BpeTokenizer.Load(model.Files["tokenizer.json"]);
        var size = model.Config.VocabSize;
        if (tokenizer.Count > size) return CheckResult.Failed(name, $"tokenizer.json has {tokenizer.Count} tokens, and config.json a vocab_size of {size}; the two are of other models", Again);
        var found = OrpheusIds.Of(tokenizer.IdOf, codebookSize);
        if (found.AudioEnd > size || found.Controls.Max() >= size)
            return CheckResult.Failed(name, $"the codes of sound end with the id {found.AudioEnd - 1}, and vocab_size in config.json is {size}",
                "take the tokenizer and the codec that the voice was trained with");
        ids = found;
        return CheckResult.Passed(name, $"tokenizer.json has all tokens of speech, within a vocabulary of {size}",
            new JsonObject { ["vocab_size"] = size, ["tokenizer"] = tokenizer.Count, ["end_of_speech"] = found.EndOfSpeech, ["first_code"] = found.AudioStart, ["last_code"] = found.AudioEnd - 1 });
    }

    private static CheckResult StopIds(LlamaDirectory model, OrpheusIds ids)
    {
        const string name = "files.stop_ids";
        var stops = model.Generation.EosTokenIds;
        return stops.Contains(ids.EndOfSpeech)
            ? CheckResult.Passed(name, $"eos_token_id of generation_config.json has the end of speech, {ids.EndOfSpeech}")
            : CheckResult.Failed(name, $"eos_token_id of generation_config.json is [{string.Join(", ", stops)}], without the end of speech, {ids.EndOfSpeech}: a server lets the voice babble on",
                $"put {ids.EndOfSpeech} into eos_token_id of generation_config.json");
    }

    private static CheckResult Repetition(LlamaDirectory model)
    {
        const string name = "files.repetition_penalty";
        var penalty = model.Generation.RepetitionPenalty;
        var figures = new JsonObject { ["repetition_penalty"] = penalty, ["temperature"] = model.Generation.Temperature, ["top_p"] = model.Generation.TopP };
        return penalty > 1
            ? CheckResult.Passed(name, FormattableString.Invariant($"repetition_penalty of generation_config.json is {penalty}"), figures)
            : CheckResult.Failed(name,
                FormattableString.Invariant($"repetition_penalty of generation_config.json is {(object?)penalty ?? "not there"}; without one above 1 Orpheus repeats itself"),
                "put a repetition_penalty of 1.3 into generation_config.json (1.1 at least)", figures);
    }
}
