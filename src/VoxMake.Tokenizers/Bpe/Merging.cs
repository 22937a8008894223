namespace VoxMake.Tokenizers.Bpe;

/// <summary>
/// Merges the bytes of a piece: always the pair of the smallest rank, of equal ones the leftmost. Tokens are a linked list, pairs lie in a heap, so a piece of n bytes takes O(n log n). One
/// object is for one
/// text at a time.
/// </summary>
internal sealed class Merging(MergeTable merges)
{
    private readonly PriorityQueue<(int Left, int Right, int Id), long> _pairs = new();
    private int[] _ids = [], _next = [], _previous = [];

    /// <summary>Appends the tokens of a piece.</summary>
    /// <param name="piece">Ids of its single bytes.</param>
    public void Append(ReadOnlySpan<int> piece, List<int> tokens)
    {
        Begin(piece);
        while (_pairs.TryDequeue(out var pair, out var priority))
        {
            // What was pushed may have been overtaken: the left token is gone or has become another.
            var left = (int)(uint)priority;
            var right = _next[left];
            if (_ids[left] != pair.Left || right < 0 || _ids[right] != pair.Right) continue;
            _ids[left] = pair.Id;
            _ids[right] = -1;
            _next[left] = _next[right];
            if (_next[left] >= 0) _previous[_next[left]] = left;
            Push(_previous[left], left);
            Push(left, _next[left]);
        }
        for (var at = 0; at >= 0 && at < piece.Length; at = _next[at]) tokens.Add(_ids[at]);
    }

    private void Begin(ReadOnlySpan<int> piece)
    {
        if (_ids.Length < piece.Length) (_ids, _next, _previous) = (new int[piece.Length], new int[piece.Length], new int[piece.Length]);
        piece.CopyTo(_ids);
        for (var i = 0; i < piece.Length; i++) (_previous[i], _next[i]) = (i - 1, i + 1 < piece.Length ? i + 1 : -1);
        for (var i = 0; i + 1 < piece.Length; i++) Push(i, i + 1);
    }

    private void Push(int left, int right)
    {
        if (left < 0 || right < 0 || !merges.TryFind(_ids[left], _ids[right], out var merge)) return;
        _pairs.Enqueue((_ids[left], _ids[right], merge.Id), (long)merge.Rank << 32 | (uint)left);
    }
}
