namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>What Whisper is to write down.</summary>
public enum WhisperTask
{
    /// <summary>What is said, in its own language.</summary>
    Transcribe,

    /// <summary>What is said, in English.</summary>
    Translate,
}

/// <summary>How Whisper decodes; names and defaults are those of openai-whisper's <c>transcribe</c>, where it has them. A threshold that is null is not looked at.</summary>
/// <param name="Language">BCP 47, of which the first part counts (<c>de</c>, <c>de-AT</c>), or the English name; null: detected on the first window that is decoded.</param>
/// <param name="Multilingual">Whether the language is detected anew in every window, for recordings in which several are spoken; only where <paramref name="Language"/> is null.</param>
/// <param name="BeamSize">Texts followed side by side at temperature 0, 1 to 32; null: only the likeliest (greedy).</param>
/// <param name="Patience">Beam search goes on until this times the beams have ended, above 0 (Kasai et al., "Beam Decoding with Controlled Patience", 2022); null: 1.</param>
/// <param name="LengthPenalty">α of Wu et al. 2016, equation 14, 0 to 1, by which candidates are compared; null: by their log-probability per token.</param>
/// <param name="BestOf">Texts drawn at temperatures above 0, of which the likeliest is taken, 1 to 32.</param>
/// <param name="Temperatures">Tried in this order until a text passes both thresholds, 0 to 2 each; null: 0, 0.2, 0.4, 0.6, 0.8, 1.</param>
/// <param name="CompressionRatioThreshold">A text that zlib makes smaller than by this factor repeats itself: the next temperature is tried.</param>
/// <param name="LogprobThreshold">A text whose tokens have a mean log-probability below this is doubtful: the next temperature is tried.</param>
/// <param name="NoSpeechThreshold">A window is taken for silence where nobody speaks more likely than this, and its text is doubtful.</param>
/// <param name="ConditionOnPreviousText">Whether a window is decoded with the text before it; only one after the other, not in a batch.</param>
/// <param name="InitialPrompt">Text that is taken to stand before the first window (in a batch: before each): names, spelling, style.</param>
/// <param name="WordTimestamps">Whether words have times and probabilities, by the attention of the text to the sound.</param>
/// <param name="SuppressTokens">Ids never written; -1 among them stands for brackets, notes and other marks that nobody says. Null: as the model's generation_config.json has it, else -1.</param>
/// <param name="BatchSize">Windows of one recording decoded side by side where the speech in it is known, 1 to 64. 0: one after the other.</param>
/// <param name="MergeGap">Spans of speech with at most so many seconds between them share a window.</param>
/// <param name="Padding">Seconds of sound left before and after the spans of speech of a window.</param>
/// <param name="Seed">Of what is drawn at temperatures above 0; the same seed gives the same text.</param>
public sealed record WhisperSettings(
    string? Language = null,
    WhisperTask Task = WhisperTask.Transcribe,
    bool Multilingual = false,
    int? BeamSize = 5,
    double? Patience = null,
    double? LengthPenalty = null,
    int BestOf = 5,
    IReadOnlyList<double>? Temperatures = null,
    double? CompressionRatioThreshold = 2.4,
    double? LogprobThreshold = -1.0,
    double? NoSpeechThreshold = 0.6,
    bool ConditionOnPreviousText = true,
    string? InitialPrompt = null,
    bool WordTimestamps = false,
    IReadOnlyList<int>? SuppressTokens = null,
    int BatchSize = 8,
    double MergeGap = 2.0,
    double Padding = 0.2,
    long Seed = 0)
{
    private static readonly double[] EveryFifth = [0, 0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>Tried in this order.</summary>
    public IReadOnlyList<double> Temperatures { get; init; } = Temperatures ?? EveryFifth;

    /// <exception cref="RecognitionException">Names the setting that is out of its range, and the range.</exception>
    internal void Check()
    {
        static void Require(bool holds, string name, object? value, string expected)
        {
            if (!holds) throw new RecognitionException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {value}; expected {expected}"));
        }
        Require(BeamSize is null or (>= 1 and <= 32), "beam_size", BeamSize, "1 to 32, or null");
        Require(Patience is null or (> 0 and <= 10), "patience", Patience, "a number above 0 and at most 10, or null");
        Require(LengthPenalty is null or (>= 0 and <= 1), "length_penalty", LengthPenalty, "0 to 1, or null");
        Require(BestOf is >= 1 and <= 32, "best_of", BestOf, "1 to 32");
        Require(Temperatures.Count is >= 1 and <= 32, "temperatures", $"a list of {Temperatures.Count}", "1 to 32 of them");
        foreach (var temperature in Temperatures) Require(temperature is >= 0 and <= 2, "temperatures", temperature, "0 to 2 each");
        Require(CompressionRatioThreshold is null or > 0, "compression_ratio_threshold", CompressionRatioThreshold, "a number above 0, or null");
        Require(LogprobThreshold is null or <= 0, "logprob_threshold", LogprobThreshold, "0 or less, or null");
        Require(NoSpeechThreshold is null or (>= 0 and <= 1), "no_speech_threshold", NoSpeechThreshold, "0 to 1, or null");
        Require(BatchSize is >= 0 and <= 64, "batch_size", BatchSize, "0 to 64");
        Require(MergeGap is >= 0 and <= 30, "merge_gap", MergeGap, "0 to 30 seconds");
        Require(Padding is >= 0 and <= 5, "padding", Padding, "0 to 5 seconds");
        Require(InitialPrompt is null or { Length: <= 10_000 }, "initial_prompt", $"a text of {InitialPrompt?.Length} characters", "at most 10,000");
    }
}
