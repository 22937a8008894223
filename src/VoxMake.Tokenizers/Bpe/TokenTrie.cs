namespace VoxMake.Tokenizers.Bpe;

/// <summary>Added tokens by their characters, to find the longest that a text begins with.</summary>
internal sealed class TokenTrie
{
    private readonly Dictionary<(int Node, char Next), int> _edges = [];
    private readonly List<AddedToken?> _ends = [null];

    public TokenTrie(IReadOnlyList<AddedToken> tokens)
    {
        foreach (var token in tokens)
        {
            var node = 0;
            foreach (var c in token.Content)
            {
                if (!_edges.TryGetValue((node, c), out var next))
                {
                    _edges.Add((node, c), next = _ends.Count);
                    _ends.Add(null);
                }
                node = next;
            }
            _ends[node] = token;
        }
    }

    public bool IsEmpty => _edges.Count == 0;

    /// <summary>The longest token that the text begins with.</summary>
    public AddedToken? Longest(ReadOnlySpan<char> text)
    {
        AddedToken? longest = null;
        var node = 0;
        foreach (var c in text)
        {
            if (!_edges.TryGetValue((node, c), out node)) break;
            longest = _ends[node] ?? longest;
        }
        return longest;
    }
}
