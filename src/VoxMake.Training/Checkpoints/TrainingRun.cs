namespace VoxMake.Training;

/// <summary>What a recipe measures.</summary>
/// <param name="OfStep">Names of the numbers of a step.</param>
/// <param name="OfValidation">The name of the number by which validations are judged; lower is better.</param>
public sealed record MeasuredNumbers(IReadOnlyList<string> OfStep, string OfValidation)
{
    internal IReadOnlyList<string> MetricColumns => ["step", "epoch", .. OfStep];
    internal IReadOnlyList<string> ValidationColumns => ["step", OfValidation, "best"];
}

/// <summary>How far a run is: what it measured, validated and spoke up to now. Everything in it goes into every checkpoint.</summary>
internal sealed class TrainingRun
{
    private const string MetricsFile = "metrics.csv", ValidationFile = "validation.csv";
    private readonly List<SpokenFile> _spoken;

    private TrainingRun(RunState state, CsvText metrics, CsvText validation)
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
    public static TrainingRun New(FrozenChoices choices, MeasuredNumbers numbers) =>
        new(new RunState(0, 0, 0, new BestSoFar(), false, choices, []), new CsvText(numbers.MetricColumns), new CsvText(numbers.ValidationColumns));

    /// <summary>Where a checkpoint is.</summary>
    /// <exception cref="TrainingException">It is of another version.</exception>
    public static TrainingRun Read(CheckpointFolder checkpoint, MeasuredNumbers numbers) =>
        new(RunState.Read(checkpoint.Path), CsvText.Read(checkpoint.File(MetricsFile), numbers.MetricColumns), CsvText.Read(checkpoint.File(ValidationFile), numbers.ValidationColumns));

    /// <summary>Writes it into a checkpoint's folder.</summary>
    public void Write(string folder)
    {
        new RunState(Step, Epoch, ValidatedStep, Best, StoppedEarly, Choices, _spoken).Write(folder);
        File.WriteAllBytes(Path.Combine(folder, MetricsFile), Metrics.ToBytes());
        File.WriteAllBytes(Path.Combine(folder, ValidationFile), Validation.ToBytes());
    }

    /// <summary>A copy that can go on by itself: what the last validation adds is part of this result, but not of a longer run.</summary>
    public TrainingRun Copy() => new(new RunState(Step, Epoch, ValidatedStep, Best, StoppedEarly, Choices, [.. _spoken]), Metrics.Copy(), Validation.Copy());

    /// <summary>A step is done.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="numbers">In the order of <see cref="MeasuredNumbers.OfStep"/>.</param>
    public void Add(long step, long epoch, IEnumerable<double> numbers)
    {
        (Step, Epoch) = (step, epoch);
        Metrics.Add([CsvText.Number(step), CsvText.Number(epoch), .. numbers.Select(number => CsvText.Number(number))]);
    }

    /// <summary>A validation is done.</summary>
    /// <param name="value">What it is judged by; null where nothing could be measured.</param>
    public void Validated(double? value, IEnumerable<SpokenFile> spoken)
    {
        var better = Best.IsBetter(value);
        Best = Best.With(Step, value);
        ValidatedStep = Step;
        Validation.Add(CsvText.Number(Step), CsvText.Number(value), better ? "true" : "false");
        _spoken.AddRange(spoken);
    }
}
