using System.Text;

namespace VoxMake.Text.Espeak;

/// <summary>
/// From espeak-ng's positions, which count code points, to those of .NET, which count UTF-16 units. Half a surrogate pair is one code point on both sides: it reaches espeak-ng as U+FFFD.
/// </summary>
internal sealed class CodePoints
{
    private readonly int[]? _starts; // [code point]: its first unit; null where each has one
    private readonly int _units;

    public CodePoints(string text)
    {
        _units = text.Length;
        if (!text.Any(char.IsSurrogate)) return;
        var starts = new List<int>();
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            starts.Add(at);
            at += char.IsSurrogate(text[at]) && rune != Rune.ReplacementChar ? 2 : 1;
        }
        _starts = [.. starts];
    }

    /// <summary>The first unit of a code point, from 0; the text's length from its end on.</summary>
    public int ToUnits(int codePoint)
    {
        if (codePoint <= 0) return 0;
        if (_starts is null) return Math.Min(codePoint, _units);
        return codePoint < _starts.Length ? _starts[codePoint] : _units;
    }
}
