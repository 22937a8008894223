namespace VoxMake.Tokenizers.Bpe;

/// <summary>Which pairs of tokens become one, and how early: the merges of a byte pair encoding (Sennrich, Haddow, Birch 2016).</summary>
internal sealed class MergeTable(int capacity)
{
    private readonly Dictionary<long, Merge> _merges = new(capacity);

    /// <summary>A merge: the smaller the rank, the earlier it is done.</summary>
    public readonly record struct Merge(int Rank, int Id);

    /// <summary>A pair that stands twice has its last rank, as in the reference.</summary>
    public void Add(int left, int right, int rank, int id) => _merges[Key(left, right)] = new(rank, id);

    public bool TryFind(int left, int right, out Merge merge) => _merges.TryGetValue(Key(left, right), out merge);

    private static long Key(int left, int right) => (long)left << 32 | (uint)right;
}
