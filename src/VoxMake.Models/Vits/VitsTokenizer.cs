using System.Text;

namespace VoxMake.Models.Vits;

/// <summary>
/// Texts to token ids, exactly as Hugging Face's VitsTokenizer (transformers 5.23) does it: characters of the vocabulary stay as they are, others are put in lower case, what the vocabulary then
/// lacks is dropped, the ends are stripped; the text is cut at its special tokens, and in each piece id 0 is put between the characters and at both ends.
/// </summary>
public sealed class VitsTokenizer
{
    private readonly IReadOnlyDictionary<char, string[]> _words;
    private readonly string _name;

    internal VitsTokenizer(VitsVocabulary vocabulary, VitsTokenizerSettings settings, IReadOnlyList<AddedToken> added, string name)
    {
        (Vocabulary, Settings, Added, _name) = (vocabulary, settings, added, name);
        if (settings.AddBlank && vocabulary.Blank is null) throw new ModelException($"{name}: no token has the id 0, which add_blank puts between characters");
        UnknownId = added.Last(token => token.Content == settings.UnknownToken).Id;
        PadId = added.Last(token => token.Content == settings.PadToken).Id;
        // The first word of the vocabulary, then of the added tokens, that stands in the text is taken, in the order of the file.
        _words = vocabulary.Entries.Select(entry => entry.Key).Concat(added.Select(token => token.Content)).Distinct().GroupBy(word => word[0]).ToDictionary(group => group.Key, group => group.ToArray());
    }

    public VitsVocabulary Vocabulary { get; }

    public VitsTokenizerSettings Settings { get; }

    /// <summary>The id of what the vocabulary lacks, where texts are not normalised. It is often the vocabulary's size: a row that the network does not have.</summary>
    public int UnknownId { get; }

    /// <summary>The id that fills up shorter texts of a batch.</summary>
    public int PadId { get; }

    internal IReadOnlyList<AddedToken> Added { get; }

    /// <summary>A tokenizer for a vocabulary made here.</summary>
    /// <param name="settings">Null: lower case, with blanks, no phonemes.</param>
    public static VitsTokenizer New(VitsVocabulary vocabulary, VitsTokenizerSettings? settings = null, string? language = null)
    {
        settings ??= VitsTokenizerSettings.New(language, vocabulary.Blank ?? "_");
        return new VitsTokenizer(vocabulary, settings, VitsTokenizerFiles.Specials(vocabulary, settings, []), "a tokenizer");
    }

    /// <summary>The same tokenizer with another vocabulary (<see cref="VitsVocabulary.With"/>).</summary>
    public VitsTokenizer With(VitsVocabulary vocabulary) => New(vocabulary, Settings);

    /// <summary>Why no text, or not this one, can be read without a program that is not here; null if it can.</summary>
    /// <returns>A sentence that names the setting, and the character at fault.</returns>
    public string? Refusal(string text)
    {
        if (Settings.Phonemize) return $"{_name}: phonemize is true: texts must become phonemes first, which this version cannot do; choose a model whose tokenizer reads characters (the MMS ones do)";
        if (Settings.IsUroman && LatinScript.FirstOtherLetter(text) is { } letter)
            return $"{_name}: is_uroman is true: texts must be in Latin letters, and {VitsVocabulary.Quoted(letter)} is none; write the text in Latin letters (the uroman program does it), or choose a model of another script";
        return null;
    }

    /// <summary>The text that is cut into characters: transformers' prepare_for_tokenization.</summary>
    /// <exception cref="ModelException">The tokenizer wants a program that is not here: <see cref="Refusal"/>.</exception>
    public string Prepare(string text)
    {
        if (Refusal(text) is { } refusal) throw new ModelException(refusal);
        if (!Settings.Normalize) return SpecialLetters(text, Settings.Language);
        var kept = new StringBuilder();
        foreach (var character in Characters(SpecialLetters(Lower(text), Settings.Language)))
            if (Vocabulary.Contains(character)) kept.Append(character);
        return Strip(kept.ToString());
    }

    /// <summary>The ids of a text: the <c>input_ids</c> of transformers' <c>tokenizer(text)</c>. Empty where nothing of the text can be spoken.</summary>
    /// <exception cref="ModelException">As for <see cref="Prepare"/>.</exception>
    public long[] Encode(string text)
    {
        var ids = new List<long>();
        foreach (var (piece, special) in Pieces(Prepare(text)))
        {
            if (special is not null)
            {
                ids.Add(special.Id);
                continue;
            }
            foreach (var character in Characters(piece))
            {
                if (Settings.AddBlank) ids.Add(0);
                ids.Add(Vocabulary.TryGetId(character, out var id) ? id : UnknownId);
            }
            if (Settings.AddBlank) ids.Add(0);
        }
        return [.. ids];
    }

    /// <summary>Characters of a text that the network has no row for, in the text's order and as often as they stand there: what is dropped, or becomes unknown.</summary>
    public IEnumerable<string> Missing(string text) =>
        Characters(SpecialLetters(Settings.Normalize ? Lower(text) : text, Settings.Language)).Where(character => !Vocabulary.Contains(character));

    /// <summary>The characters of texts as they reach the network, so in lower case: what <see cref="VitsVocabulary.From"/> is made of.</summary>
    /// <param name="language">That of the tokenizer, ISO 639-3; null if it is not known.</param>
    public static IEnumerable<string> CharactersOf(string text, string? language = null) => Characters(SpecialLetters(string.Concat(Characters(text).Select(LowerCase.Of)), language));

    /// <summary>Lower case, but for what the vocabulary knows as it stands.</summary>
    private string Lower(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (_words.TryGetValue(text[i], out var words) && words.FirstOrDefault(word => text.AsSpan(i).StartsWith(word, StringComparison.Ordinal)) is { } word)
            {
                result.Append(word);
                i += word.Length;
                continue;
            }
            var length = char.IsSurrogatePair(text, i) ? 2 : 1;
            result.Append(LowerCase.Of(text.Substring(i, length)));
            i += length;
        }
        return result.ToString();
    }

    /// <summary>Romanian MMS was trained on ţ (cedilla) where the language writes ț (comma).</summary>
    private static string SpecialLetters(string text, string? language) => language == "ron" ? text.Replace('ț', 'ţ') : text;

    /// <summary>Cuts at special tokens, the longest first where several begin at one place.</summary>
    private List<(string Text, AddedToken? Special)> Pieces(string text)
    {
        var pieces = new List<(string, AddedToken?)>();
        var start = 0;
        var stripNext = false;
        for (var i = 0; i < text.Length;)
        {
            AddedToken? found = null;
            foreach (var token in Added)
                if (token.Content.Length > (found?.Content.Length ?? 0) && text.AsSpan(i).StartsWith(token.Content, StringComparison.Ordinal)) found = token;
            if (found is null)
            {
                i++;
                continue;
            }
            Add(text[start..i], found.StripsLeft);
            pieces.Add((found.Content, found));
            stripNext = found.StripsRight;
            start = i += found.Content.Length;
        }
        Add(text[start..], false);
        return pieces;

        void Add(string piece, bool stripEnd)
        {
            if (stripNext) piece = piece.TrimStart(PythonSpaces(piece));
            if (stripEnd) piece = piece.TrimEnd(PythonSpaces(piece));
            if (piece.Length > 0) pieces.Add((piece, null));
        }
    }

    private static string Strip(string text) => text.Trim(PythonSpaces(text));

    /// <summary>The white space in a text as Python's str.strip knows it: .NET's, and the four separators of ASCII.</summary>
    private static char[] PythonSpaces(string text) => [.. text.Where(c => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f').Distinct().DefaultIfEmpty(' ')];

    /// <summary>Code points, as Python cuts a text; half a surrogate pair is one of its own.</summary>
    private static IEnumerable<string> Characters(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i)) yield return text.Substring(i++, 2);
            else yield return text[i].ToString();
        }
    }
}

/// <summary>Python's str.lower of one character.</summary>
internal static class LowerCase
{
    /// <param name="character">One code point.</param>
    public static string Of(string character) => character switch
    {
        "İ" => "i\u0307", // the one character whose lower case is two (Unicode, SpecialCasing.txt)
        _ when Rune.TryGetRuneAt(character, 0, out var rune) => Rune.ToLowerInvariant(rune).ToString(),
        _ => character,
    };
}
