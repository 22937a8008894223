using VoxMake.Config.Reading;

namespace VoxMake.Config;

[Doc("which clips are good enough; moving a threshold measures nothing again")]
public sealed record QualityConfig : IChecked
{
    [Doc("shortest clip", Unit = "s"), Range(0, 600)]
    public double MinDurationS { get; init; } = 0.8;

    [Doc("longest clip", Unit = "s"), Range(0.1, 600)]
    public double MaxDurationS { get; init; } = 15;

    [Doc("lowest signal-to-noise ratio, an estimate; null: any", Unit = "dB"), Range(-20, 100)]
    public double? MinSnrDb { get; init; }

    [Doc("largest share of clipped samples; null: any"), Range(0, 1)]
    public double? MaxClipping { get; init; } = 0.001;

    [Doc("largest share of silence; null: any"), Range(0, 1)]
    public double? MaxSilenceShare { get; init; }

    [Doc("from how many to how many characters are spoken in a second; what lies outside has the wrong text or a long pause; null: any, as for scripts with a sign a syllable", Unit = "1/s"), Range(0, 100)]
    public Interval? CharactersPerSecond { get; init; } = new Interval(5, 30);

    [Doc("lowest score of Align, 0 to 1: below it the text is hardly what is said; null: any"), Range(0, 1)]
    public double? MinAlignmentScore { get; init; }

    [Doc("lowest confidence of Transcribe, 0 to 1; texts that were given have none and stay; null: any"), Range(0, 1)]
    public double? MinConfidence { get; init; }

    [Doc("the only speakers whose clips are taken, by speaker_id; null: all")]
    public Names? Speakers { get; init; }

    void IChecked.Check(Checks checks)
    {
        if (MinDurationS > MaxDurationS)
            checks.Fail($"quality.min_duration_s ({Numbers.Text(MinDurationS)} s) must not be above quality.max_duration_s ({Numbers.Text(MaxDurationS)} s)", "quality.min_duration_s", "quality.max_duration_s");
    }
}
