using VoxMake.Models;
using VoxMake.Models.Orpheus;

namespace VoxMake.Training.Orpheus;

/// <summary>The examples of a split in the order of their shards, read where they lie when their turn comes.</summary>
public sealed class OrpheusExamples : IDisposable
{
    private readonly List<TokenShard> _shards = [];
    private readonly List<(int Shard, int Example)> _places = [];

    /// <param name="paths">Shards, in the order of their names.</param>
    /// <exception cref="Torch.Weights.WeightsException">A shard breaks a rule of its format.</exception>
    /// <exception cref="ModelException">A shard is none.</exception>
    public OrpheusExamples(IEnumerable<string> paths)
    {
        try
        {
            foreach (var path in paths)
            {
                _shards.Add(TokenShard.Open(path));
                for (var example = 0; example < _shards[^1].Count; example++) _places.Add((_shards.Count - 1, example));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        Lengths = [.. _places.Select(place => _shards[place.Shard].Length(place.Example))];
    }

    public int Count => _places.Count;

    /// <summary>Tokens of each.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>How many tokens of an example count in the loss: each that another comes before; of a prompt that is not learnt, none.</summary>
    public long Targets(int index, bool maskPrompt) => Lengths[index] - (maskPrompt ? Math.Max(1, _shards[_places[index].Shard].PromptTokens(_places[index].Example)) : 1);

    public TokenExample this[int index]
    {
        get
        {
            var (shard, example) = _places[index];
            return new TokenExample(_shards[shard][example].ToArray(), _shards[shard].PromptTokens(example));
        }
    }

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
    }
}
