namespace VoxMake.Training;

/// <summary>How many clips go through the network at once, where nobody said.</summary>
public static class BatchChoice
{
    /// <summary>Share of the free memory that an estimate may fill: estimates are rough, and a machine does other things, too.</summary>
    public const double Share = 0.7;

    /// <summary>The largest power of two up to <paramref name="most"/> whose estimate fits, and no more than there are clips; 1 where nothing fits.</summary>
    /// <param name="bytesOf">Bytes that training on a batch of so many clips takes.</param>
    /// <param name="free">Bytes that are free.</param>
    public static int Of(Func<int, long> bytesOf, long free, int clips, int most)
    {
        var best = 1;
        for (var batch = 2; batch <= Math.Min(most, clips) && bytesOf(batch) <= free * Share; batch *= 2) best = batch;
        return best;
    }
}
