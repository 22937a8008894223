using System.Globalization;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>One setting that is a number: what it means and what it may be, said once for <c>--help</c> and for the check.</summary>
/// <param name="Name">As in orders.</param>
/// <param name="Meaning">One line, without unit and range.</param>
/// <param name="Unit">Such as <c>s</c>; empty where there is none.</param>
internal sealed record Setting(string Name, string Meaning, double Low, double High, string Unit)
{
    private string Range => string.Create(CultureInfo.InvariantCulture, $"{Low} to {High}{(Unit == "" ? "" : " " + Unit)}");

    /// <summary>For <c>--help</c>.</summary>
    public override string ToString() => $"{Meaning} ({Range})";

    /// <exception cref="ToolException">The value is out of range.</exception>
    public void Check(double value)
    {
        if (!(value >= Low && value <= High))
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"{value} is out of range; allowed is {Range}")) { Field = Name };
    }
}
