using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Espeak;

/// <summary>What espeak-ng makes of a clause: a stretch of text up to a comma, a full stop or the like.</summary>
/// <param name="At">Where the stretch begins in the text, in UTF-16 units; stretches follow each other without gaps, and their marks and spaces belong to them.</param>
/// <param name="Length">In UTF-16 units.</param>
/// <param name="Ipa">Words in IPA with a space between them; without the clause's marks.</param>
public sealed record PhonemeClause(int At, int Length, string Ipa);

/// <summary>How phonemes are written.</summary>
/// <param name="Stress">Whether ˈ (main) and ˌ (secondary stress) are kept.</param>
/// <param name="LanguageSwitches">Whether <c>(en)</c> and the like, which say that a word is read by another language's rules, are kept.</param>
public sealed record PhonemeSettings(bool Stress = true, bool LanguageSwitches = false);

/// <summary>
/// Text to phonemes (IPA) by espeak-ng, in this process. What was asked for lately is remembered, up to a bound. Safe under threads: one may be used by all, and several by one.
/// </summary>
public sealed partial class EspeakPhonemizer
{
    /// <summary>Longer texts are not remembered, so that the bound is one of memory.</summary>
    private const int LongestRemembered = 2000;

    private readonly PhonemeSettings _settings;
    private readonly TwoGenerationCache<string, IReadOnlyList<PhonemeClause>> _cache;

    /// <param name="language">BCP 47; see <see cref="EspeakEngine.VoiceOf"/>.</param>
    /// <param name="settings">How phonemes are written; null for stress marks without language switches.</param>
    /// <param name="remembered">Texts of at most 2,000 characters that are remembered at least; twice as many at most.</param>
    /// <exception cref="EspeakException">espeak-ng is not installed, or has no voice for the language.</exception>
    public EspeakPhonemizer(string language, PhonemeSettings? settings = null, int remembered = 16_384)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(remembered);
        Voice = EspeakEngine.VoiceOf(language);
        _settings = settings ?? new PhonemeSettings();
        _cache = new TwoGenerationCache<string, IReadOnlyList<PhonemeClause>>(remembered);
    }

    /// <summary>Whose rules are used.</summary>
    public EspeakVoice Voice { get; }

    /// <summary>Texts that are remembered now.</summary>
    public int Remembered => _cache.Count;

    /// <summary>All of a text, clauses joined by a space. A word is read as its neighbours ask for. Empty where nothing is to be spoken.</summary>
    public string Phonemes(string text) => string.Join(' ', Clauses(text).Select(clause => clause.Ipa).Where(ipa => ipa.Length > 0));

    /// <summary>The clauses of a text, in order; empty for an empty text. A clause of marks or signs alone has no phonemes.</summary>
    public IReadOnlyList<PhonemeClause> Clauses(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0) return [];
        if (_cache.TryGet(text, out var known)) return known;
        var clauses = EspeakEngine.Alone(() => Read(text));
        if (text.Length <= LongestRemembered) _cache.Add(text, clauses);
        return clauses;
    }

    private unsafe List<PhonemeClause> Read(string text)
    {
        EspeakEngine.Choose(Voice.File);
        var clauses = new List<PhonemeClause>();
        var bytes = EspeakEngine.Bytes(text);
        var size = bytes.Length - 1;
        fixed (byte* start = bytes)
        {
            var (at, done) = (0, 0); // in UTF-16 units, in bytes
            for (var next = start; next != null && done < size;)
            {
                var ipa = Marshal.PtrToStringUTF8((nint)EspeakNative.TextToPhonemes(&next, EspeakNative.Utf8, EspeakNative.Ipa)) ?? "";
                var read = next == null ? size : (int)Math.Clamp(next - start, 0, size);
                while (read < size && (bytes[read] & 0xC0) == 0x80) read++; // never inside a character
                if (read <= done && next != null) throw new EspeakException($"espeak-ng stopped inside a text of {text.Length} characters, after {at}");
                var length = read == size ? text.Length - at : Encoding.UTF8.GetCharCount(bytes, done, read - done);
                clauses.Add(new PhonemeClause(at, length, Marks.IsNothingElse(text.AsSpan(at, length)) ? "" : Written(ipa)));
                (at, done) = (at + length, read);
            }
        }
        return clauses;
    }

    private string Written(string ipa)
    {
        if (!_settings.LanguageSwitches && ipa.Contains('(')) ipa = Switches().Replace(ipa, "");
        if (!_settings.Stress) ipa = ipa.Replace("ˈ", "", StringComparison.Ordinal).Replace("ˌ", "", StringComparison.Ordinal);
        return Spaces().Replace(ipa, " ").Trim();
    }

    [GeneratedRegex(@"\([a-z]{2,3}(-[a-z0-9-]+)?\)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Switches();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
