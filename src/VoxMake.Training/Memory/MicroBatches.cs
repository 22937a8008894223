namespace VoxMake.Training;

/// <summary>
/// How a step's clips are cut into the pieces that go through the network at once. When memory runs out, pieces are halved and there are twice as many: the step is still on the same clips.
/// </summary>
/// <param name="BatchSize">Clips of a piece, at least 1.</param>
/// <param name="AccumulationSteps">Pieces of a step, at least 1.</param>
public sealed record MicroBatches(int BatchSize, int AccumulationSteps)
{
    /// <summary>Clips of a step.</summary>
    public int Effective => BatchSize * AccumulationSteps;

    /// <summary>The step's clips in pieces.</summary>
    public IEnumerable<T[]> Cut<T>(IEnumerable<T> clips) => clips.Chunk(BatchSize);

    /// <summary>Half the size, enough pieces for as many clips of a step; null where pieces are single clips already.</summary>
    /// <param name="effective">Clips of a step, as they were at the start.</param>
    public MicroBatches? Halved(int effective)
    {
        if (BatchSize == 1) return null;
        var half = (BatchSize + 1) / 2;
        return new MicroBatches(half, (effective + half - 1) / half);
    }
}
