namespace VoxMake.Training.Vits;

/// <summary>How far a run is: what it measured, validated and spoke up to now. Everything in it goes into every checkpoint.</summary>
internal sealed class VitsRun
{
    private static readonly string[] MetricColumns = ["step", "epoch", "learning_rate", "loss_disc", "loss_gen", "loss_fm", "loss_mel", "loss_dur", "loss_kl", "grad_norm_g", "grad_norm_d"];
    private static readonly string[] ValidationColumns = ["step", "val_mel", "best"];
    private const string MetricsFile = "metrics.csv", ValidationFile = "validation.csv";
    private readonly List<SpokenFile> _spoken;

    private VitsRun(RunState state, CsvText metrics, CsvText validation)
    {
        (Step, Epoch, ValidatedStep, Best, StoppedEarly, Choices, Metrics, Validation) = (state.Step, state.Epoch, state.ValidatedStep, state.Best, state.StoppedEarly, state.Choices, metrics, validation);
        _spoken = [.. state.Spoken];
    }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Epochs begun, from 1; 0 before the first step.</summary>
    public long Epoch { get; private set; }

    /// <summary>The last step that was validated because its turn had come.</summary>
    public long ValidatedStep { get; private set; }

    public BestSoFar Best { get; set; }
    public bool StoppedEarly { get; set; }
    public FrozenChoices Choices { get; set; }

    /// <summary>One row a step.</summary>
    public CsvText Metrics { get; }

    /// <summary>One row a validation.</summary>
    public CsvText Validation { get; }

    /// <summary>Sentences spoken so far.</summary>
    public IReadOnlyList<SpokenFile> Spoken => _spoken;

    /// <summary>Nothing is done yet.</summary>
    public static VitsRun New(FrozenChoices choices) => new(new RunState(0, 0, 0, new BestSoFar(), false, choices, []), new CsvText(MetricColumns), new CsvText(ValidationColumns));

    /// <summary>Where a checkpoint is.</summary>
    /// <exception cref="TrainingException">It is of another version.</exception>
    public static VitsRun Read(CheckpointFolder checkpoint) =>
        new(RunState.Read(checkpoint.Path), CsvText.Read(checkpoint.File(MetricsFile), MetricColumns), CsvText.Read(checkpoint.File(ValidationFile), ValidationColumns));

    /// <summary>Writes it into a checkpoint's folder.</summary>
    public void Write(string folder)
    {
        new RunState(Step, Epoch, ValidatedStep, Best, StoppedEarly, Choices, _spoken).Write(folder);
        File.WriteAllBytes(Path.Combine(folder, MetricsFile), Metrics.ToBytes());
        File.WriteAllBytes(Path.Combine(folder, ValidationFile), Validation.ToBytes());
    }

    /// <summary>A copy that can go on by itself: what the last validation adds is part of this result, but not of a longer run.</summary>
    public VitsRun Copy() => new(new RunState(Step, Epoch, ValidatedStep, Best, StoppedEarly, Choices, [.. _spoken]), Metrics.Copy(), Validation.Copy());

    /// <summary>A step is done.</summary>
    /// <param name="epoch">From 1.</param>
    public void Add(long step, long epoch, double learningRate, VitsLosses losses)
    {
        (Step, Epoch) = (step, epoch);
        Metrics.Add([CsvText.Number(step), CsvText.Number(epoch), .. Numbers(learningRate, losses).Select(pair => CsvText.Number(pair.Value))]);
    }

    /// <summary>A validation is done.</summary>
    public void Add(VitsValidated verdict)
    {
        var better = Best.IsBetter(verdict.MelDistance);
        Best = Best.With(Step, verdict.MelDistance);
        ValidatedStep = Step;
        Validation.Add(CsvText.Number(Step), CsvText.Number(verdict.MelDistance), better ? "true" : "false");
        _spoken.AddRange(verdict.Spoken);
    }

    /// <summary>The numbers of a step under their columns' names.</summary>
    public static IEnumerable<(string Name, double Value)> Numbers(double learningRate, VitsLosses losses) =>
        MetricColumns.Skip(2).Zip([learningRate, losses.Discriminator, losses.Generator, losses.FeatureMatching, losses.Mel, losses.Duration, losses.Kl, losses.GradNormGenerator, losses.GradNormDiscriminator]);
}

/// <summary>What a validation found.</summary>
/// <param name="MelDistance">Mean over the sentences; null where none could be measured.</param>
internal sealed record VitsValidated(double? MelDistance, IReadOnlyList<SpokenFile> Spoken);
