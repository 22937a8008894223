using System.Text.Json.Nodes;

namespace VoxMake.Models.Lora;

/// <summary>What an adapter is: peft's <c>adapter_config.json</c>, as far as it is plain LoRA (Hu et al. 2021) without biases.</summary>
/// <param name="Rank">Width of the detour, at least 1.</param>
/// <param name="Alpha">The adapter counts alpha / rank times, or under rsLoRA alpha / √rank times.</param>
/// <param name="Dropout">Of what goes into the adapter while training, 0 to below 1.</param>
/// <param name="TargetModules">Last parts of the names of layers that have one, such as <c>q_proj</c>.</param>
/// <param name="RsLora">Rank-stabilised (Kalajdzievski 2023).</param>
/// <param name="BaseModel">Where the base model is to be found, for those who load the adapter.</param>
public sealed record LoraConfig(int Rank, double Alpha, double Dropout, IReadOnlyList<string> TargetModules, bool RsLora = false, string? BaseModel = null)
{
    /// <summary>All linear layers of a block; the head is none of them.</summary>
    public static IReadOnlyList<string> AllLinear { get; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>How often the adapter's product counts.</summary>
    public double Scaling => RsLora ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;

    /// <summary>Whether a layer has an adapter.</summary>
    /// <param name="layer">Its full name.</param>
    public bool Targets(string layer) => TargetModules.Contains(layer[(layer.LastIndexOf('.') + 1)..]);

    /// <summary>Reads and checks an <c>adapter_config.json</c>. Kinds of adapter that would change what it computes and are not known here are refused by name.</summary>
    /// <param name="name">What messages call it; null: the path.</param>
    /// <exception cref="ModelException">It cannot be read, or is no such adapter.</exception>
    public static LoraConfig Read(string path, string? name = null)
    {
        name ??= path;
        var json = TransformersJson.Read(path, name);
        var fields = new JsonFields(json, name);
        if (fields.Text("peft_type") is var type && type != "LORA") throw new ModelException($"{name}: peft_type is {type ?? "missing"}; LORA is known");
        foreach (var (field, value) in json)
            if (Unknown.Contains(field) && value is not null && !(value is JsonValue flag && flag.TryGetValue<bool>(out var on) && !on) && value is not JsonObject { Count: 0 } and not JsonArray { Count: 0 })
                throw new ModelException($"{name}: {field} is {value.ToJsonString()}; adapters of that kind are not known here, merge it with peft first (merge_and_unload)");
        if (fields.Text("bias") is { } bias and not "none") throw new ModelException($"{name}: bias is {bias}; only adapters without biases (none) are known");
        var targets = json["target_modules"] switch
        {
            JsonArray list when list.Count > 0 && list.All(item => item is JsonValue value && value.TryGetValue<string>(out _)) => [.. list.Select(item => item!.GetValue<string>())],
            JsonValue one when one.TryGetValue<string>(out var text) && text == "all-linear" => AllLinear,
            _ => throw new ModelException($"{name}: target_modules must be a list of names of layers, such as q_proj"),
        };
        var (alpha, dropout) = (fields.Number("lora_alpha") ?? throw fields.Missing("lora_alpha"), fields.Number("lora_dropout") ?? 0);
        if (dropout is < 0 or >= 1) throw new ModelException($"{name}: lora_dropout is {dropout}; expected 0 to below 1");
        return new LoraConfig(fields.Size("r", 1 << 16) ?? throw fields.Missing("r"), alpha, dropout, targets, fields.Flag("use_rslora") ?? false, fields.Text("base_model_name_or_path"));
    }

    /// <summary>Whether all layers that it names can have an adapter.</summary>
    /// <exception cref="ModelException">One cannot.</exception>
    internal void Check(string file)
    {
        foreach (var target in TargetModules)
            if (!AllLinear.Contains(target)) throw new ModelException($"{file} names {target} (target_modules); layers that can have an adapter are {string.Join(", ", AllLinear)}");
    }

    private static readonly string[] Unknown =
    [
        "alora_invocation_tokens", "alpha_pattern", "arrow_config", "exclude_modules", "fan_in_fan_out", "kasa_config", "layer_replication", "layers_pattern", "layers_to_transform", "lora_bias",
        "lora_ga_config", "modules_to_save", "monteclora_config", "rank_pattern", "target_parameters", "trainable_token_indices", "use_bdlora", "use_dora", "use_qalora", "velora_config",
    ];

    /// <summary>The file that peft writes for such an adapter, ready to be used; fields that its newer versions added and that are off are left out, for older ones refuse them.</summary>
    public byte[] ToJson() => TransformersJson.Bytes(new JsonObject
    {
        ["alpha_pattern"] = new JsonObject(), ["auto_mapping"] = null, ["base_model_name_or_path"] = BaseModel, ["bias"] = "none", ["fan_in_fan_out"] = false, ["inference_mode"] = true,
        ["init_lora_weights"] = true, ["layer_replication"] = null, ["layers_pattern"] = null, ["layers_to_transform"] = null, ["loftq_config"] = new JsonObject(),
        ["lora_alpha"] = Alpha == Math.Floor(Alpha) ? JsonValue.Create((long)Alpha) : JsonValue.Create(Alpha), ["lora_dropout"] = JsonValue.Create(Dropout), ["megatron_config"] = null,
        ["megatron_core"] = "megatron.core", ["modules_to_save"] = null, ["peft_type"] = "LORA", ["r"] = Rank, ["rank_pattern"] = new JsonObject(), ["revision"] = null,
        ["target_modules"] = new JsonArray([.. TargetModules.Order(StringComparer.Ordinal).Select(module => JsonValue.Create(module))]), ["task_type"] = "CAUSAL_LM", ["use_dora"] = false,
        ["use_rslora"] = RsLora,
    }, ascii: true);
}
