namespace VoxMake.Text.Espeak;

/// <summary>Punctuation, which is not spoken. espeak-ng reads a mark out that stands alone (<c>!</c> as "exclamation"), which nobody does who reads a text.</summary>
public static class Marks
{
    private const string All = ".,;:!?…-–—―\"'()[]{}«»‹›„“”‚‘’¡¿·•*_/\\|`~";

    /// <summary>Whether a text is empty or holds only marks, white space and control characters.</summary>
    public static bool IsNothingElse(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsWhiteSpace(c) && !char.IsControl(c) && !All.Contains(c)) return false;
        return true;
    }
}
