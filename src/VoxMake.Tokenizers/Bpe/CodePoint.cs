using System.Globalization;
using System.Text;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>What split patterns ask of a character.</summary>
internal enum CharacterKind
{
    /// <summary>Behind the end of the text.</summary>
    None,

    /// <summary><c>\p{L}</c></summary>
    Letter,

    /// <summary><c>\p{N}</c></summary>
    Digit,

    /// <summary><c>\s</c>: Unicode's White_Space.</summary>
    White,

    /// <summary>All others.</summary>
    Other,
}

/// <summary>A character of a text that is whole UTF-16.</summary>
/// <param name="Length">UTF-16 units, 1 or 2.</param>
internal readonly record struct CodePoint(int Value, int Length, CharacterKind Kind)
{
    public bool IsSpace => Value == ' ' && Length == 1;

    public bool IsLineBreak => Value is '\r' or '\n';

    public static CodePoint At(ReadOnlySpan<char> text, int index)
    {
        var c = text[index];
        if (!char.IsHighSurrogate(c)) return new(c, 1, KindOf(c));
        var value = char.ConvertToUtf32(c, text[index + 1]);
        return new(value, 2, KindOf(value));
    }

    /// <summary>The place of the first half of a surrogate pair without its other half, or -1.</summary>
    public static int LoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out var length) != System.Buffers.OperationStatus.Done) return i;
            i += length;
        }
        return -1;
    }

    /// <summary>What Rust's regular expressions hold for a part of a word (<c>\w</c>), which decides on single_word: Alphabetic, marks, decimal digits, connectors, joiners.</summary>
    public static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true, // letters, marks, decimal digits, letter numbers
        UnicodeCategory.OtherSymbol => rune.Value is >= 0x24B6 and <= 0x24E9 or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189,
        _ => rune.Value is 0x200C or 0x200D,
    };

    private static CharacterKind KindOf(int value)
    {
        if (value < 0x80 ? value is ' ' or >= '\t' and <= '\r' : value <= 0xFFFF && char.IsWhiteSpace((char)value)) return CharacterKind.White;
        return CharUnicodeInfo.GetUnicodeCategory(value) switch
        {
            <= UnicodeCategory.OtherLetter => CharacterKind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Digit,
            _ => CharacterKind.Other,
        };
    }
}
