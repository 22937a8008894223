using VoxMake.Models;

namespace VoxMake.Training;

/// <summary>
/// Which clips make up which step. An epoch's order is a function of (seed, epoch) and of the clips' lengths alone: not of what ran before, of the number of devices, or of how a batch is
/// cut into micro-batches. Clips of one batch have similar lengths, so that little of it is padding: the permutation of an epoch is cut into windows, each window is sorted by length and cut
/// into batches, and the batches are put in an order by chance again. A window is an eighth of the epoch, at most sixteen batches; so an epoch of few batches is a plain permutation, and which
/// clips meet in a batch stays a matter of chance.
/// </summary>
/// <remarks>
/// Every clip is heard once an epoch: the last, smaller batch is kept, as Hugging Face's fine-tuning does; the original's DistributedBucketSampler fills it with clips heard twice.
/// </remarks>
public sealed class EpochOrder
{
    private const int Windows = 8, MostBatchesOfWindow = 16;
    private readonly long _seed;
    private readonly int _batchSize;
    private readonly int[] _lengths;
    private (long Epoch, IReadOnlyList<int[]> Batches)? _last;

    /// <param name="seed">The run's seed.</param>
    /// <param name="batchSize">Clips of one step, all micro-batches together; at least 1.</param>
    /// <param name="lengths">The length of each clip, in any unit; at least one clip.</param>
    public EpochOrder(long seed, int batchSize, IReadOnlyList<int> lengths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (lengths.Count == 0) throw new ArgumentException("an epoch needs at least one clip");
        (_seed, _batchSize, _lengths) = (seed, Math.Min(batchSize, lengths.Count), [.. lengths]);
    }

    /// <summary>All clips.</summary>
    public int Count => _lengths.Length;

    /// <summary>Steps of an epoch.</summary>
    public int Steps => (_lengths.Length + _batchSize - 1) / _batchSize;

    /// <summary>The epoch, from 0, that a step belongs to; steps count from 1.</summary>
    public long EpochOf(long step) => (step - 1) / Steps;

    /// <summary>The clips of a step (from 1), as indices into the lengths, the longest first.</summary>
    public IReadOnlyList<int> Clips(long step) => Batches(EpochOf(step))[(int)((step - 1) % Steps)];

    /// <summary>All batches of an epoch (from 0).</summary>
    public IReadOnlyList<int[]> Batches(long epoch)
    {
        if (_last is { } last && last.Epoch == epoch) return last.Batches;
        var order = new int[_lengths.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        new CounterRandom(_seed, Purpose.Order, epoch).Shuffle<int>(order);

        var window = Math.Clamp(Steps / Windows, 1, MostBatchesOfWindow) * _batchSize;
        var batches = new List<int[]>(Steps);
        for (var start = 0; start < order.Length; start += window)
            batches.AddRange(order.Skip(start).Take(window).OrderByDescending(clip => _lengths[clip]).ThenBy(clip => clip).Chunk(_batchSize));

        var shuffled = batches.ToArray();
        new CounterRandom(_seed, Purpose.Batches, epoch).Shuffle<int[]>(shuffled);
        _last = (epoch, shuffled);
        return shuffled;
    }
}
