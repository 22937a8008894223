using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Tokenizers.Tests.Bpe;

/// <summary>What is no tokenizer, or one that is not known here, is refused with file and place.</summary>
public class TokenizerReaderTests
{
    private const string Template = """
        {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {}}
        """;

    [Theory]
    [InlineData("version", "\"2.0\"", "version is \"2.0\"; expected \"1.0\"")]
    [InlineData("normalizer", """{"type": "Lowercase"}""", "normalizer.type is 'Lowercase'; expected NFC")]
    [InlineData("truncation", """{"max_length": 5}""", "truncation is set")]
    [InlineData("model", "[]", "model is a list; expected an object")]
    [InlineData("model.type", "\"Unigram\"", "model.type is \"Unigram\"; expected \"BPE\"")]
    [InlineData("model.dropout", "0.1", "model.dropout is 0.1; expected null")]
    [InlineData("model.byte_fallback", "true", "model.byte_fallback is true; expected false")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix is \"</w>\"; expected null")]
    [InlineData("model.ignore_merges", "1", "model.ignore_merges is 1; expected true or false")]
    [InlineData("model.vocab", """{"a": 0}""", "model.vocab has no token")]
    [InlineData("model.vocab.zz", "97", "is 97, which another token has too")]
    [InlineData("model.vocab.zz", "-1", "model.vocab.zz is -1; expected a whole number, 0 to 1048575")]
    [InlineData("model.vocab.zz", "1048576", "expected a whole number")]
    [InlineData("model.vocab.zz", "1e3", "expected a whole number")]
    [InlineData("model.vocab.zz", "99999999999999999999", "expected a whole number")]
    [InlineData("model.vocab.zz", "null", "model.vocab.zz is null; expected a whole number")]
    [InlineData("model.merges", """["a b"]""", "model.merges[0] merges 'a' and 'b', but model.vocab has no 'ab'")]
    [InlineData("model.merges", """[["a", "qq"]]""", "model.merges[0] merges 'a' and 'qq', but model.vocab has no 'qq'")]
    [InlineData("model.merges", """["a  b"]""", "model.merges[0] is \"a  b\"; expected two tokens")]
    [InlineData("model.merges", """[["a"]]""", "model.merges[0] is a list; expected two tokens")]
    [InlineData("model.merges", """[["a", 1]]""", "model.merges[0][1] is 1; expected a text")]
    [InlineData("model.merges", "{}", "model.merges is an object; expected a list")]
    [InlineData("pre_tokenizer", "null", "pre_tokenizer is null; expected a ByteLevel pre-tokenizer")]
    [InlineData("pre_tokenizer.type", "\"Whitespace\"", "pre_tokenizer.type is 'Whitespace'; expected ByteLevel")]
    [InlineData("pre_tokenizer.add_prefix_space", "true", "pre_tokenizer.add_prefix_space is true; expected false")]
    [InlineData("pre_tokenizer.use_regex", "false", "pre_tokenizer.use_regex is false; expected true")]
    [InlineData("decoder", "null", "decoder is null; expected a ByteLevel decoder")]
    [InlineData("decoder.type", "\"Metaspace\"", "decoder.type is \"Metaspace\"")]
    [InlineData("post_processor", """{"type": "BertProcessing"}""", "post_processor.type is 'BertProcessing'")]
    [InlineData("post_processor", "{}", "post_processor has no type")]
    [InlineData("post_processor", """{"type": "Sequence", "processors": [{"type": "RobertaProcessing"}]}""", "post_processor.processors[0].type is 'RobertaProcessing'")]
    [InlineData("post_processor", $$"""{"type": "Sequence", "processors": [{{Template}}, {{Template}}]}""", "post_processor.processors[1] is a second template")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}], "pair": [], "special_tokens": {}}""",
        "post_processor.single[0].SpecialToken.id is '<s>', which special_tokens lacks")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": {"<s>": {"ids": [256]}}}""",
        "post_processor.special_tokens.<s>.ids[0] is 256; expected a whole number, 0 to 255")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": {}}""", "post_processor.single has not the text A once")]
    [InlineData("added_tokens", """[{"id": 97, "content": "<s>", "special": true}]""", "added_tokens[0].id is 97, which is another token's")]
    [InlineData("added_tokens", """[{"id": 5, "content": "a", "special": true}]""", "added_tokens[0].id is 5, but model.vocab has 'a' with the id 97")]
    [InlineData("added_tokens", """[{"id": 256, "content": "", "special": true}]""", "added_tokens[0].content has 0 characters")]
    [InlineData("added_tokens", """[{"id": 256, "content": "<s>", "special": true}, {"id": 257, "content": "<s>", "special": true}]""", "added_tokens[1].content is '<s>', which stands twice")]
    [InlineData("added_tokens", """[{"id": 256, "content": "\ud800", "special": true}]""", "added_tokens[0].content has half a surrogate pair")]
    [InlineData("added_tokens", """[{"id": 256, "content": "<s>"}]""", "added_tokens[0] has no special")]
    [InlineData("added_tokens", """[{"id": 256, "content": " x", "special": false}, {"id": 257, "content": "<s>", "special": true, "rstrip": true}]""",
        "added_tokens cannot be: '<s>' takes all white space behind it")]
    public void What_it_cannot_do_right_is_refused_by_place(string path, string value, string part)
    {
        var json = SmallTokenizer.Json();
        JsonNode parent = json;
        var steps = path.Split('.');
        foreach (var step in steps[..^1]) parent = parent[step]!;
        parent[steps[^1]] = "\u0001";
        var text = json.ToJsonString().Replace("\"\\u0001\"", value);
        var message = Assert.Throws<TokenizerException>(() => BpeTokenizer.Parse(text.AsBytes(), "folder/tokenizer.json")).Message;
        Assert.StartsWith("folder/tokenizer.json: ", message);
        Assert.Contains(part, message);
    }

    [Fact]
    public void An_unknown_pattern_is_named_with_those_that_are_known()
    {
        var json = SmallTokenizer.Json();
        json["pre_tokenizer"] = Split(@"\w+|\W+");
        var message = Assert.Throws<TokenizerException>(() => SmallTokenizer.Read(json)).Message;
        Assert.Contains(@"pre_tokenizer.pretokenizers[0].pattern.Regex is '\w+|\W+', which is not known here", message);
        foreach (var known in SplitPattern.Known) Assert.Contains(known.Regex, message);
    }

    [Fact]
    public void Every_known_pattern_is_read_behind_a_split()
    {
        foreach (var (known, pieces) in SplitPattern.Known.Zip([2, 4, 1]))
        {
            var json = SmallTokenizer.Json();
            json["pre_tokenizer"] = Split(known.Regex);
            Assert.Equal(pieces, SmallTokenizer.Read(json).Pieces("1234").Count());
        }
    }

    private static JsonNode Split(string regex) => new JsonObject
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = regex }, ["behavior"] = "Isolated", ["invert"] = false },
            new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false }),
    };

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "Git LFS")]
    [InlineData("[1, 2]", "it is a list; expected an object")]
    [InlineData("""{"version": "1.0", "version": "1.0"}""", "no JSON that can be read")]
    [InlineData("""{"\ud800": 1}""", "")]
    public void What_is_no_tokenizer_at_all_is_refused(string text, string part)
    {
        var message = Assert.Throws<TokenizerException>(() => BpeTokenizer.Parse(text.AsBytes())).Message;
        Assert.StartsWith("tokenizer.json: ", message);
        Assert.Contains(part, message);
    }

    [Fact]
    public void Lists_in_lists_without_end_are_refused() =>
        Assert.Contains("no JSON that can be read", Assert.Throws<TokenizerException>(() => BpeTokenizer.Parse(new string('[', 1_000_000).AsBytes())).Message);

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith($"{folder.File("tokenizer.json")}: it cannot be read", Assert.Throws<TokenizerException>(() => BpeTokenizer.Load(folder.Path)).Message);
    }

    /// <summary>Whatever happens to a good file, it is read or refused in our words.</summary>
    [Fact]
    public void A_mutated_file_is_read_or_refused_with_its_name()
    {
        var good = SmallTokenizer.Json("a b", "ab c").With(new AddedToken(258, "<s>", true));
        good["post_processor"] = JsonNode.Parse(Template);
        var text = good.ToJsonString();
        string[] pieces = ["\"", "{", "}", "[", "]", ",", ":", "null", "-1", "1e9", "true", "\"\\ud800\"", "\\u0000", "a", "0", "ü", "256"];
        var cuts = Gen.Choose(0, text.Length - 1).SelectMany(at => Gen.Choose(0, 6).SelectMany(length => Gen.Elements(pieces.Append("").ToArray()).Select(piece => (at, length, piece))));
        int read = 0, refused = 0;
        Prop.ForAll(cuts.ToArbitrary(), cut =>
        {
            var mutated = text.Remove(cut.at, Math.Min(cut.length, text.Length - cut.at)).Insert(cut.at, cut.piece);
            try
            {
                BpeTokenizer.Parse(mutated.AsBytes()).Encode("abc <s>", true);
                read++;
            }
            catch (TokenizerException error)
            {
                Assert.StartsWith("tokenizer.json: ", error.Message);
                refused++;
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));
        Assert.True(read > 20 && refused > 500, $"{read} read, {refused} refused");
    }
}
