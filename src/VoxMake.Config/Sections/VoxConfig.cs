using VoxMake.Config.Reading;

namespace VoxMake.Config;

/// <summary>A configuration: one YAML file is one voice (DESIGN 7). A section that is null is not wanted, and its targets are absent.</summary>
public sealed record VoxConfig : IChecked
{
    public required LanguageConfig Language { get; init; }
    public required SourceConfig Source { get; init; }
    public ExtractConfig Extract { get; init; } = new();
    public AudioConfig Audio { get; init; } = new();

    /// <summary>Null: recordings come cut, there is no Segment.</summary>
    public SegmentConfig? Segment { get; init; }

    public QualityConfig Quality { get; init; } = new();
    public DatasetConfig Dataset { get; init; } = new();

    /// <summary>Null: the graph ends with the dataset and its report.</summary>
    public TrainingConfig? Training { get; init; }

    public EvaluationConfig Evaluation { get; init; } = new();
    public ValidationConfig Validation { get; init; } = new();

    public CacheConfig Cache { get; init; } = new();
    public ReportConfig Report { get; init; } = new();

    void IChecked.Check(Checks checks)
    {
        if (Segment is null) return;
        if (Segment.MaxS > Quality.MaxDurationS)
            checks.Fail($"pieces of up to {Numbers.Text(Segment.MaxS)} s would be cut, and those above quality.max_duration_s ({Numbers.Text(Quality.MaxDurationS)} s) rejected; lower the one or raise the other",
                "segment.max_s", "quality.max_duration_s");
        if (Segment.MinS < Quality.MinDurationS)
            checks.Fail($"pieces from {Numbers.Text(Segment.MinS)} s on would be cut, and those below quality.min_duration_s ({Numbers.Text(Quality.MinDurationS)} s) rejected; raise the one or lower the other",
                "segment.min_s", "quality.min_duration_s");
    }
}
