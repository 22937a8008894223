namespace VoxMake.Config;

/// <summary>The numbers that a key may hold, both ends included.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeAttribute(double min, double max) : Attribute
{
    public double Min { get; } = min;
    public double Max { get; } = max;

    /// <summary>Whether the number lies in the range; NaN never does.</summary>
    public bool Contains(double number) => number >= Min && number <= Max;
}
