namespace VoxMake.Text.Speech;

/// <summary>The words beside a place in a text, on which it hangs how a sign is said.</summary>
internal static class NeighbouringWords
{
    private const int Longest = 32;

    /// <summary>The word before a place, where one space lies between; empty at the beginning and behind other signs.</summary>
    public static (string Word, int Start) Before(string text, int at)
    {
        if (at < 1 || text[at - 1] is not (' ' or '\n')) return ("", at);
        var start = at - 1;
        while (start > 0 && at - start < Longest && char.IsLetter(text[start - 1])) start--;
        return (text[start..(at - 1)], start);
    }

    /// <summary>The word or the sign behind spaces, quotes and brackets; nothing at the end of a line or text.</summary>
    public static ReadOnlySpan<char> After(string text, int at)
    {
        var rest = text.AsSpan(at).TrimStart(" \"'“”„‚‘’»«›‹()[]");
        if (rest.IsEmpty || rest[0] == '\n') return [];
        var end = 0;
        while (end < rest.Length && end < Longest && char.IsLetterOrDigit(rest[end])) end++;
        return rest[..Math.Max(end, 1)];
    }
}
