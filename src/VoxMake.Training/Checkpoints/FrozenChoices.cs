using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Torch.Weights;

namespace VoxMake.Training;

/// <summary>What was chosen for the machine at the first start, and is used again whenever the training goes on: other choices would give other numbers.</summary>
/// <param name="Lineage">A digest of the clips and settings that it was begun with.</param>
/// <param name="BatchSize">Clips that go through the network at once.</param>
/// <param name="GradientAccumulationSteps">How many such pieces make a step.</param>
/// <param name="EffectiveBatchSize">Clips of a step; stays as it is when memory runs out and pieces become smaller.</param>
/// <param name="Precision"><c>fp32</c> or <c>bf16</c>.</param>
/// <param name="Threads">Threads inside an operator.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Libtorch">Its version.</param>
/// <param name="GradientCheckpointing">What is computed again for gradients, where a recipe knows that; else null. Sums are in another order then.</param>
public sealed record FrozenChoices(string Lineage, int BatchSize, int GradientAccumulationSteps, int EffectiveBatchSize, string Precision, int Threads, string Device, string Libtorch, string? GradientCheckpointing = null)
{
    private const string FileName = "choices.json";

    /// <summary>How a step's clips are cut.</summary>
    [JsonIgnore]
    public MicroBatches MicroBatches => new(BatchSize, GradientAccumulationSteps);

    /// <summary>What a state folder remembers; null at the first start, or where the file says nothing of use.</summary>
    public static FrozenChoices? Read(string stateFolder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(stateFolder, FileName)), RunJson.Default.FrozenChoices) is { BatchSize: > 0, GradientAccumulationSteps: > 0, EffectiveBatchSize: > 0, Threads: > 0 } read ? read : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException) { return null; }
    }

    /// <summary>What a state folder knows: its own note, or else that of the newest checkpoint; null at the first start. The folder is made.</summary>
    internal static FrozenChoices? Remembered(string stateFolder, CheckpointStore store)
    {
        Directory.CreateDirectory(stateFolder);
        return Read(stateFolder) ?? (store.Newest() is { } checkpoint ? RunState.Read(checkpoint.Path).Choices : null);
    }

    /// <summary>Keeps them: whole, or as the file was before.</summary>
    public void Write(string stateFolder) => WholeFile.Write(Path.Combine(stateFolder, FileName), file => JsonSerializer.Serialize(file, this, RunJson.Default.FrozenChoices));
}
