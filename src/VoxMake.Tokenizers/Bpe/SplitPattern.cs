namespace VoxMake.Tokenizers.Bpe;

/// <summary>
/// The patterns that cut a text into pieces before merging, each a scanner of our own over Unicode code points: .NET's regular expressions go by UTF-16 and get everything above U+FFFF wrong.
/// Which characters are letters and digits is .NET's Unicode version; the reference's may be a year older, so characters that a new version brought may be cut otherwise.
/// </summary>
internal sealed class SplitPattern
{
    private readonly Scan _scan;

    private delegate int Scan(ReadOnlySpan<char> text, int start);

    private SplitPattern(string name, string regex, Scan scan) => (Name, Regex, _scan) = (name, regex, scan);

    /// <summary>Whose it is.</summary>
    public string Name { get; }

    /// <summary>As it stands in a tokenizer.json.</summary>
    public string Regex { get; }

    /// <summary>Llama 3, and what was made of it.</summary>
    public static SplitPattern Llama3 { get; } = new("Llama 3",
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", (text, start) => Llama(text, start, 3));

    /// <summary>Qwen 2 and 2.5: Llama 3's, but for digits, which stand alone.</summary>
    public static SplitPattern Qwen2 { get; } = new("Qwen 2",
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", (text, start) => Llama(text, start, 1));

    /// <summary>GPT-2: what a ByteLevel pre-tokenizer does itself where its <c>use_regex</c> is true.</summary>
    public static SplitPattern Gpt2 { get; } = new("GPT-2", @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", Gpt);

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<SplitPattern> Known { get; } = [Llama3, Qwen2, Gpt2];

    /// <summary>The end of the piece that begins at <paramref name="start"/>, which lies in the text; every piece has at least one character.</summary>
    public int End(ReadOnlySpan<char> text, int start) => _scan(text, start);

    private static int Llama(ReadOnlySpan<char> text, int start, int mostDigits)
    {
        var contraction = Contraction(text, start, anyCase: true);
        if (contraction > start) return contraction;
        var first = CodePoint.At(text, start);
        var second = start + first.Length < text.Length ? CodePoint.At(text, start + first.Length) : default;
        if (first.Kind == CharacterKind.Letter) return Run(text, start, CharacterKind.Letter);
        if (second.Kind == CharacterKind.Letter && !first.IsLineBreak && first.Kind != CharacterKind.Digit) return Run(text, start + first.Length, CharacterKind.Letter);
        if (first.Kind == CharacterKind.Digit) return Run(text, start, CharacterKind.Digit, mostDigits);
        if (Others(text, start, first, second) is var others && others > start)
        {
            while (others < text.Length && text[others] is '\r' or '\n') others++;
            return others;
        }
        return LastLineBreak(text, start) is var lines && lines > start ? lines : Space(text, start);
    }

    private static int Gpt(ReadOnlySpan<char> text, int start)
    {
        var contraction = Contraction(text, start, anyCase: false);
        if (contraction > start) return contraction;
        var first = CodePoint.At(text, start);
        var second = start + first.Length < text.Length ? CodePoint.At(text, start + first.Length) : default;
        foreach (var kind in (ReadOnlySpan<CharacterKind>)[CharacterKind.Letter, CharacterKind.Digit])
        {
            if (first.Kind == kind) return Run(text, start, kind);
            if (first.IsSpace && second.Kind == kind) return Run(text, start + 1, kind);
        }
        return Others(text, start, first, second) is var others && others > start ? others : Space(text, start);
    }

    /// <summary>Behind <c>'s 't 're 've 'm 'll 'd</c>, or the start. Without regard to case ſ (U+017F) is an s as well, as Unicode folds it.</summary>
    private static int Contraction(ReadOnlySpan<char> text, int start, bool anyCase)
    {
        if (text[start] != '\'' || start + 1 >= text.Length) return start;
        var first = Folded(text[start + 1], anyCase);
        if (first is 's' or 't' or 'm' or 'd') return start + 2;
        if (start + 2 >= text.Length) return start;
        return (first, Folded(text[start + 2], anyCase)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? start + 3 : start;
    }

    private static char Folded(char c, bool anyCase) => !anyCase ? c : c == '\u017F' ? 's' : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    /// <summary>Behind <c> ?[^\s\p{L}\p{N}]+</c>, or the start.</summary>
    private static int Others(ReadOnlySpan<char> text, int start, CodePoint first, CodePoint second) =>
        first.Kind == CharacterKind.Other ? Run(text, start, CharacterKind.Other) : first.IsSpace && second.Kind == CharacterKind.Other ? Run(text, start + 1, CharacterKind.Other) : start;

    /// <summary>Behind the last line break of the white space that begins here, or the start: <c>\s*[\r\n]+</c>.</summary>
    private static int LastLineBreak(ReadOnlySpan<char> text, int start)
    {
        var end = Run(text, start, CharacterKind.White);
        return start + text[start..end].LastIndexOfAny('\r', '\n') + 1;
    }

    /// <summary>White space without its last character, which goes with the word behind it: <c>\s+(?!\S)|\s+</c>. All of what counts as white space is one UTF-16 unit.</summary>
    private static int Space(ReadOnlySpan<char> text, int start)
    {
        var end = Run(text, start, CharacterKind.White);
        return end == text.Length || end - start == 1 ? end : end - 1;
    }

    private static int Run(ReadOnlySpan<char> text, int start, CharacterKind kind, int most = int.MaxValue)
    {
        for (; start < text.Length && most > 0; most--)
        {
            var next = CodePoint.At(text, start);
            if (next.Kind != kind) break;
            start += next.Length;
        }
        return start;
    }
}
