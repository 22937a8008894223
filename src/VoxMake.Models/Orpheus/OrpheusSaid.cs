using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Models.Generation;
using VoxMake.Models.Llama;
using VoxMake.Torch;

namespace VoxMake.Models.Orpheus;

/// <summary>What a network made of one prompt, taking the likeliest token each time, with nothing masked: what any engine that serves the same network must make of it.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Tokens">The text, up to a bound or the token that ended it.</param>
/// <param name="Logprobs">Of each of them.</param>
/// <param name="Margins">How much less likely (in logprob) the second likeliest was: where it is tiny another order of sums may choose the other.</param>
/// <param name="Frames">The bound of <paramref name="Heard"/>.</param>
/// <param name="Seed">Of the draws of <paramref name="Heard"/>.</param>
/// <param name="Heard">Audio ids that <see cref="OrpheusDraws"/> drew for the prompt: what people listened to while it trained.</param>
public sealed record OrpheusSaidText(int N, string Id, string Text, int[] Prompt, int[] Tokens, double[] Logprobs, double[] Margins, int Frames, long Seed, int[] Heard)
{
    /// <summary>Asks a network.</summary>
    /// <param name="most">Tokens at most.</param>
    public static OrpheusSaidText Of(LlamaModel model, OrpheusIds ids, int n, string id, string text, int[] prompt, int most, int frames, long seed)
    {
        var task = new LlamaTask(prompt, new SamplingOptions(), Math.Min(most, model.Config.MaxPositionEmbeddings - prompt.Length), new HashSet<int> { ids.EndOfSpeech }, Top: 2);
        using var sequence = new LlamaSequence(task, model.Config);
        var writer = new LlamaWriter(model);
        while (sequence.Finish is null) writer.Step([sequence]);
        return new OrpheusSaidText(n, id, text, prompt, [.. sequence.Text], [.. sequence.Scores.Select(scores => scores.Logprob)], [.. sequence.Scores.Select(scores => scores.Top[0].Logprob - scores.Top[1].Logprob)],
            frames, seed, OrpheusDraws.Of(model, ids, prompt, frames, seed, n));
    }
}

/// <summary>What a trained network said before it was exported: the proof that what is merged and served is what was trained.</summary>
/// <param name="Libtorch">Its version.</param>
/// <param name="Precision">Of the weights: <c>fp32</c> or <c>bf16</c>.</param>
public sealed record OrpheusSaid(string Libtorch, int Threads, string Device, string Precision, IReadOnlyList<OrpheusSaidText> Texts)
{
    public const string FileName = "said.json";

    /// <summary>The type that <see cref="Precision"/> names.</summary>
    [JsonIgnore]
    public ScalarType Type => Precision == "bf16" ? ScalarType.BFloat16 : ScalarType.Float;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, OrpheusSaidJson.Default.OrpheusSaid);

    /// <summary>Reads a file.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ModelException">It is none.</exception>
    public static OrpheusSaid Read(string path, string name)
    {
        try
        {
            var said = JsonSerializer.Deserialize(File.ReadAllBytes(path), OrpheusSaidJson.Default.OrpheusSaid) ?? throw new JsonException("it is null");
            foreach (var text in said.Texts)
                if (text.Prompt.Length == 0 || text.Tokens.Length != text.Logprobs.Length || text.Tokens.Length != text.Margins.Length) throw new JsonException($"text {text.N} is not whole");
            return said;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException) { throw new ModelException($"{name} cannot be read: {error.Message}", error); }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrpheusSaid))]
internal sealed partial class OrpheusSaidJson : JsonSerializerContext;
