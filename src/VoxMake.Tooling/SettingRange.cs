using System.Globalization;

namespace VoxMake.Tooling;

/// <summary>Holds numbers of settings to their ranges, in the words that the configuration uses.</summary>
public static class SettingRange
{
    /// <summary>A range in words, such as <c>1 to 600 s</c>.</summary>
    public static string Words(double least, double most, string unit = "") => string.Create(CultureInfo.InvariantCulture, $"{least} to {most}{(unit == "" ? "" : " " + unit)}");

    /// <summary>Refuses a number out of its range, both ends included; NaN is in none.</summary>
    /// <param name="field">The setting, as in orders.</param>
    /// <param name="value">Null where the setting is off.</param>
    /// <param name="unit">Such as <c>s</c>; empty where there is none.</param>
    /// <exception cref="ToolException">It is out of its range.</exception>
    public static void Within(string field, double? value, double least, double most, string unit = "")
    {
        if (value is { } number && !(number >= least && number <= most))
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"{number} is out of range; allowed is {Words(least, most, unit)}")) { Field = field };
    }
}
