using VoxMake.Torch;

namespace VoxMake.Models.Llama;

/// <summary>
/// Tokens of several sequences, laid one after the other without padding. All that works on single tokens sees one long row; attention goes within each sequence only. So packing, batches of
/// prompts of any lengths, and steps of several running generations are one and the same.
/// </summary>
/// <param name="Ids">[tokens] whole numbers (long).</param>
/// <param name="Positions">[tokens] whole numbers (long), each counted within its sequence.</param>
/// <param name="Lengths">Tokens of each sequence; their sum is the number of tokens.</param>
public sealed record TokenBatch(Tensor Ids, Tensor Positions, IReadOnlyList<int> Lengths)
{
    /// <summary>Lays sequences one after the other; tensors are of the present scope.</summary>
    /// <param name="starts">The position of each sequence's first token; null: all 0.</param>
    public static TokenBatch Of(IReadOnlyList<ReadOnlyMemory<int>> sequences, Device device, IReadOnlyList<int>? starts = null)
    {
        var count = sequences.Sum(sequence => sequence.Length);
        var (ids, positions) = (new long[count], new long[count]);
        var at = 0;
        for (var i = 0; i < sequences.Count; i++)
        {
            var sequence = sequences[i].Span;
            for (var token = 0; token < sequence.Length; token++, at++) (ids[at], positions[at]) = (sequence[token], (starts?[i] ?? 0) + token);
        }
        return new TokenBatch(Tensor.From<long>(ids, count).to(device), Tensor.From<long>(positions, count).to(device), [.. sequences.Select(sequence => sequence.Length)]);
    }

    /// <summary>The same of lists.</summary>
    public static TokenBatch Of(IEnumerable<int[]> sequences, Device device) => Of([.. sequences.Select(sequence => (ReadOnlyMemory<int>)sequence)], device);

    /// <summary>Tokens of all sequences.</summary>
    public int Tokens { get; } = Lengths.Sum();

    /// <summary>Index of each sequence's last token.</summary>
    public IEnumerable<long> Last
    {
        get
        {
            var end = 0L;
            foreach (var length in Lengths) yield return (end += length) - 1;
        }
    }
}
