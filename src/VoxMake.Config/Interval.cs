namespace VoxMake.Config;

/// <summary>From <see cref="Min"/> to <see cref="Max"/>, both included; in the file <c>[5, 30]</c>.</summary>
public readonly record struct Interval(double Min, double Max)
{
    /// <summary>As in the file.</summary>
    public override string ToString() => $"[{Numbers.Text(Min)}, {Numbers.Text(Max)}]";
}
