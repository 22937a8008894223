namespace VoxMake.Models.Llama;

/// <summary>How a model is meant to be asked: <c>generation_config.json</c>, which servers take their defaults from. What is null the file does not say.</summary>
/// <param name="EosTokenIds">Ids that end a text.</param>
/// <param name="DoSample">Whether tokens are drawn; else the likeliest is taken.</param>
public sealed record GenerationConfig(
    IReadOnlyList<int>? EosTokenIds = null,
    int? BosTokenId = null,
    int? PadTokenId = null,
    bool? DoSample = null,
    double? Temperature = null,
    int? TopK = null,
    double? TopP = null,
    double? MinP = null,
    double? RepetitionPenalty = null,
    int? MaxNewTokens = null)
{
    public IReadOnlyList<int> EosTokenIds { get; init; } = EosTokenIds ?? [];

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelException">It cannot be read, or a value is of another kind or out of range; the message names the field.</exception>
    public static GenerationConfig Read(string path, string name)
    {
        var fields = new JsonFields(TransformersJson.Read(path, name), name);
        double? Within(string field, double least, double most)
        {
            var value = fields.Number(field);
            return value is null || (value >= least && value <= most) ? value : throw new ModelException($"{name}: {field} is {value}; expected {least} to {most}");
        }
        var topK = Within("top_k", 0, 1 << 24);
        if (topK is { } k && k != Math.Floor(k)) throw new ModelException($"{name}: top_k is {k}; expected a whole number");
        return new GenerationConfig(
            fields.Ids("eos_token_id"),
            fields.Ids("bos_token_id") is [var bos, ..] ? bos : null,
            fields.Ids("pad_token_id") is [var pad, ..] ? pad : null,
            fields.Flag("do_sample"),
            Within("temperature", 0, 100),
            (int?)topK,
            Within("top_p", 0, 1),
            Within("min_p", 0, 1),
            Within("repetition_penalty", 1e-3, 100),
            fields.Size("max_new_tokens", 1 << 24));
    }
}
