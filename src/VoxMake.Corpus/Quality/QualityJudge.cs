using System.Globalization;

namespace VoxMake.Corpus;

/// <summary>Judges clips by their measurements alone, so that moving a threshold measures nothing again.</summary>
public static class QualityJudge
{
    /// <summary>All rules that a clip fails, and what was not measured. A value on the threshold is fit.</summary>
    public static Verdict Judge(Measurements of, QualityRules rules)
    {
        var failures = new List<Failure>();
        var unmeasured = new List<string>();

        AtLeast("too_short", "min_duration_s", "duration_s", of.DurationS, rules.MinDurationS, "the clip has", "s");
        AtMost("too_long", "max_duration_s", "duration_s", of.DurationS, rules.MaxDurationS, "the clip has", "s");
        AtLeast("noisy", "min_snr_db", "snr_db", of.SnrDb, rules.MinSnrDb, "the signal-to-noise ratio is", "dB");
        AtMost("clipped", "max_clipping", "clipping", of.Clipping, rules.MaxClipping, "the share of clipped samples is", "");
        AtMost("silent", "max_silence_share", "silence_share", of.SilenceShare, rules.MaxSilenceShare, "the share of silence is", "");
        if (rules.RequireText && string.IsNullOrWhiteSpace(of.Text)) failures.Add(new Failure("no_text", "require_text", 0, 1, "the clip has no text (require_text)"));
        AtLeast("too_slow", "characters_per_second", "characters_per_second", of.CharactersPerSecond, rules.MinCharactersPerSecond, "the text has", "characters a second", "is text missing?");
        AtMost("too_fast", "characters_per_second", "characters_per_second", of.CharactersPerSecond, rules.MaxCharactersPerSecond, "the text has", "characters a second", "is there more text than speech?");
        AtLeast("unlike_text", "min_alignment_score", "align_score", of.AlignmentScore, rules.MinAlignmentScore, "text and sound agree to", "", "is something else said?");
        if (of.Transcribed) AtLeast("unsure", "min_confidence", "confidence", of.Confidence, rules.MinConfidence, "the transcript's confidence is", "");
        if (rules.Speakers is { } wanted && !wanted.Contains(of.Speaker))
            failures.Add(new Failure("other_speaker", "speakers", 0, 1, $"{(of.Speaker is null ? "nobody knows who speaks" : $"'{of.Speaker}' speaks")}; wanted is {string.Join(" or ", wanted.Select(name => $"'{name}'"))} (speakers)"));
        return new Verdict(failures, unmeasured);

        void AtLeast(string reason, string rule, string measure, double? value, double? threshold, string what, string unit, string? ask = null)
        {
            if (Measured(measure, value, threshold) && value < threshold) Fail(reason, rule, value!.Value, threshold!.Value, what, unit, "less", ask);
        }

        void AtMost(string reason, string rule, string measure, double? value, double? threshold, string what, string unit, string? ask = null)
        {
            if (Measured(measure, value, threshold) && value > threshold) Fail(reason, rule, value!.Value, threshold!.Value, what, unit, "more", ask);
        }

        bool Measured(string measure, double? value, double? threshold)
        {
            if (threshold is null) return false;
            if (value is null && !unmeasured.Contains(measure)) unmeasured.Add(measure);
            return value is not null;
        }

        void Fail(string reason, string rule, double value, double threshold, string what, string unit, string than, string? ask) =>
            failures.Add(new Failure(reason, rule, value, threshold, $"{what} {Shown(value, threshold)}{(unit == "" ? "" : " " + unit)}, {than} than {Plain(threshold)} ({rule}){(ask is null ? "" : "; " + ask)}"));
    }

    /// <summary>As few digits as tell the value from the threshold, at least three: 0.7996 is not shown as the 0.8 that it fails.</summary>
    private static string Shown(double value, double threshold)
    {
        for (var digits = 3; digits < 17; digits++)
        {
            var rounded = double.Parse(value.ToString("G" + digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (rounded != threshold && rounded < threshold == value < threshold) return Plain(rounded);
        }
        return Plain(value);
    }

    private static string Plain(double number) => number.ToString("0.################", CultureInfo.InvariantCulture);
}
