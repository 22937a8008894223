using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Tokenizers.Tests.Bpe;

public class SplitPatternTests
{
    /// <summary>Up to U+FFFF .NET's regular expressions and ours mean the same, but for ſ behind an apostrophe and U+180E.</summary>
    [Theory]
    [InlineData("Llama 3")]
    [InlineData("Qwen 2")]
    [InlineData("GPT-2")]
    public void Below_the_surrogates_the_scanner_cuts_as_the_regular_expression_does(string name)
    {
        var pattern = SplitPattern.Known.Single(known => known.Name == name);
        var regex = new Regex(pattern.Regex, RegexOptions.CultureInvariant);
        var characters = Gen.OneOf(
            Gen.Elements([.. "  \t\r\n\n'’aAsStTrRvVeElLmMdD12٣½.,!?-_äßéДя漢\u0301\u00A0\u3000\u2028\u0085\u200B\u20E3Ⅷ"]),
            Gen.Choose(0, 0xFFFF).Select(value => (char)value).Where(c => !char.IsSurrogate(c) && c != '\u017F'));
        Prop.ForAll(characters.ListOf(40).ToArbitrary(), list =>
        {
            var text = new string([.. list]);
            Assert.Equal(regex.Matches(text).Select(match => match.Value), Pieces(pattern, text));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Theory]
    [InlineData("x'ſ", "x|'ſ")]
    [InlineData("it'S", "it|'S")]
    [InlineData("we'LLx", "we|'LL|x")]
    [InlineData("😀abc", "😀abc")]
    [InlineData("a😀😀b", "a|😀😀|b")]
    [InlineData("𝒜𝒷 𝟙𝟚𝟛𝟜", "𝒜𝒷| |𝟙𝟚𝟛|𝟜")]
    [InlineData("𠀀𠀁x", "𠀀𠀁x")]
    [InlineData("a   b", "a|  | b")]
    [InlineData("a \n\n b", "a| \n\n| b")]
    public void Llama_3_goes_by_code_points(string text, string pieces) => Assert.Equal(pieces.Split('|'), Pieces(SplitPattern.Llama3, text));

    private static List<string> Pieces(SplitPattern pattern, string text)
    {
        var pieces = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = pattern.End(text, start);
            Assert.True(end > start && end <= text.Length);
            pieces.Add(text[start..end]);
            start = end;
        }
        return pieces;
    }
}
