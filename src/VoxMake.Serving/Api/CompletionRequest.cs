using System.Text.Json;

namespace VoxMake.Serving.Api;

/// <summary>
/// The body of <c>/v1/completions</c>, as OpenAI and vLLM define it; what is null was not said. Fields that are not known are passed over, as there; fields that would change the text and that this
/// server has not are refused.
/// </summary>
internal sealed record CompletionRequest
{
    public string? Model { get; init; }
    public IReadOnlyList<PromptInput>? Prompts { get; init; }
    public bool Echo { get; init; }
    public double? FrequencyPenalty { get; init; }
    public IReadOnlyDictionary<string, double>? LogitBias { get; init; }
    public long? Logprobs { get; init; }
    public long? MaxTokens { get; init; }
    public long N { get; init; } = 1;
    public double? PresencePenalty { get; init; }
    public long? Seed { get; init; }
    public IReadOnlyList<string> Stop { get; init; } = [];
    public bool Stream { get; init; }
    public bool IncludeUsage { get; init; }
    public bool ContinuousUsage { get; init; }
    public string? Suffix { get; init; }
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public long? TopK { get; init; }
    public double? MinP { get; init; }
    public double? RepetitionPenalty { get; init; }
    public IReadOnlyList<long> StopTokenIds { get; init; } = [];
    public bool IncludeStopText { get; init; }
    public bool IgnoreEos { get; init; }
    public long MinTokens { get; init; }
    public bool SkipSpecialTokens { get; init; } = true;
    public long? TruncatePrompt { get; init; }
    public bool TruncateRight { get; init; }
    public IReadOnlyList<long>? AllowedTokenIds { get; init; }
    public long? PromptLogprobs { get; init; }
    public bool AddSpecialTokens { get; init; } = true;
    public string? RequestId { get; init; }
    public bool TokensAsIds { get; init; }
    public bool ReturnTokenIds { get; init; }

    private static readonly string[] Unknown = ["prompt_embeds", "structured_outputs", "logprob_token_ids", "repetition_detection", "kv_transfer_params", "ec_transfer_params",
        "thinking_token_budget"];

    /// <exception cref="ApiException">A field is of another kind, or two do not go together.</exception>
    public static CompletionRequest Read(JsonElement body)
    {
        var faults = new FieldFaults();
        var fields = new RequestFields(body, faults);
        Before(fields, body);
        var request = new CompletionRequest
        {
            Model = fields.Text("model"),
            Prompts = PromptField.Read(fields, faults),
            Echo = fields.Flag("echo") ?? false,
            FrequencyPenalty = fields.Number("frequency_penalty"),
            LogitBias = fields.Numbers("logit_bias"),
            Logprobs = fields.Whole("logprobs"),
            MaxTokens = fields.Whole("max_tokens"),
            N = fields.Whole("n") ?? 1,
            PresencePenalty = fields.Number("presence_penalty"),
            Seed = fields.Whole("seed"),
            Stop = fields.Texts("stop", 4) ?? [],
            Stream = fields.Flag("stream") ?? false,
            IncludeUsage = fields.Object("stream_options")?.Flag("include_usage") ?? false,
            ContinuousUsage = fields.Object("stream_options")?.Flag("continuous_usage_stats") ?? false,
            Suffix = fields.Text("suffix"),
            Temperature = fields.Number("temperature"),
            TopP = fields.Number("top_p"),
            TopK = fields.Whole("top_k"),
            MinP = fields.Number("min_p"),
            RepetitionPenalty = fields.Number("repetition_penalty"),
            StopTokenIds = fields.WholeList("stop_token_ids") ?? [],
            IncludeStopText = fields.Flag("include_stop_str_in_output") ?? false,
            IgnoreEos = fields.Flag("ignore_eos") ?? false,
            MinTokens = fields.Whole("min_tokens") ?? 0,
            SkipSpecialTokens = fields.Flag("skip_special_tokens") ?? true,
            TruncatePrompt = fields.Whole("truncate_prompt_tokens", least: -1),
            TruncateRight = Side(fields, faults),
            AllowedTokenIds = fields.WholeList("allowed_token_ids"),
            PromptLogprobs = fields.Whole("prompt_logprobs"),
            AddSpecialTokens = fields.Flag("add_special_tokens") ?? true,
            RequestId = fields.Text("request_id"),
            TokensAsIds = fields.Flag("return_tokens_as_token_ids") ?? false,
            ReturnTokenIds = fields.Flag("return_token_ids") ?? false,
        };
        RefuseOthers(fields);
        faults.ThrowIfAny();
        if (request.Prompts is [{ Text: "" }]) throw NoPrompt();
        return request;
    }

    /// <summary>What is asked before the fields are looked at.</summary>
    private static void Before(RequestFields fields, JsonElement body)
    {
        var streams = fields.Find("stream") is { ValueKind: JsonValueKind.True };
        if (fields.Find("prompt_logprobs") is { ValueKind: JsonValueKind.Number } prompt && prompt.TryGetInt64(out var tokens))
        {
            if (streams && tokens > 0) throw ApiException.Bad("`prompt_logprobs` are not available when `stream=True`.", "prompt_logprobs", null);
            if (tokens < 0) throw ApiException.Bad("`prompt_logprobs` must be a positive value.", "prompt_logprobs", $"{tokens}");
        }
        if (fields.Find("logprobs") is { ValueKind: JsonValueKind.Number } logprobs && logprobs.TryGetInt64(out var top) && top < 0)
            throw ApiException.Bad("`logprobs` must be a positive value.", "logprobs", $"{top}");
        if (fields.Find("stream_options") is not null && !streams) throw ApiException.Bad("Stream options can only be defined when `stream=True`.", "stream_options", null);
        if (fields.Find("prompt") is null && fields.Find("prompt_embeds") is null) throw NoPrompt();
        if (body.TryGetProperty("request_id", out var id) && id.TryText() is { } name) CheckId(name, "request_id");
    }

    /// <summary>An id comes back in answers and stands in logs: it is short, and of harmless characters.</summary>
    /// <exception cref="ApiException">It is not.</exception>
    public static void CheckId(string id, string param)
    {
        if (id.Length is 0 or > 128 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':'))
            throw ApiException.Bad("a request id has 1 to 128 letters, digits and any of - _ . :", param);
    }

    private static bool Side(RequestFields fields, FieldFaults faults)
    {
        var side = fields.Text("truncation_side");
        if (side is not (null or "left" or "right")) faults.Add("literal_error", fields.PlaceOf("truncation_side"), "Input should be 'left' or 'right'", side);
        return side == "right";
    }

    private static void RefuseOthers(RequestFields fields)
    {
        var refused = Unknown.FirstOrDefault(name => fields.Find(name) is not null)
            ?? (fields.Find("use_beam_search") is { ValueKind: JsonValueKind.True } ? "use_beam_search" : null)
            ?? (fields.Find("bad_words") is { ValueKind: JsonValueKind.Array } words && words.GetArrayLength() > 0 ? "bad_words" : null)
            ?? (fields.Find("response_format") is { } format && !(format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out var kind) && kind.TryText() == "text")
                ? "response_format" : null);
        if (refused is not null) throw ApiException.Bad($"{refused} is not supported by this server; leave it out", refused);
    }

    private static ApiException NoPrompt() => ApiException.Bad("Either prompt or prompt_embeds must be provided and non-empty.", "prompt", null);
}
