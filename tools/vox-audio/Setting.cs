using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>One setting that is a number: what it means and what it may be, said once for <c>--help</c> and for the check.</summary>
/// <param name="Name">As in orders.</param>
/// <param name="Meaning">One line, without unit and range.</param>
/// <param name="Unit">Such as <c>s</c>; empty where there is none.</param>
internal sealed record Setting(string Name, string Meaning, double Low, double High, string Unit)
{
    /// <summary>For <c>--help</c>.</summary>
    public override string ToString() => $"{Meaning} ({SettingRange.Words(Low, High, Unit)})";

    /// <exception cref="ToolException">The value is out of range.</exception>
    public void Check(double value) => SettingRange.Within(Name, value, Low, High, Unit);
}
