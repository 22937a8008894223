using System.Collections;

namespace VoxMake.Config;

/// <summary>A list of words of which each may stand once, such as <c>[mel, mcd]</c>; two lists of the same words in the same order are equal.</summary>
public sealed class Names(params IReadOnlyList<string> words) : IReadOnlyList<string>, IEquatable<Names>
{
    public int Count => words.Count;
    public string this[int index] => words[index];
    public IEnumerator<string> GetEnumerator() => words.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(Names? other) => other is not null && words.SequenceEqual(other);
    public override bool Equals(object? other) => Equals(other as Names);
    public override int GetHashCode() => words.Aggregate(words.Count, HashCode.Combine);
    public override string ToString() => $"[{string.Join(", ", words)}]";
}
