using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Recognition;

/// <summary>Something that writes down what is said: Whisper here, or an endpoint elsewhere. One is used by all threads.</summary>
public interface IRecognizer : IDisposable
{
    /// <summary>Writes down one recording.</summary>
    /// <param name="sound">One channel, 16,000 Hz.</param>
    /// <param name="speech">Where somebody speaks; empty where nobody looked. A recording in which nobody speaks is not handed over.</param>
    /// <exception cref="RecognitionException">It could not be done; says what to do.</exception>
    Transcript Recognize(float[] sound, IReadOnlyList<SpeechSpan> speech, CancellationToken cancel);
}

/// <summary>What was heard in one recording.</summary>
/// <param name="Text">All of it, trimmed.</param>
/// <param name="Language">BCP 47, as told or detected.</param>
/// <param name="LanguageProbability">0 to 1; null where it was told.</param>
/// <param name="Duration">Of the recording, in seconds.</param>
public sealed record Transcript(string Text, string Language, double? LanguageProbability, double Duration, IReadOnlyList<TranscriptSegment> Segments);

/// <summary>A stretch of speech and its text.</summary>
/// <param name="Start">Seconds from the recording's beginning.</param>
/// <param name="End">Seconds.</param>
/// <param name="Confidence">0 to 1: the mean probability of its words, or of its tokens where there are no words.</param>
/// <param name="AverageLogProbability">Of its tokens (avg_logprob); null where the engine does not say.</param>
/// <param name="CompressionRatio">Bytes of its text by those that zlib makes of it; high where it repeats itself.</param>
/// <param name="NoSpeechProbability">How likely nobody speaks in its window; null where the engine does not say.</param>
/// <param name="Temperature">At which it was decoded.</param>
/// <param name="Words">Empty where word times were not asked for.</param>
public sealed record TranscriptSegment(
    double Start, double End, string Text, string Language, double? Confidence,
    double? AverageLogProbability, double? CompressionRatio, double? NoSpeechProbability, double? Temperature, IReadOnlyList<TranscriptWord> Words);

/// <summary>A word of a transcript.</summary>
/// <param name="Text">With the marks that hang on it, without spaces around.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record TranscriptWord(string Text, double Start, double End, double Confidence);

/// <summary>A recording could not be written down.</summary>
/// <param name="Try">What to do about it.</param>
public sealed class RecognitionException(string message, string? Try = null, Exception? inner = null) : Exception(message, inner)
{
    public string? Try { get; } = Try;

    /// <summary>Whether no other recording will fare better: a wrong key, a model that is not there. The batch then stops, where else only the recording fails.</summary>
    public bool IsHopeless { get; init; }
}
