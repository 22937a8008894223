using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Tokenizers.Tests.Bpe;

public class AddedTokensTests
{
    private const int First = 256;

    [Theory]
    [InlineData("a<x>b", "a|256|b")]
    [InlineData("a<x><x>", "a|256|256")]
    [InlineData("<x", "<x")]
    [InlineData("", "")]
    public void A_token_is_found_wherever_it_stands(string text, string expected) => Assert.Equal(expected, Shown(text, new AddedToken(First, "<x>", false)));

    [Fact]
    public void Of_tokens_that_begin_alike_the_longest_is_taken() =>
        Assert.Equal("258|256|c|257", Shown("abcd" + "ab" + "c" + "<", new(First, "ab", false), new(First + 1, "<", false), new(First + 2, "abcd", false)));

    [Fact]
    public void Tokens_that_are_not_normalised_come_first_even_where_another_begins_before_them() =>
        Assert.Equal("a|257|x", Shown("abcx", new(First, "abcx", false, Normalized: true), new(First + 1, "bc", false)));

    [Fact]
    public void A_text_is_normalised_behind_tokens_that_are_not_and_before_tokens_that_are()
    {
        var json = SmallTokenizer.Json().With(new AddedToken(First, "u\u0308", false), new AddedToken(First + 1, "a\u0308", false, Normalized: true));
        json["normalizer"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "NFC" };
        Assert.Equal([First, First + 1, First + 1, 0xC3, 0xBC, 0xC3, 0xB6], SmallTokenizer.Read(json).Encode("u\u0308äa\u0308üo\u0308", false));
    }

    [Theory]
    [InlineData("a <x> b", "a |256| b")]
    [InlineData("a<x> b", "a<x> b")]
    [InlineData("<x>é", "<x>é")]
    [InlineData("_<x>", "_<x>")]
    [InlineData("(<x>)", "(|256|)")]
    [InlineData("𝒳<x>", "𝒳<x>")]
    public void A_single_word_is_passed_over_beside_letters(string text, string expected) => Assert.Equal(expected, Shown(text, new AddedToken(First, "<x>", false, SingleWord: true)));

    [Fact]
    public void White_space_beside_a_token_goes_with_it_where_it_says_so()
    {
        Assert.Equal("a|256| \tb", Shown("a \n<x> \tb", new AddedToken(First, "<x>", false, StripLeft: true)));
        Assert.Equal("a |256|b|256", Shown("a <x>\u3000 b<x>  ", new AddedToken(First, "<x>", false, StripRight: true)));
        Assert.Equal("256|256|b", Shown("<x> <x> b", new AddedToken(First, "<x>", false, StripLeft: true, StripRight: true)));
    }

    [Fact]
    public void Special_tokens_are_left_out_of_texts_on_request_and_others_never()
    {
        var tokenizer = SmallTokenizer.Read(SmallTokenizer.Json().With(new AddedToken(First, "<s>", true), new AddedToken(First + 1, "<x>", false)));
        Assert.Equal("<s>a<x>", tokenizer.Decode([First, 'a', First + 1], skipSpecialTokens: false));
        Assert.Equal("a<x>", tokenizer.Decode([First, 'a', First + 1], skipSpecialTokens: true));
    }

    [Fact]
    public void A_token_that_is_not_to_be_found_is_read_as_the_characters_that_it_is_written_with()
    {
        var all = SmallTokenizer.Read(SmallTokenizer.Json().With(new AddedToken(First, "<s>", true), new AddedToken(First + 1, "<x>", false)));
        var some = all.Finding(token => !token.IsSpecial);
        Assert.Equal(['a', First, First + 1], all.Encode("a<s><x>", addSpecialTokens: false));
        Assert.Equal(['a', '<', 's', '>', First + 1], some.Encode("a<s><x>", addSpecialTokens: false));
        Assert.Equal(["<x>"], some.Added.Select(token => token.Content));
        Assert.Equal((First, true, all.Count), (some.IdOf("<s>"), some.IsSpecial(First), some.Count));
        Assert.Equal("a", some.Decode(['a', First], skipSpecialTokens: true));
    }

    private static string Shown(string text, params AddedToken[] tokens)
    {
        var added = new AddedTokens(tokens);
        return string.Join('|', added.Split(text).Select(stretch => stretch.Id?.ToString() ?? stretch.Text.ToString()));
    }
}
