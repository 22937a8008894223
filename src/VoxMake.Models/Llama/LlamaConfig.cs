using System.Text.Json.Nodes;

namespace VoxMake.Models.Llama;

/// <summary>
/// The shape of a network of the Llama family: <c>config.json</c> of Hugging Face transformers, in the layout of published checkpoints (rope_theta, rope_scaling, torch_dtype) and in that of
/// transformers 5 (rope_parameters, dtype), with its names and defaults. Fields that say nothing of the network are passed over.
/// </summary>
/// <param name="ModelType"><c>llama</c>, <c>mistral</c> (without a sliding window), or <c>qwen2</c> (queries, keys and values have biases, the output has none).</param>
/// <param name="VocabSize">Rows of the embedding: the tokenizer's ids, and often padding beyond them.</param>
/// <param name="HeadDim">Width of a head; need not be hidden_size / num_attention_heads. Even.</param>
/// <param name="MaxPositionEmbeddings">Longest context, in tokens.</param>
/// <param name="TieWordEmbeddings">The head is the embedding.</param>
/// <param name="QkvBias">Queries, keys and values have biases.</param>
/// <param name="OutputBias">The attention's output has a bias.</param>
/// <param name="DType">Of the weights as they were saved: <c>float32</c>, <c>bfloat16</c>, <c>float16</c>; null where the file does not say.</param>
/// <param name="EosTokenIds">Ids that end a text; may be empty.</param>
public sealed record LlamaConfig(
    string ModelType,
    int VocabSize,
    int HiddenSize,
    int IntermediateSize,
    int NumHiddenLayers,
    int NumAttentionHeads,
    int NumKeyValueHeads,
    int HeadDim,
    int MaxPositionEmbeddings,
    double RmsNormEps,
    RopeConfig Rope,
    bool TieWordEmbeddings = false,
    bool QkvBias = false,
    bool OutputBias = false,
    bool MlpBias = false,
    string? DType = null,
    int? BosTokenId = null,
    IReadOnlyList<int>? EosTokenIds = null)
{
    private static readonly string[] Families = ["llama", "mistral", "qwen2"];

    public IReadOnlyList<int> EosTokenIds { get; init; } = EosTokenIds ?? [];

    /// <summary>Reads and checks a <c>config.json</c>.</summary>
    /// <param name="name">What messages call it; null: the path.</param>
    /// <exception cref="ModelException">It cannot be read, is no JSON, or describes no network of the family; the message names the field.</exception>
    public static LlamaConfig Read(string path, string? name = null)
    {
        name ??= path;
        return Of(TransformersJson.Read(path, name), name);
    }

    /// <summary>The same of an object that was read.</summary>
    /// <exception cref="ModelException">It describes no network of the family; the message names the field.</exception>
    public static LlamaConfig Of(JsonObject json, string file)
    {
        var fields = new JsonFields(json, file);
        var type = fields.Text("model_type") ?? throw fields.Missing("model_type");
        if (!Families.Contains(type)) throw new ModelException($"{file}: model_type is {type}; networks of {string.Join(", ", Families)} are known");
        if (fields.Text("hidden_act") is { } act and not "silu") throw new ModelException($"{file}: hidden_act is {act}; networks of this family have silu");
        if (json.ContainsKey("quantization_config")) throw new ModelException($"{file}: the weights are quantised (quantization_config); take the checkpoint in bfloat16, float16 or float32");
        var (positions, window) = (fields.Size("max_position_embeddings", 1 << 24) ?? 2048, fields.Size("sliding_window", 1 << 24));
        if (window < positions && (type == "mistral" || fields.Flag("use_sliding_window") == true))
            throw new ModelException($"{file}: sliding_window is {window} of {positions} tokens; attention through a window is not known here, set sliding_window to null for texts of at most {window} tokens");
        var (hidden, heads) = (fields.Size("hidden_size", 1 << 17) ?? throw fields.Missing("hidden_size"), fields.Size("num_attention_heads", 1 << 12) ?? throw fields.Missing("num_attention_heads"));
        var (bias, head) = (fields.Flag("attention_bias") ?? false, fields.Size("head_dim", 1 << 12));
        if (head is null && hidden % heads != 0) throw new ModelException($"{file}: hidden_size {hidden} cannot be shared among {heads} heads (num_attention_heads), and there is no head_dim");
        var config = new LlamaConfig(
            type,
            fields.Size("vocab_size", 1 << 24) ?? throw fields.Missing("vocab_size"),
            hidden,
            fields.Size("intermediate_size", 1 << 20) ?? throw fields.Missing("intermediate_size"),
            fields.Size("num_hidden_layers", 1 << 12) ?? throw fields.Missing("num_hidden_layers"),
            heads,
            fields.Size("num_key_value_heads", 1 << 12) ?? heads,
            head ?? hidden / heads,
            positions,
            fields.Number("rms_norm_eps") ?? 1e-6,
            RopeOf(fields, positions),
            fields.Flag("tie_word_embeddings") ?? false,
            bias || type == "qwen2",
            bias && type != "qwen2",
            fields.Flag("mlp_bias") ?? false,
            fields.Text("dtype") ?? fields.Text("torch_dtype"),
            fields.Ids("bos_token_id") is [var bos, ..] ? bos : null,
            fields.Ids("eos_token_id"));
        if (config.NumAttentionHeads % config.NumKeyValueHeads != 0) throw new ModelException($"{file}: {heads} heads (num_attention_heads) cannot share {config.NumKeyValueHeads} (num_key_value_heads)");
        if (config.HeadDim % 2 != 0) throw new ModelException($"{file}: head_dim is {config.HeadDim}; positions turn pairs, so it must be even");
        if (config.DType is not (null or "float32" or "bfloat16" or "float16")) throw new ModelException($"{file}: dtype is {config.DType}; expected bfloat16, float16 or float32");
        return config;
    }

    private static RopeConfig RopeOf(JsonFields fields, int positions)
    {
        var parameters = fields.Object("rope_parameters") ?? fields.Object("rope_scaling");
        var theta = parameters?.Number("rope_theta") ?? fields.Number("rope_theta") ?? 10000;
        if (!(theta > 0)) throw new ModelException($"{fields.File}: rope_theta is {theta}; expected a number above 0");
        if (parameters is null) return new RopeConfig(Theta: theta);
        var type = parameters.Text("rope_type") ?? parameters.Text("type") ?? "default";
        double Factor(string name, double? otherwise = null)
        {
            var value = parameters.Number(name) ?? otherwise ?? throw parameters.Missing(name);
            return value > 0 ? value : throw new ModelException($"{fields.File}: {parameters.Path(name)} is {value}; expected a number above 0");
        }
        switch (type)
        {
            case "default": return new RopeConfig(Theta: theta);
            case "linear": return new RopeConfig(type, theta, Factor("factor"));
            case "llama3":
                var (low, high) = (Factor("low_freq_factor", 1), Factor("high_freq_factor", 4));
                if (high <= low) throw new ModelException($"{fields.File}: {parameters.Path("high_freq_factor")} {high} must be above low_freq_factor {low}");
                return new RopeConfig(type, theta, Factor("factor"), low, high, parameters.Size("original_max_position_embeddings", 1 << 24) ?? positions);
            default: throw new ModelException($"{fields.File}: {parameters.Path("rope_type")} is {type}; default, linear and llama3 are known");
        }
    }
}
