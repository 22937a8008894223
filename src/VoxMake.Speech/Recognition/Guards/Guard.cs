namespace VoxMake.Speech.Recognition.Guards;

/// <summary>Why a segment is not believed, by name: what stands in the column <c>guards</c>.</summary>
public static class Guard
{
    /// <summary>Nobody speaks there.</summary>
    public const string NoSpeech = "no_speech";

    /// <summary>Somebody speaks, and nothing was written.</summary>
    public const string NoText = "no_text";

    /// <summary>Few of its words are different words.</summary>
    public const string Repeated = "repeated";

    /// <summary>A word that is longer than words are.</summary>
    public const string LongWord = "long_word";

    /// <summary>More letters than anybody speaks in its time.</summary>
    public const string TooFast = "too_fast";

    /// <summary>A phrase that recognisers write over silence, for it stood under so much that they learned from.</summary>
    public const string KnownPhrase = "known_phrase";

    /// <summary>zlib makes little of its text, for it repeats itself.</summary>
    public const string Compressible = "compressible";
}

/// <summary>A segment with the reasons for which it is not believed; none where it is.</summary>
/// <param name="Reasons">Of <see cref="Guard"/>, in the order of their names.</param>
public sealed record GuardedSegment(TranscriptSegment Segment, IReadOnlyList<string> Reasons);

/// <summary>Where the guards stand. The defaults are those of the sources that <see cref="HallucinationGuards"/> names.</summary>
/// <param name="UniqueShare">Share of different words, 0 to 1, at or below which a text is <see cref="Guard.Repeated"/>.</param>
/// <param name="LongWord">Letters at which a word is <see cref="Guard.LongWord"/>.</param>
/// <param name="LongCompound">The same for languages that write compounds as one word.</param>
/// <param name="LongerThanNext">How many times longer than the next the longest word may be, less one.</param>
/// <param name="LettersPerSecond">Letters a second of a whole segment above which it is <see cref="Guard.TooFast"/>; half of it in scripts whose letters are syllables or words.</param>
/// <param name="WordLettersPerSecond">The same within a word of ten letters at least.</param>
/// <param name="CompressionRatio">Above it a text is <see cref="Guard.Compressible"/>.</param>
/// <param name="NoSpeechProbability">Above it, and with an average below <see cref="LogProbability"/>, there is <see cref="Guard.NoSpeech"/>.</param>
/// <param name="SpokenShare">Share of a segment in which somebody must speak, where it is known where somebody does.</param>
public sealed record GuardLimits(
    double UniqueShare = 0.4, int LongWord = 25, int LongCompound = 40, double LongerThanNext = 3, double LettersPerSecond = 30, double WordLettersPerSecond = 50,
    double CompressionRatio = 2.4, double NoSpeechProbability = 0.6, double LogProbability = -1, double SpokenShare = 0.1);
