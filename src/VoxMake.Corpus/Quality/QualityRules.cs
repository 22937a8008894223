namespace VoxMake.Corpus;

/// <summary>Which clips are fit for training; null: the rule is off.</summary>
/// <param name="MinDurationS">Seconds.</param>
/// <param name="MaxDurationS">Seconds.</param>
/// <param name="MinSnrDb">Signal to noise, dB.</param>
/// <param name="MaxClipping">Share of samples at full scale, 0 to 1.</param>
/// <param name="MaxSilenceShare">Share of silence, 0 to 1.</param>
/// <param name="MinCharactersPerSecond">Slowest speech; text that lacks words reads slow.</param>
/// <param name="MaxCharactersPerSecond">Fastest speech; text that has too many words reads fast.</param>
/// <param name="RequireText">A clip without text is refused.</param>
/// <param name="MinAlignmentScore">How sure it must be that the text is what is said, 0 to 1.</param>
/// <param name="MinConfidence">How sure the recogniser must have been of a text that it wrote, 0 to 1.</param>
/// <param name="Speakers">The only ones whose clips are taken.</param>
public sealed record QualityRules(
    double MinDurationS,
    double MaxDurationS,
    double? MinSnrDb,
    double? MaxClipping,
    double? MaxSilenceShare,
    double? MinCharactersPerSecond,
    double? MaxCharactersPerSecond,
    bool RequireText,
    double? MinAlignmentScore = null,
    double? MinConfidence = null,
    IReadOnlyList<string>? Speakers = null);

/// <summary>What was measured of a clip; null where it was not.</summary>
/// <param name="DurationS">Seconds of the clip as training hears it (prepared).</param>
/// <param name="SnrDb">Signal to noise, dB.</param>
/// <param name="Clipping">Share of samples at full scale.</param>
/// <param name="SilenceShare">Share of silence.</param>
/// <param name="Text">What is spoken.</param>
public sealed record Measurements(double? DurationS, double? SnrDb, double? Clipping, double? SilenceShare, string? Text)
{
    /// <summary>How well text and sound agree, 0 to 1.</summary>
    public double? AlignmentScore { get; init; }

    /// <summary>How sure the recogniser was of its text, 0 to 1; null of a text that a person gave or corrected.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether the text was written by a recogniser, so that a confidence is to be expected.</summary>
    public bool Transcribed { get; init; }

    /// <summary>Who speaks.</summary>
    public string? Speaker { get; init; }

    /// <summary>Letters, digits and spaces of the text each second; null without text or duration.</summary>
    public double? CharactersPerSecond => Text is { } text && DurationS is > 0 and { } seconds ? SpokenCharacters.Count(text) / seconds : null;
}

/// <summary>A rule that a clip fails.</summary>
/// <param name="Reason">A word to count by, such as <c>too_short</c>.</param>
/// <param name="Rule">The setting, such as <c>min_duration_s</c>.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Threshold">The setting's value.</param>
/// <param name="Message">All of that in words.</param>
public sealed record Failure(string Reason, string Rule, double Value, double Threshold, string Message);

/// <summary>What the rules say of a clip.</summary>
/// <param name="Failures">Rules that it fails, in the order of the rules; none: it is fit.</param>
/// <param name="Unmeasured">Names of measurements that a rule wanted and that are n/a; they fail no rule.</param>
public sealed record Verdict(IReadOnlyList<Failure> Failures, IReadOnlyList<string> Unmeasured);
