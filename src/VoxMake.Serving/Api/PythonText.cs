using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VoxMake.Serving.Api;

/// <summary>Values as Python shows them, since messages of vLLM hold them so.</summary>
internal static class PythonText
{
    private const int LongestShown = 200;

    /// <summary><c>str(float)</c>.</summary>
    public static string Of(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E'))
        {
            var (digits, exponent) = (text[..text.IndexOf('E')], int.Parse(text[(text.IndexOf('E') + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
            return exponent is >= 0 and < 16 ? value.ToString("F1", CultureInfo.InvariantCulture) : $"{digits}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        return text.Contains('.') ? text : text + ".0";
    }

    /// <summary><c>repr(list of int)</c>.</summary>
    public static string Of(IEnumerable<int> values) => $"[{string.Join(", ", values)}]";

    /// <summary><c>repr(str)</c>, cut where it is long.</summary>
    public static string Quoted(string text)
    {
        var cut = text.Length > LongestShown ? text[..LongestShown] + "…" : text;
        var quote = cut.Contains('\'') && !cut.Contains('"') ? '"' : '\'';
        var shown = new StringBuilder().Append(quote);
        foreach (var c in cut)
            _ = c switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                '\\' => shown.Append("\\\\"),
                _ when c == quote => shown.Append('\\').Append(c),
                _ when char.IsControl(c) || char.IsSurrogate(c) => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => shown.Append(c),
            };
        return shown.Append(quote).ToString();
    }

    /// <summary>A value of a request, as the list of validation errors shows it.</summary>
    public static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Array => $"<list of {value.GetArrayLength()} items>",
        JsonValueKind.Object => $"<dict of {value.EnumerateObject().Count()} items>",
        JsonValueKind.String => value.TryText() ?? "",
        _ => value.GetRawText() is { Length: > LongestShown } number ? number[..LongestShown] + "…" : value.GetRawText(),
    };

    /// <summary>A JSON string; null for another kind, and for one with half a surrogate pair, which is no character.</summary>
    public static string? TryText(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try { return value.GetString(); }
        catch (InvalidOperationException) { return null; }
    }
}
