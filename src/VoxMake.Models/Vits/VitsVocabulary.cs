using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxMake.Models.Vits;

/// <summary>
/// The tokens of a VITS network and their ids: <c>vocab.json</c> of Hugging Face's VitsTokenizer. A token is nearly always one character (a Unicode code point); longer ones are read and kept, but
/// texts are cut into characters and never meet them. Id 0 is the blank that stands between characters.
/// </summary>
public sealed class VitsVocabulary
{
    /// <summary>As many rows as an embedding may have (<see cref="VitsConfig"/>).</summary>
    private const int MostIds = 1 << 16;

    private readonly FrozenDictionary<string, int> _ids;

    private VitsVocabulary(IReadOnlyList<KeyValuePair<string, int>> entries)
    {
        Entries = entries;
        _ids = entries.ToFrozenDictionary(StringComparer.Ordinal);
        Size = entries.Count == 0 ? 0 : entries.Max(entry => entry.Value) + 1;
    }

    /// <summary>Tokens with their ids, in the order of the file: the order in which transformers looks for tokens in a text.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Entries { get; }

    /// <summary>One more than the largest id: rows that an embedding must have.</summary>
    public int Size { get; }

    /// <summary>The token of id 0, which is put between characters; null if there is none.</summary>
    public string? Blank => Entries.LastOrDefault(entry => entry.Value == 0).Key;

    public bool Contains(string token) => _ids.ContainsKey(token);

    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    /// <summary>Tokens with their ids.</summary>
    /// <param name="name">What messages call their file.</param>
    /// <exception cref="ModelException">A token is empty or stands twice, or an id is out of range.</exception>
    public static VitsVocabulary Of(IEnumerable<KeyValuePair<string, int>> entries, string name = "vocab.json")
    {
        var list = entries.ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (list.Count == 0) throw new ModelException($"{name} has no tokens");
        foreach (var (token, id) in list)
        {
            if (token.Length == 0) throw new ModelException($"{name} has an empty token (id {id}); it would be found everywhere");
            if (!seen.Add(token)) throw new ModelException($"{name} has the token {Quoted(token)} twice");
            if (id is < 0 or >= MostIds) throw new ModelException($"{name}: the id of {Quoted(token)} is {id}; expected 0 to {MostIds - 1}");
        }
        return new VitsVocabulary(list);
    }

    /// <summary>Reads a <c>vocab.json</c>: an object of ids by token.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ModelException">It cannot be read, or is no such thing.</exception>
    public static VitsVocabulary Read(string path, string name = "vocab.json")
    {
        try
        {
            return Of(TransformersJson.Read(path, name).Select(pair => new KeyValuePair<string, int>(pair.Key, IdOf(pair.Value, pair.Key, name))), name);
        }
        catch (InvalidOperationException error) { throw new ModelException($"{name} cannot be read: {error.Message}", error); } // half a surrogate pair as a token
    }

    /// <summary>
    /// A vocabulary from nothing: id 0 is the blank, the rest are the characters, by code point. This is the published layout of VITS and MMS with one difference: there id 0 was whatever came first,
    /// often a letter, which then is both a sound and the blank. Here the blank is a character of its own.
    /// </summary>
    /// <param name="characters">As they reach the network, so in lower case for a tokenizer that normalises; the blank among them is passed over.</param>
    public static VitsVocabulary From(IEnumerable<string> characters, string blank = "_")
    {
        var sorted = characters.Where(character => character != blank).Distinct(StringComparer.Ordinal).Order(CodePointOrder.Instance);
        return Of(sorted.Prepend(blank).Select((character, id) => new KeyValuePair<string, int>(character, id)), "a vocabulary");
    }

    /// <summary>This vocabulary with characters that it lacks, after its own ids, by code point; old ids do not move. The network needs a row for each: <see cref="VitsDirectory.LoadInto"/>.</summary>
    public VitsVocabulary With(IEnumerable<string> characters)
    {
        var added = characters.Where(character => !Contains(character)).Distinct(StringComparer.Ordinal).Order(CodePointOrder.Instance).ToList();
        return added.Count == 0 ? this : Of([.. Entries, .. added.Select((character, index) => new KeyValuePair<string, int>(character, Size + index))], "a vocabulary");
    }

    /// <summary>
    /// Whether a character could stand for something that is heard, and so be worth a row: letters, marks, digits, punctuation, symbols and the space. Not control and format characters (tab, soft
    /// hyphen, zero-width space), other spaces, private use, half a surrogate pair, or pictures (emoji, dingbats, and the selectors that choose between picture and text).
    /// </summary>
    public static bool CanBeHeard(string character) => character == " " || Rune.TryGetRuneAt(character, 0, out var rune) && !IsPicture(rune) && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsPicture(Rune rune) => rune.Value is >= 0x2600 and <= 0x27BF or >= 0xFE00 and <= 0xFE0F or >= 0x1F000 and <= 0x1FAFF;

    internal JsonObject ToJson() => new(Entries.Select(entry => new KeyValuePair<string, JsonNode?>(entry.Key, entry.Value)));

    /// <summary>A token for people; what cannot be printed is shown by its code point.</summary>
    public static string Quoted(string token) => token.All(c => !char.IsControl(c) && !char.IsSurrogate(c)) && CanBeHeard(token) && !IsMark(token)
        ? $"'{token}'"
        : string.Join(' ', Enumerable.Range(0, token.Length).Where(i => i == 0 || !char.IsSurrogatePair(token, i - 1))
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"U+{(Rune.TryGetRuneAt(token, i, out var rune) ? rune.Value : token[i]):X4}")));

    private static bool IsMark(string token) => char.GetUnicodeCategory(token, 0) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;

    private static int IdOf(JsonNode? id, string token, string name) => id is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number)
        ? number
        : throw new ModelException($"{name}: the id of {Quoted(token)} is {id?.ToJsonString() ?? "null"}; expected a whole number, 0 to {MostIds - 1}");
}
