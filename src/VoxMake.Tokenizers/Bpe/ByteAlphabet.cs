using System.Text;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>
/// GPT-2's alphabet (<c>bytes_to_unicode</c>), in which byte-level vocabularies are written: a visible character for every byte. Visible characters of Latin-1 stand for themselves, all others for
/// U+0100 and up in order, so that a space is Ġ.
/// </summary>
internal static class ByteAlphabet
{
    private const int Beyond = 0x100, Hidden = 68;

    private static readonly char[] Characters = MakeCharacters();
    private static readonly short[] Values = MakeValues();

    /// <summary>The character that stands for a byte.</summary>
    public static char CharacterOf(byte value) => Characters[value];

    /// <summary>
    /// The bytes of a token. As in Hugging Face's ByteLevel decoder: one that has any character of another alphabet (an added token with a space, say) stands for its own UTF-8.
    /// </summary>
    public static byte[] BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] >= Values.Length || Values[token[i]] < 0) return Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)Values[token[i]];
        }
        return bytes;
    }

    private static bool IsVisible(int value) => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = Beyond;
        for (var value = 0; value < 256; value++) characters[value] = (char)(IsVisible(value) ? value : next++);
        return characters;
    }

    private static short[] MakeValues()
    {
        var values = new short[Beyond + Hidden];
        Array.Fill(values, (short)-1);
        for (var value = 0; value < 256; value++) values[Characters[value]] = (short)value;
        return values;
    }
}
