using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>A number that is written in digits.</summary>
/// <param name="Fraction">The digits behind the decimal mark; empty where there are none.</param>
/// <param name="IsPlain">Whether it is digits only: no sign, group or decimal mark.</param>
internal sealed record Numeral(bool IsNegative, long Whole, string Fraction, char Mark, bool IsPlain)
{
    public bool IsWhole => Fraction.Length == 0;

    public bool IsOne => IsWhole && Whole == 1 && !IsNegative;
}

/// <summary>How a language writes numbers.</summary>
/// <param name="groups">Marks between groups of three digits, for a character class.</param>
/// <param name="marks">Decimal marks, for a character class.</param>
internal sealed class Numerals(string groups, string marks)
{
    /// <summary>A number: groups <c>sign</c>, <c>whole</c>, <c>mark</c>, <c>fraction</c>. Numbers that begin with further zeros are none.</summary>
    public string Pattern { get; } =
        $@"(?<sign>(?<![^\s(\[„""“])[\-−])?(?<whole>[1-9]\d{{0,2}}(?:{OneOf(groups)}\d{{3}}){{1,4}}|[1-9]\d{{0,14}}|0)(?:(?<mark>{OneOf(marks)})(?<fraction>\d{{1,12}}))?";

    private static string OneOf(string marks) => marks.Length == 0 ? "(?!)" : $"[{marks}]";

    public Numeral Read(Match match)
    {
        var whole = match.Groups["whole"].Value;
        var digits = string.Concat(whole.Where(char.IsAsciiDigit));
        var (sign, fraction) = (match.Groups["sign"].Success, match.Groups["fraction"]);
        return new(sign, long.Parse(digits, CultureInfo.InvariantCulture), fraction.Value, fraction.Success ? match.Groups["mark"].Value[0] : '\0', !sign && !fraction.Success && digits == whole);
    }
}
