using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.SynthTool;

/// <summary>What the training process spoke with the network that became the export, and how: Train's said.json.</summary>
/// <param name="Libtorch">Version.</param>
/// <param name="Threads">Threads in an operator.</param>
/// <param name="Device">Such as <c>cpu</c>.</param>
/// <param name="Processor">The kind of processor (<see cref="Torch.Libtorch.Processor"/>); null where an older version did not note it.</param>
/// <param name="Blas">What multiplied matrices (<see cref="Torch.Libtorch.Blas"/>); null where an older version did not note it.</param>
public sealed record Said(string Libtorch, int Threads, string Device, IReadOnlyList<SaidSentence> Sentences, string? Processor = null, string? Blas = null)
{
    public const string File = "said.json", Samples = "said.safetensors";

    /// <summary>Reads it.</summary>
    /// <exception cref="ToolException">It is no such thing.</exception>
    public static Said Read(InputFile file)
    {
        try
        {
            var said = JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(file.Path), SaidJson.Default.Said) ?? throw new JsonException("it is null");
            if (said.Threads is < 1 or > 4096) throw new JsonException($"threads is {said.Threads}, expected 1 to 4096");
            if (said.Sentences.Count == 0 || said.Sentences.Contains(null!)) throw new JsonException("it has no sentences");
            return said;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException) { throw new ToolException($"cannot be read: {error.Message}") { File = file.Name }; }
    }
}

/// <summary>One sentence.</summary>
/// <param name="N">Its number: the samples are the tensor <c>waveform.n</c>.</param>
/// <param name="Speaker">The speaker's index; null for a network of one voice.</param>
/// <param name="Seed">Of the generator that the noise came from.</param>
public sealed record SaidSentence(int N, string Text, int? Speaker, ulong Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Said))]
[JsonSerializable(typeof(Validation))]
internal sealed partial class SaidJson : JsonSerializerContext;
