using System.Globalization;
using System.Text;
using VoxMake.Audio.Timed;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Speech.Recognition.Guards;

/// <summary>
/// Looks at what a recogniser wrote for signs that it was made up. Sources: NVIDIA's NeMo Speech Data Processor, DetectWhisperHallucinationFeatures (share of unique words at most 0.4; a word of 25
/// letters, or longer than the next by three times the next's length; known phrases), and Whisper's own transcribe.py (compression ratio above 2.4; no_speech_prob above 0.6 with
/// avg_logprob below -1).
/// Ours, and heuristics: shares are taken over windows of 50 words, since a long text repeats its small words; a word is only called longer than the next from 15 letters, so that "a Straßenbahn" is
/// none; in languages that write compounds as one word only 40 letters count; letters a second.
/// </summary>
public sealed class HallucinationGuards(GuardLimits limits)
{
    private const int WindowWords = 50, LeastLongWord = 15, LeastFastWord = 10, LeastSpokenMs = 100;

    /// <summary>Languages of which a word of 25 letters is nothing special.</summary>
    private static readonly HashSet<string> Compounding = ["de", "nl", "sv", "da", "no", "nb", "nn", "is", "fo", "fi", "et", "hu", "af", "fy", "lb", "tr", "kl"];

    /// <summary>The segments of a transcript with what speaks against each.</summary>
    /// <param name="speech">Where somebody speaks; null where nobody looked.</param>
    public IReadOnlyList<GuardedSegment> Check(Transcript transcript, IReadOnlyList<SpeechSpan>? speech) =>
        [.. transcript.Segments.Select(segment => new GuardedSegment(segment, Reasons(segment, speech)))];

    /// <summary>What speaks against a segment, in the order of the names.</summary>
    public IReadOnlyList<string> Reasons(TranscriptSegment segment, IReadOnlyList<SpeechSpan>? speech)
    {
        var text = Nfc.Of(segment.Text);
        var reasons = new List<string>();
        if ((segment.CompressionRatio ?? TextCompression.Ratio(text)) > limits.CompressionRatio) reasons.Add(Guard.Compressible);
        if (KnownPhrases.Contains(text)) reasons.Add(Guard.KnownPhrase);
        if (HasLongWord(text, segment.Language)) reasons.Add(Guard.LongWord);
        if (IsSilent(segment, speech)) reasons.Add(Guard.NoSpeech);
        if (IsRepeated(text)) reasons.Add(Guard.Repeated);
        if (IsTooFast(segment, text)) reasons.Add(Guard.TooFast);
        return reasons;
    }

    private bool IsSilent(TranscriptSegment segment, IReadOnlyList<SpeechSpan>? speech)
    {
        if (segment.NoSpeechProbability > limits.NoSpeechProbability && segment.AverageLogProbability < limits.LogProbability) return true;
        if (speech is null) return false;
        var (from, to) = ((long)(segment.Start * Sound16k.Rate), (long)(segment.End * Sound16k.Rate));
        var spoken = speech.Sum(span => Math.Max(0, Math.Min(to, span.End) - Math.Max(from, span.Start)));
        return spoken < Math.Min(limits.SpokenShare * (to - from), LeastSpokenMs * Sound16k.Rate / 1000.0) || (to <= from && !speech.Any(span => span.Start <= from && from < span.End));
    }

    /// <summary>Words; where a script has none, its signs two by two.</summary>
    private bool IsRepeated(string text)
    {
        var units = Units(text);
        for (var at = 0; at < units.Count; at += WindowWords)
        {
            var window = units.GetRange(Math.Max(0, Math.Min(at, units.Count - WindowWords)), Math.Min(WindowWords, units.Count));
            if (window.Distinct(StringComparer.Ordinal).Count() <= limits.UniqueShare * window.Count) return true;
        }
        return false;
    }

    private static List<string> Units(string text)
    {
        var units = new List<string>();
        foreach (var word in Words(text))
        {
            if (!word.EnumerateRunes().Any(Script.WritesNoSpaces))
            {
                units.Add(word);
                continue;
            }
            var signs = word.EnumerateRunes().Select(rune => rune.ToString()).ToList();
            if (signs.Count == 1) units.Add(word);
            for (var i = 1; i < signs.Count; i++) units.Add(signs[i - 1] + signs[i]);
        }
        return units;
    }

    private bool HasLongWord(string text, string language)
    {
        var lengths = Words(text).Where(word => !word.EnumerateRunes().Any(Script.WritesNoSpaces)).Select(Letters).Where(length => length > 0).OrderDescending().ToList();
        if (lengths.Count == 0) return false;
        if (Compounding.Contains(language.Split('-')[0].ToLowerInvariant())) return lengths[0] >= limits.LongCompound;
        return lengths[0] >= limits.LongWord || (lengths.Count > 1 && lengths[0] >= LeastLongWord && lengths[0] - lengths[1] >= limits.LongerThanNext * lengths[1]);
    }

    private bool IsTooFast(TranscriptSegment segment, string text)
    {
        var (letters, seconds) = (Letters(text), segment.End - segment.Start);
        var most = limits.LettersPerSecond * (text.EnumerateRunes().Any(Script.WritesNoSpaces) ? 0.5 : 1);
        return letters > 3 && letters > most * seconds
            || segment.Words.Any(word => Letters(word.Text) >= LeastFastWord && Letters(word.Text) > limits.WordLettersPerSecond * (word.End - word.Start));
    }

    /// <summary>In small letters, without the marks around them.</summary>
    private static IEnumerable<string> Words(string text) =>
        text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim(Marks)).Where(word => word.Length > 0);

    private static readonly char[] Marks = [.. ".,;:!?…\"'()[]{}«»„“”‚‘’-–—¿¡。、，！？「」『』・"];

    private static int Letters(string text) => text.EnumerateRunes().Count(rune => Rune.IsLetterOrDigit(rune));
}

/// <summary>Scripts that put no spaces between words.</summary>
internal static class Script
{
    /// <summary>Thai to Myanmar, Khmer, kana, Han with its extensions.</summary>
    public static bool WritesNoSpaces(Rune rune) => rune.Value is >= 0x0E00 and < 0x1000 or >= 0x1000 and < 0x10A0 or >= 0x1780 and < 0x1800 or >= 0x3040 and < 0x3100
        or >= 0x3400 and < 0xA000 or >= 0xF900 and < 0xFB00 or >= 0x20000 and < 0x32000 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherLetter;
}
