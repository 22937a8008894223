namespace VoxMake.Training;

/// <summary>What training will take of a device's memory, roughly.</summary>
/// <param name="Parameters">Numbers that are trained, of all networks.</param>
/// <param name="ActivationsPerClip">Bytes of what a step keeps for each clip of a micro-batch until gradients are there.</param>
/// <param name="BatchSize">Clips of a micro-batch.</param>
public sealed record MemoryEstimate(long Parameters, long ActivationsPerClip, int BatchSize)
{
    /// <summary>Bytes of the weights; float32 in every precision.</summary>
    public long Weights => 4 * Parameters;

    /// <summary>Bytes of the gradients.</summary>
    public long Gradients => 4 * Parameters;

    /// <summary>Bytes of AdamW's two running means.</summary>
    public long Optimizer => 8 * Parameters;

    /// <summary>Bytes of what a step keeps.</summary>
    public long Activations => ActivationsPerClip * BatchSize;

    public long Total => Weights + Gradients + Optimizer + Activations;

    /// <summary>One line for people.</summary>
    /// <param name="free">Bytes that are free; null where the device does not say.</param>
    public string InWords(long? free) =>
        $"memory, estimated: {DiskSpace.InWords(Total)} (weights {DiskSpace.InWords(Weights)}, gradients {DiskSpace.InWords(Gradients)}, optimizer {DiskSpace.InWords(Optimizer)}, "
        + $"activations of {BatchSize} {(BatchSize == 1 ? "clip" : "clips")} {DiskSpace.InWords(Activations)}); free: {(free is { } bytes ? DiskSpace.InWords(bytes) : "unknown")}";
}
