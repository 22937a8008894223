using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Speech;

public class SentencePiecesTests
{
    [Fact]
    public void A_text_that_is_short_enough_stays_whole() => Assert.Equal(["One. Two. Three."], SentenceSplitter.Any.Pieces("One. Two. Three.", 16));

    [Theory]
    [InlineData("One sentence. Two are here. Three!", 28, "One sentence. Two are here.|Three!")]
    [InlineData("He said \"go.\" Then he went away.", 20, "He said \"go.\"|Then he went away.")]
    [InlineData("Version 2.5 is out. Get it soon.", 21, "Version 2.5 is out.|Get it soon.")]
    [InlineData("a long one, with a comma in the middle of it", 24, "a long one,|with a comma in the|middle of it")]
    [InlineData("line one\nline two and more", 20, "line one|line two and more")]
    [InlineData("これは長い文です。二つ目の文もあります。三つ目です。", 20, "これは長い文です。二つ目の文もあります。|三つ目です。")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 20, "aaaaaaaaaaaaaaaaaaaa|aaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaa😀aaa", 20, "aaaaaaaaaaaaaaaaaaa|😀aaa")]
    public void A_longer_one_is_cut_where_a_reader_would_breathe(string text, int limit, string pieces) => Assert.Equal(pieces.Split('|'), SentenceSplitter.Any.Pieces(text, limit));

    [Fact]
    public void Of_any_text_nothing_but_white_space_is_lost_and_no_piece_is_too_long()
    {
        var random = new Random(1);
        const string characters = "abc .,!?\n\"。😀";
        for (var i = 0; i < 2000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(200)).Select(_ => characters[random.Next(characters.Length)])]);
            var pieces = SentenceSplitter.Any.Pieces(text, 20);
            Assert.Equal(string.Concat(text.Where(c => !char.IsWhiteSpace(c))), string.Concat(string.Concat(pieces).Where(c => !char.IsWhiteSpace(c))));
            if (text.Length > 20) Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 20));
        }
    }
}
