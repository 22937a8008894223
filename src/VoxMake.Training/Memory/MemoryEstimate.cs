namespace VoxMake.Training;

/// <summary>What training will take of a device's memory, roughly, in bytes.</summary>
/// <param name="Weights">Of all networks.</param>
/// <param name="Gradients">Of what is trained.</param>
/// <param name="Optimizer">AdamW's two running means, and copies in float32 where weights are narrower.</param>
/// <param name="ActivationsPerClip">What a step keeps for each clip of a micro-batch until gradients are there.</param>
/// <param name="BatchSize">Clips of a micro-batch.</param>
/// <param name="Other">What is there once, whatever the batch.</param>
public sealed record MemoryEstimate(long Weights, long Gradients, long Optimizer, long ActivationsPerClip, int BatchSize, long Other = 0)
{
    /// <summary>Of networks that are trained whole, in float32 (as under autocast, too).</summary>
    /// <param name="parameters">Numbers that are trained, of all networks.</param>
    public static MemoryEstimate OfFloats(long parameters, long activationsPerClip, int batchSize) => new(4 * parameters, 4 * parameters, 8 * parameters, activationsPerClip, batchSize);

    /// <summary>Bytes of what a step keeps.</summary>
    public long Activations => ActivationsPerClip * BatchSize + Other;

    public long Total => Weights + Gradients + Optimizer + Activations;

    /// <summary>One line for people.</summary>
    /// <param name="free">Bytes that are free; null where the device does not say.</param>
    public string InWords(long? free) =>
        $"memory, estimated: {DiskSpace.InWords(Total)} (weights {DiskSpace.InWords(Weights)}, gradients {DiskSpace.InWords(Gradients)}, optimizer {DiskSpace.InWords(Optimizer)}, "
        + $"activations of {BatchSize} {(BatchSize == 1 ? "clip" : "clips")} {DiskSpace.InWords(Activations)}); free: {(free is { } bytes ? DiskSpace.InWords(bytes) : "unknown")}";
}
