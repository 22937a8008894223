namespace VoxMake.Tokenizers.Bpe;

/// <summary>The ids of two texts that belong together.</summary>
/// <param name="TypeIds">For each id which of the two it is of, as the template says.</param>
public sealed record PairEncoding(int[] Ids, int[] TypeIds);

/// <summary>A piece of a template: a special token's ids, or one of the texts where <paramref name="Ids"/> is null.</summary>
/// <param name="IsSecond">Whether it is the second text.</param>
internal sealed record TemplatePiece(int[]? Ids, bool IsSecond, int TypeId);

/// <summary>What is put around texts: TemplateProcessing of tokenizer.json. Without special tokens only the texts' order remains.</summary>
internal sealed record Template(IReadOnlyList<TemplatePiece> Single, IReadOnlyList<TemplatePiece> Pair)
{
    /// <summary>Where a tokenizer has none: texts as they are.</summary>
    public static Template None { get; } = new([new(null, false, 0)], [new(null, false, 0), new(null, true, 1)]);

    public int[] Apply(List<int> text, bool addSpecialTokens) => Apply(Single, text, [], addSpecialTokens).Ids;

    public PairEncoding Apply(List<int> first, List<int> second, bool addSpecialTokens) => Apply(Pair, first, second, addSpecialTokens);

    private static PairEncoding Apply(IReadOnlyList<TemplatePiece> pieces, List<int> first, List<int> second, bool addSpecialTokens)
    {
        List<int> ids = [], types = [];
        foreach (var piece in pieces.Where(piece => addSpecialTokens || piece.Ids is null))
        {
            var before = ids.Count;
            ids.AddRange((IEnumerable<int>?)piece.Ids ?? (piece.IsSecond ? second : first));
            types.AddRange(Enumerable.Repeat(piece.TypeId, ids.Count - before));
        }
        return new([.. ids], [.. types]);
    }
}
