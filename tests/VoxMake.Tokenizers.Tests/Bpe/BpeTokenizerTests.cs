using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Tokenizers.Tests.Bpe;

public class BpeTokenizerTests
{
    private static readonly Gen<string> AnyText =
        from parts in Gen.OneOf(
            Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(value => new Rune(value).ToString()),
            Gen.Elements("der", " die", "'s", "’t", "\r\n", "  ", "1234", "<custom_token_12>", "<|eot_id|>", "<|eot", "ü", "😀", "e\u0301", "\0", "Straße", "...", "\u00A0")).ListOf()
        select string.Concat(parts);

    [SkippableFact]
    public void Any_text_comes_back_from_its_ids()
    {
        var tokenizer = Golden.Tokenizer();
        Prop.ForAll(AnyText.ToArbitrary(), text =>
        {
            var ids = tokenizer.Encode(text, addSpecialTokens: false);
            Assert.Equal(text, tokenizer.Decode(ids, skipSpecialTokens: false));
            Assert.Equal("<|begin_of_text|>" + text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: true), skipSpecialTokens: false));
            Assert.Equal(text.AsBytes(), ids.SelectMany(tokenizer.Bytes));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [SkippableFact]
    public void Ids_one_by_one_give_the_text_that_they_give_together()
    {
        var tokenizer = Golden.Tokenizer();
        var bytes = Gen.Choose(0, 255).Select(value => tokenizer.IdOf(ByteAlphabet.CharacterOf((byte)value).ToString())!.Value);
        var ids = Gen.OneOf(bytes, Gen.Choose(0, tokenizer.Count + 5), Gen.Choose(-3, 3)).ListOf(30);
        Prop.ForAll(ids.ToArbitrary(), ids =>
        {
            var decoder = tokenizer.StartDecoding(skipSpecialTokens: true);
            var parts = ids.Select(decoder.Add).ToList();
            Assert.Equal(tokenizer.Decode(ids, skipSpecialTokens: true), string.Concat(parts) + decoder.Finish());
            Assert.Equal("", decoder.Finish());
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void A_character_comes_out_when_its_last_byte_is_there()
    {
        var tokenizer = SmallTokenizer.Of();
        var decoder = tokenizer.StartDecoding(skipSpecialTokens: false);
        Assert.Equal(["", "", "", "😀", "a", ""], new[] { 0xF0, 0x9F, 0x98, 0x80, 'a', 0xC3 }.Select(decoder.Add));
        Assert.False(decoder.IsWhole);
        Assert.Equal("\uFFFD", decoder.Finish());
        Assert.True(decoder.IsWhole);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_by_its_place()
    {
        var tokenizer = SmallTokenizer.Of();
        foreach (var text in new[] { "ab\uD83D", "ab\uDE00c", "ab\uDE00\uD83D" })
            Assert.Contains("half a surrogate pair at 2", Assert.Throws<TokenizerException>(() => tokenizer.Encode(text, false)).Message);
    }

    [Fact]
    public void Merges_are_done_by_rank_and_then_from_the_left()
    {
        var tokenizer = SmallTokenizer.Of("b c", "a b", "a a", "aa a");
        Assert.Equal(['a', tokenizer.IdOf("bc")!.Value], tokenizer.Encode("abc", false));
        Assert.Equal([tokenizer.IdOf("aa")!.Value, tokenizer.IdOf("aaa")!.Value], tokenizer.Encode("aaaaa", false));
        Assert.Equal([tokenizer.IdOf("aaa")!.Value], tokenizer.Encode("aaa", false));
    }

    [Fact]
    public void The_heap_merges_as_trying_every_pair_each_time_does()
    {
        var random = new System.Random(1);
        for (var round = 0; round < 200; round++)
        {
            var words = new List<string> { "a", "b", "c" };
            var merges = new List<string>();
            for (var i = 0; i < 12; i++)
            {
                var (left, right) = (words[random.Next(words.Count)], words[random.Next(words.Count)]);
                if (merges.Contains($"{left} {right}")) continue;
                merges.Add($"{left} {right}");
                if (!words.Contains(left + right)) words.Add(left + right);
            }
            var tokenizer = SmallTokenizer.Of([.. merges]);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abc"[random.Next(3)]));
            Assert.Equal(MergedSlowly(text, merges), tokenizer.Encode(text, false).Select(tokenizer.TokenOf));
        }
    }

    private static List<string> MergedSlowly(string text, List<string> merges)
    {
        var parts = text.Select(c => c.ToString()).ToList();
        while (true)
        {
            var ranks = parts.Zip(parts.Skip(1), (left, right) => merges.IndexOf($"{left} {right}")).ToList();
            if (ranks.Where(rank => rank >= 0).DefaultIfEmpty(-1).Min() is not (>= 0 and var best)) return parts;
            var at = ranks.IndexOf(best);
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }

    /// <summary>With steps that grow as the square it would be 10^11 of them, and no end.</summary>
    [Fact]
    public void Half_a_million_times_the_same_letter_is_no_trouble()
    {
        var merges = Enumerable.Range(0, 8).Select(i => $"{new string('a', 1 << i)} {new string('a', 1 << i)}").ToArray();
        var tokenizer = SmallTokenizer.Of(merges);
        const int count = 500_000;
        var ids = tokenizer.Encode(new string('a', count), false);
        Assert.Equal(count / 256, ids.Count(id => id == tokenizer.IdOf(new string('a', 256))));
        Assert.Equal(count, ids.Sum(id => tokenizer.Bytes(id).Length));
        foreach (var text in new[] { new string(' ', count), new string('\n', count), new string('<', count), string.Concat(Enumerable.Repeat(" \n", count / 2)) })
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, false), false));
    }

    [Fact]
    public void An_id_without_a_token_is_passed_over_in_texts_and_refused_where_it_is_asked_for()
    {
        var tokenizer = SmallTokenizer.Of();
        Assert.Equal("ab", tokenizer.Decode(['a', 256, -1, int.MaxValue, 'b'], false));
        Assert.Contains("no token has the id 256; ids go from 0 to 255", Assert.Throws<TokenizerException>(() => tokenizer.TokenOf(256)).Message);
        Assert.Throws<TokenizerException>(() => tokenizer.Bytes(-1));
    }
}
