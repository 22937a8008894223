using System.Globalization;

namespace VoxMake.Config;

/// <summary>How numbers are written: the shortest text that reads back as the same number, in the invariant culture.</summary>
internal static class Numbers
{
    /// <summary>For people: <c>8000</c>, <c>0.1</c>.</summary>
    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>For JSON: a real number always carries a point or an exponent, so that its kind survives; there is no minus zero.</summary>
    public static string Real(double number)
    {
        var text = Text(number == 0 ? 0.0 : number);
        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";
    }
}
