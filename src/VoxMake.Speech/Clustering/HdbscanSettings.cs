namespace VoxMake.Speech.Clustering;

/// <summary>Which clusters of the condensed tree are taken.</summary>
public enum ClusterSelectionMethod
{
    /// <summary>Excess of mass: those of the greatest stability in all that lie not in one another.</summary>
    Eom,

    /// <summary>The leaves: many, small and alike.</summary>
    Leaf,
}

/// <summary>Settings of HDBSCAN, under the names of the hdbscan package.</summary>
/// <param name="MinClusterSize">Fewest points of a cluster, at least 2.</param>
/// <param name="MinSamples">The core distance is that to the MinSamples-th nearest <em>other</em> point, at least 1 (scikit-learn counts the point itself: its number is one more). Null:
/// MinClusterSize.</param>
/// <param name="ClusterSelectionEpsilon">Clusters are not split below this distance, 0 or more.</param>
/// <param name="AllowSingleCluster">Whether all may be one cluster.</param>
/// <param name="ExactUpTo">Beyond so many points a sample of this size is clustered and the rest assigned to it (<see cref="HdbscanPrediction"/>).</param>
public sealed record HdbscanSettings(
    int MinClusterSize = 5,
    int? MinSamples = null,
    ClusterSelectionMethod ClusterSelectionMethod = ClusterSelectionMethod.Eom,
    double ClusterSelectionEpsilon = 0,
    bool AllowSingleCluster = false,
    int ExactUpTo = 50_000)
{
    /// <summary>MinSamples, or what stands for it.</summary>
    public int Samples => MinSamples ?? MinClusterSize;

    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Check()
    {
        if (MinClusterSize < 2) throw new ArgumentException($"min_cluster_size is {MinClusterSize}, expected 2 or more");
        if (MinSamples < 1) throw new ArgumentException($"min_samples is {MinSamples}, expected 1 or more");
        if (!(ClusterSelectionEpsilon >= 0 && double.IsFinite(ClusterSelectionEpsilon)))
            throw new ArgumentException($"cluster_selection_epsilon is {ClusterSelectionEpsilon}, expected a distance, 0 or more");
        if (ExactUpTo < 2) throw new ArgumentException($"the largest number that is clustered exactly is {ExactUpTo}, expected 2 or more");
    }
}
