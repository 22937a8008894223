using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Corpus;

/// <summary>What a dataset remembers in vox.lock, so that first assignments stand.</summary>
/// <param name="Fingerprint">The rules that the lists were made under, <see cref="SplitRules.Fingerprint"/>.</param>
/// <param name="Train">Groups that stay in train though their hash, or a set that is short of groups, would have them elsewhere.</param>
/// <param name="Validation">Groups that were taken into validation out of turn, since it was empty.</param>
/// <param name="Test">The same for test.</param>
/// <param name="Speakers">Names by index; never reordered, never shortened.</param>
public sealed record DatasetMemory(
    string Fingerprint,
    IReadOnlyList<string> Train,
    IReadOnlyList<string> Validation,
    IReadOnlyList<string> Test,
    IReadOnlyList<string> Speakers)
{
    /// <summary>The memory of an order; null at the first run.</summary>
    /// <exception cref="CorpusException">It is not of this form.</exception>
    public static DatasetMemory? Read(JsonElement? memory)
    {
        if (memory is not { } json || json.ValueKind == JsonValueKind.Null) return null;
        try
        {
            var read = json.Deserialize(DatasetJson.Default.DatasetMemory)!;
            if (new[] { read.Train, read.Validation, read.Test, read.Speakers }.Any(list => list.Contains(null!))) throw new JsonException("a name is null");
            if (read.Speakers.Distinct(StringComparer.Ordinal).Count() != read.Speakers.Count) throw new JsonException("a speaker stands twice");
            return read;
        }
        catch (JsonException error)
        {
            throw new CorpusException($"what the dataset remembered cannot be read: {error.Message}")
            {
                File = "vox.lock",
                Try = "take vox.lock from version control; without the dataset's memory clips may move between splits and speakers' indices change",
            };
        }
    }

    /// <summary>For the lock.</summary>
    public JsonElement Json() => JsonSerializer.SerializeToElement(this, DatasetJson.Default.DatasetMemory);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DatasetMemory))]
internal sealed partial class DatasetJson : JsonSerializerContext;
