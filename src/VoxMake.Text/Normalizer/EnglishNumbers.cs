using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using static VoxMake.Text.Normalizer.EnglishNumberWords;

namespace VoxMake.Text.Normalizer;

/// <summary>
/// English numbers as digits: openai-whisper's EnglishNumberNormalizer. "Twenty five dollars and fifty cents" is $25.50, "nineteen eighty four" 1984, "one oh one" 101; a lone one stays a word.
/// </summary>
internal sealed partial class EnglishNumbers
{
    private readonly List<string> _written = [];
    private string? _prefix;

    /// <summary>The number that is being read: whole, or digits as they were said.</summary>
    private (BigInteger? Whole, string? Digits) _value;

    /// <param name="text">In lower case.</param>
    public static string Normalize(string text) => Postprocess(string.Join(' ', new EnglishNumbers().Read(Preprocess(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));

    private bool HasValue => _value is not (null, null);
    private string Said => _value.Digits ?? _value.Whole?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>What was said, where nothing and a 0 are the same.</summary>
    private string SaidOrNothing => _value.Whole is { IsZero: true } ? "" : Said;

    private void Write(string text)
    {
        _written.Add(_prefix + text);
        (_value, _prefix) = (default, null);
    }

    private void WriteValue()
    {
        if (HasValue) Write(Said);
    }

    private void Keep(string word)
    {
        WriteValue();
        Write(word);
    }

    private List<string> Read(string[] words)
    {
        for (var at = 0; at < words.Length; at++)
        {
            var (before, word, next) = (at > 0 ? words[at - 1] : null, words[at], at + 1 < words.Length ? words[at + 1] : null);
            var nextIsNumber = next is not null && Digits().IsMatch(next);
            var signed = Prefixes.Contains(word[0]);
            if (Digits().IsMatch(signed ? word[1..] : word)) ReadDigits(word, signed);
            else if (!IsPart(word)) Keep(word);
            else if (Zeros.Contains(word)) _value = (null, SaidOrNothing + "0");
            else if (Ones.TryGetValue(word, out var one)) _value = WithOnes(one, before);
            else if (OnesSuffixed.TryGetValue(word, out var ending)) Write(Text(WithOnes(ending.Value, before)) + ending.Suffix);
            else if (Tens.TryGetValue(word, out var ten)) _value = WithTens(ten);
            else if (TensSuffixed.TryGetValue(word, out ending)) Write(Text(WithTens(ending.Value)) + ending.Suffix);
            else if (Multipliers.TryGetValue(word, out var multiplier)) Multiply(multiplier, "");
            else if (MultipliersSuffixed.TryGetValue(word, out var many)) Multiply(many.Value, many.Suffix);
            else if (Signs.TryGetValue(word, out var sign)) ReadSign(word, sign, IsPart(next) || nextIsNumber);
            else if (Currencies.TryGetValue(word, out var currency)) ReadCurrency(word, currency);
            else if (word is "percent" or "per") at += ReadPercent(word, next);
            else at += ReadSpecial(word, before, next, nextIsNumber);
        }
        WriteValue();
        return _written;
    }

    private void ReadDigits(string word, bool signed)
    {
        var number = signed ? word[1..] : word;
        if (HasValue)
        {
            if (_value.Digits is { } begun && begun.EndsWith('.'))
            {
                _value = (null, begun + word); // decimals, and parts of addresses
                return;
            }
            WriteValue();
        }
        if (signed) _prefix = word[..1];
        _value = Fraction(number) is var (digits, scale) && digits % scale == 0 ? (digits / scale, null) : (null, number);
    }

    /// <summary>A number up to nineteen behind what was said.</summary>
    private (BigInteger?, string?) WithOnes(int ones, string? before)
    {
        if (!HasValue) return (ones, null);
        if (_value.Digits is not null || before is not null && Ones.ContainsKey(before))
            return (null, before is not null && Tens.ContainsKey(before) && ones < 10 ? Said[..^1] + Number(ones) : Said + Number(ones));
        return _value.Whole!.Value % (ones < 10 ? 10 : 100) == 0 ? (_value.Whole + ones, null) : (null, Said + Number(ones));
    }

    private (BigInteger?, string?) WithTens(int tens)
    {
        if (!HasValue) return (tens, null);
        return _value.Whole is { } whole && whole % 100 == 0 ? (whole + tens, null) : (null, Said + Number(tens));
    }

    private void Multiply(BigInteger multiplier, string suffix)
    {
        var product = multiplier;
        if (_value.Digits is not null || _value.Whole is { IsZero: true } && suffix.Length == 0)
        {
            if (Fraction(Said) is var (digits, scale) && digits * multiplier % scale == 0) product = digits * multiplier / scale;
            else WriteValue();
        }
        else if (_value.Whole is { } whole) product = whole - whole % 1000 + whole % 1000 * multiplier;
        if (suffix.Length > 0) Write(product.ToString(CultureInfo.InvariantCulture) + suffix);
        else _value = (product, null);
    }

    private void ReadSign(string word, string sign, bool numberFollows)
    {
        WriteValue();
        if (numberFollows) _prefix = sign;
        else Write(word);
    }

    private void ReadCurrency(string word, string currency)
    {
        if (HasValue) _prefix = currency;
        Write(HasValue ? Said : word);
    }

    /// <returns>Words more that were taken.</returns>
    private int ReadPercent(string word, string? next)
    {
        var perCent = word == "per" && next == "cent";
        if (HasValue && (word == "percent" || perCent))
        {
            Write(Said + "%");
            return perCent ? 1 : 0;
        }
        Keep(word);
        return 0;
    }

    private int ReadSpecial(string word, string? before, string? next, bool nextIsNumber)
    {
        if (!IsPart(next) && !nextIsNumber) Keep(word);
        else if (word == "and")
        {
            if (before is null || !Multipliers.ContainsKey(before)) Keep(word); // not behind hundreds, thousands, …
        }
        else if (word is "double" or "triple")
        {
            if (next is null || !Ones.ContainsKey(next) && !Zeros.Contains(next)) Keep(word);
            else
            {
                _value = (null, SaidOrNothing + string.Concat(Enumerable.Repeat(Number(Ones.GetValueOrDefault(next)), word == "double" ? 2 : 3)));
                return 1;
            }
        }
        else if (IsDecimal(next) || nextIsNumber) _value = (null, SaidOrNothing + ".");
        return 0;
    }

    private static string Preprocess(string text)
    {
        var parts = new List<string>();
        var segments = AndAHalf().Split(text);
        foreach (var (number, segment) in segments.Index())
        {
            if (string.IsNullOrWhiteSpace(segment)) continue;
            parts.Add(segment);
            if (number == segments.Length - 1) continue;
            var last = segment.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^1];
            parts.Add(IsDecimal(last) || Multipliers.ContainsKey(last) ? "point five" : "and a half");
        }
        text = LetterThenDigit().Replace(string.Join(' ', parts), "$1 $2");
        text = DigitThenLetter().Replace(text, "$1 $2");
        return Suffix().Replace(text, "$1$2");
    }

    private static string Postprocess(string text)
    {
        text = CurrencyAndCents().Replace(text, match => $"{match.Groups[1].Value}{match.Groups[2].Value}.{match.Groups[3].Value.PadLeft(2, '0')}");
        text = OnlyCents().Replace(text, match => "¢" + int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        return LoneOne().Replace(text, "one$1");
    }

    /// <summary>A decimal number as a whole one and a power of ten; null where it is none.</summary>
    private static (BigInteger Digits, BigInteger Scale)? Fraction(string text)
    {
        var parts = text.Split('.');
        var digits = string.Concat(parts);
        if (parts.Length > 2 || digits.Length == 0 || !digits.All(char.IsDigit)) return null;
        var ascii = string.Concat(digits.Select(digit => Number((int)char.GetNumericValue(digit))));
        return (BigInteger.Parse(ascii, NumberStyles.None, CultureInfo.InvariantCulture), BigInteger.Pow(10, parts.Length == 2 ? parts[1].Length : 0));
    }

    private static string Text((BigInteger? Whole, string? Digits) value) => value.Digits ?? value.Whole!.Value.ToString(CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d+(\.\d+)?$")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\band\s+a\s+half\b")]
    private static partial Regex AndAHalf();

    [GeneratedRegex("([a-z])([0-9])")]
    private static partial Regex LetterThenDigit();

    [GeneratedRegex("([0-9])([a-z])")]
    private static partial Regex DigitThenLetter();

    [GeneratedRegex(@"([0-9])\s+(st|nd|rd|th|s)\b")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"([€£$])([0-9]+) (?:and )?¢([0-9]{1,2})\b")]
    private static partial Regex CurrencyAndCents();

    [GeneratedRegex(@"[€£$]0.([0-9]{1,2})\b")]
    private static partial Regex OnlyCents();

    [GeneratedRegex(@"\b1(s?)\b")]
    private static partial Regex LoneOne();
}
