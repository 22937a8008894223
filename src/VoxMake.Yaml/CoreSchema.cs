using System.Globalization;

namespace VoxMake.Yaml;

/// <summary>What an unquoted text stands for: the core schema of YAML 1.2.2, section 10.3.2. There <c>no</c>, <c>yes</c> and <c>on</c> are texts, and so Norwegian keeps its code.</summary>
public static class CoreSchema
{
    /// <summary>null, a bool, a long, a double or, failing all of these, the text. A whole number that no long can hold becomes a double.</summary>
    public static object? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL": return null;
            case "true" or "True" or "TRUE": return true;
            case "false" or "False" or "FALSE": return false;
            case ".nan" or ".NaN" or ".NAN": return double.NaN;
        }
        var digits = text.AsSpan();
        if (digits is ['0', 'o', ..]) return Based(text, digits[2..], 8);
        if (digits is ['0', 'x', ..]) return Based(text, digits[2..], 16);
        var negative = digits[0] == '-';
        if (digits[0] is '-' or '+') digits = digits[1..];
        if (digits is ".inf" or ".Inf" or ".INF") return negative ? double.NegativeInfinity : double.PositiveInfinity;
        if (!IsDecimal(digits, out var whole)) return text;
        if (whole && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) return integer;
        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>( "." [0-9]+ | [0-9]+ ( "." [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?</summary>
    private static bool IsDecimal(ReadOnlySpan<char> text, out bool whole)
    {
        var before = Digits(text);
        text = text[before..];
        whole = before > 0 && text.IsEmpty;
        var after = 0;
        if (text is ['.', ..])
        {
            after = Digits(text[1..]);
            text = text[(1 + after)..];
        }
        if (before + after == 0) return false;
        if (text.IsEmpty) return true;
        if (text[0] is not ('e' or 'E')) return false;
        text = text[1..];
        if (text is ['-' or '+', ..]) text = text[1..];
        return !text.IsEmpty && Digits(text) == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExceptInRange('0', '9');
        return other < 0 ? text.Length : other;
    }

    private static object Based(string text, ReadOnlySpan<char> digits, int numberBase)
    {
        if (digits.IsEmpty) return text;
        double sum = 0;
        long exact = 0;
        foreach (var digit in digits)
        {
            var value = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : numberBase;
            if (value >= numberBase) return text;
            sum = sum * numberBase + value;
            exact = unchecked(exact * numberBase + value);
        }
        return sum < long.MaxValue ? (object)exact : sum;
    }
}
