namespace VoxMake.Config;

[Doc("what the finished voice is asked to say, and how it is measured; changing it trains nothing")]
public sealed record EvaluationConfig
{
    [Doc("a text file with a sentence in each line, spoken besides the held-back ones; null: only those"), ConfigPath]
    public string? Sentences { get; init; }

    [Doc("what is measured against held-back recordings: mel is the distance of mel spectrograms, mcd mel-cepstral distortion, duration how long the voice takes compared with the speaker, rtf its speed"),
     OneOf("mel", "mcd", "duration", "rtf")]
    public Names Metrics { get; init; } = new("mel", "mcd", "duration", "rtf");

    [Doc("how fast it speaks: 2 is twice as fast; null: as the model says"), Range(0.1, 10)]
    public double? SpeakingRate { get; init; }

    [Doc("liveliness of the voice, in standard deviations; 0 is always the same; null: as the model says"), Range(0, 2)]
    public double? NoiseScale { get; init; }

    [Doc("the same for durations"), Range(0, 2)]
    public double? NoiseScaleDuration { get; init; }

    [Doc("what chance starts from; the same seed and text give the same samples"), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;
}
