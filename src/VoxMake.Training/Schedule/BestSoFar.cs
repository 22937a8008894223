namespace VoxMake.Training;

/// <summary>Which validation was the best, and whether it is time to stop. Lower is better.</summary>
/// <param name="Step">The step of the best validation; null before the first that gave a number.</param>
/// <param name="Value">Its value.</param>
/// <param name="Since">Validations since then.</param>
public sealed record BestSoFar(long? Step = null, double? Value = null, int Since = 0)
{
    /// <summary>After one more validation; one that gave no number (null) is not better than any.</summary>
    public BestSoFar With(long step, double? value) => IsBetter(value) ? new BestSoFar(step, value) : this with { Since = Since + 1 };

    /// <summary>Whether a value would be the best.</summary>
    public bool IsBetter(double? value) => value is { } number && double.IsFinite(number) && (Value is null || number < Value);

    /// <summary>Whether that many validations in a row were no better; never, where no patience is given.</summary>
    public bool IsOver(int? patience) => Since >= patience;
}
