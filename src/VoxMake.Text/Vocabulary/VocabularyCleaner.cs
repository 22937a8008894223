using System.Globalization;
using System.Text;
using System.Text.Json;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Text.Vocabulary;

/// <summary>
/// Fits texts to the characters that a model knows, such as those of an MMS model's vocab.json: what has an obvious equivalent is replaced, the rest is counted and reported. Networks pass over
/// unknown characters in silence, and a word with a letter missing is a wrong word; no letter is ever dropped here.
/// </summary>
public sealed class VocabularyCleaner
{
    /// <summary>Most bytes of a vocab.json that is read.</summary>
    private const int MostBytes = 10_000_000;

    private readonly HashSet<Rune> _known;
    private readonly VocabularySettings _settings;
    private readonly bool _dotless;

    /// <param name="characters">The vocabulary's entries; those of more than one character (<c>&lt;unk&gt;</c>) are no characters and are passed over. <c>|</c> stands for a space where there is
    /// none, as
    /// in wav2vec 2.0's vocabularies.</param>
    /// <exception cref="ArgumentException">There is no character among them.</exception>
    public VocabularyCleaner(IEnumerable<string> characters, VocabularySettings? settings = null)
    {
        _settings = settings ?? new();
        _known = [.. characters.Select(entry => Nfc.Of(entry)).Where(entry => Rune.DecodeFromUtf16(entry, out _, out var length) == System.Buffers.OperationStatus.Done && length == entry.Length)
            .Select(entry => Rune.GetRuneAt(entry, 0))];
        if (_known.Count == 0) throw new ArgumentException("there is no character in the vocabulary", nameof(characters));
        if (_known.Contains(new('|')) && !_known.Contains(new(' '))) _known.Add(new(' '));
        _dotless = _settings.Language?.Split('-', '_')[0].ToLowerInvariant() is "tr" or "az" or "tur" or "aze";
    }

    /// <summary>The characters that the model knows.</summary>
    public IReadOnlyCollection<Rune> Known => _known;

    /// <summary>Of a vocab.json: an object whose names are the entries, or a list of entries.</summary>
    /// <exception cref="InvalidDataException">It is neither; names the file and what was expected.</exception>
    public static VocabularyCleaner Load(string path, VocabularySettings? settings = null)
    {
        if (new FileInfo(path).Length is > MostBytes and var length) throw new InvalidDataException($"{path}: has {length} bytes; a vocabulary has at most {MostBytes}");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var entries = json.RootElement.ValueKind switch
            {
                JsonValueKind.Object => [.. json.RootElement.EnumerateObject().Select(entry => entry.Name)],
                JsonValueKind.Array when json.RootElement.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String) =>
                    json.RootElement.EnumerateArray().Select(entry => entry.GetString()!).ToList(),
                _ => throw new InvalidDataException($"{path}: expected an object of characters and ids such as {{\"a\": 1}}, or a list of characters"),
            };
            return new(entries, settings);
        }
        catch (JsonException error) { throw new InvalidDataException($"{path}: is no JSON: {error.Message}", error); }
        catch (ArgumentException error) { throw new InvalidDataException($"{path}: {error.Message}", error); }
    }

    /// <summary>The text as far as it can be fitted. White space at the ends is gone, and runs of it are one space where marks were dropped.</summary>
    public VocabularyText Clean(string text)
    {
        var first = Pass(text);
        var last = first;
        // a mark that stood behind ﬁ stands behind an i now, and may make one letter with it
        for (var next = Pass(last.Text); next.Text != last.Text; next = Pass(last.Text)) last = next;
        return first with { Text = last.Text, Left = last.Left };
    }

    private VocabularyText Pass(string text)
    {
        var (result, counts) = (new StringBuilder(text.Length), new Counts());
        foreach (var rune in Nfc.Of(text).EnumerateRunes())
        {
            var name = rune.ToString();
            if (_known.Contains(rune)) result.Append(name);
            else if (Equivalent(rune) is { } equivalent)
            {
                result.Append(equivalent);
                if (equivalent != name) counts.Add(counts.Mapped, name);
            }
            else if (_settings.DropMarks && IsMark(rune))
            {
                counts.Add(counts.Dropped, name);
                result.Append(' ');
            }
            else
            {
                result.Append(name);
                counts.Add(counts.Left, name);
            }
        }
        var cleaned = string.Join(' ', result.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new(cleaned, counts.Mapped, counts.Dropped, counts.Left);
    }

    /// <summary>What stands for a character and is known in all its parts; null where nothing does.</summary>
    private string? Equivalent(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune)) return " ";
        if (rune.Value is 0x00AD or 0x200B or 0x2060 or 0xFEFF or 0x200E or 0x200F or (>= 0x202A and <= 0x202E)) return ""; // nothing that is seen or said
        foreach (var candidate in Candidates(rune))
            if (candidate.EnumerateRunes().All(_known.Contains)) return candidate;
        return null;
    }

    private IEnumerable<string> Candidates(Rune rune)
    {
        var parts = Nfc.Decomposed(rune.ToString());
        yield return parts; // the same letter in two characters
        foreach (var equivalent in Equivalents.Of(rune)) yield return equivalent;
        var other = _settings.FoldCase ? OtherCase(rune) : null;
        if (other is { } folded)
        {
            yield return folded.ToString();
            yield return Nfc.Decomposed(folded.ToString());
            foreach (var equivalent in Equivalents.Of(folded)) yield return equivalent;
        }
        if (!_settings.StripDiacritics) yield break;
        foreach (var letter in new[] { rune, other ?? rune })
        {
            if (Equivalents.Plain(letter) is { } plain) yield return plain;
            var letters = Nfc.Decomposed(letter.ToString()).EnumerateRunes().Where(part => Rune.GetUnicodeCategory(part) is not UnicodeCategory.NonSpacingMark);
            yield return string.Concat(letters.Select(part => part.ToString()));
        }
    }

    private Rune? OtherCase(Rune rune)
    {
        if (_dotless && rune.Value is ('I' or 'ı' or 'İ' or 'i')) return new Rune(rune.Value switch { 'I' => 'ı', 'ı' => 'I', 'İ' => 'i', _ => 'İ' });
        var lower = Rune.ToLowerInvariant(rune);
        var other = lower != rune ? lower : Rune.ToUpperInvariant(rune);
        return other == rune ? null : other;
    }

    private static bool IsMark(Rune rune) => Rune.IsPunctuation(rune) && rune.Value is not ('%' or '&' or '@' or '#' or '§' or '*' or '‰')
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.ModifierSymbol;

    private sealed class Counts
    {
        public Dictionary<string, int> Mapped { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, int> Dropped { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, int> Left { get; } = new(StringComparer.Ordinal);

        public void Add(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
    }
}
