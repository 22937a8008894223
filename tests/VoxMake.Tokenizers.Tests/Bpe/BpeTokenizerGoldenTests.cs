using System.Text.Json;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Tokenizers.Tests.Bpe;

/// <summary>Against Hugging Face's tokenizers and vLLM.</summary>
public class BpeTokenizerGoldenTests
{
    [SkippableFact]
    public void Texts_have_the_references_ids_with_and_without_its_template_and_become_texts_again()
    {
        var expected = Golden.Json("orpheus/tokenizer/expected.json").GetProperty("encode");
        var cleaned = 0;
        foreach (var layout in Golden.Layouts)
        {
            var tokenizer = Golden.Tokenizer(layout);
            foreach (var one in expected.EnumerateArray())
            {
                var text = one.Text("text");
                AssertIds(text, one.Ids("ids"), tokenizer.Encode(text, addSpecialTokens: false));
                AssertIds(text, one.Ids("ids_with_special"), tokenizer.Encode(text, addSpecialTokens: true));
                var kept = tokenizer.Decode(one.Ids("ids"), skipSpecialTokens: false);
                Assert.Equal(one.Text("decode_keep_special"), kept);
                Assert.Equal(one.Text("decode_skip_special"), tokenizer.Decode(one.Ids("ids"), skipSpecialTokens: true));
                var clean = one.TryGetProperty("decode_keep_special_with_cleanup", out var differs) ? differs.GetString() : kept;
                if (clean != kept) cleaned++;
                Assert.Equal(clean, TokenText.CleanUpSpaces(kept));
            }
        }
        Assert.True(expected.GetArrayLength() >= 200 && cleaned > 0);
    }

    [SkippableFact]
    public void Texts_are_cut_into_the_references_pieces()
    {
        var expected = Golden.Json("orpheus/tokenizer/expected.json").GetProperty("pre_tokenize");
        var tokenizer = Golden.Tokenizer();
        foreach (var one in expected.EnumerateArray()) Assert.Equal(one.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()!), tokenizer.Pieces(one.Text("text")));
        Assert.True(expected.GetArrayLength() > 50);
    }

    [SkippableFact]
    public void Ids_that_are_no_whole_characters_become_a_replacement_for_each_maximal_invalid_part()
    {
        var expected = Golden.Json("orpheus/tokenizer/expected.json").GetProperty("decode");
        var tokenizer = Golden.Tokenizer();
        foreach (var one in expected.EnumerateArray())
            foreach (var skip in new[] { false, true })
            {
                var text = one.Text(skip ? "skip" : "keep");
                Assert.Equal(text, tokenizer.Decode(one.Ids("ids"), skip));
                var decoder = tokenizer.StartDecoding(skip);
                Assert.Equal(text, string.Concat(one.Ids("ids").Select(decoder.Add)) + decoder.Finish());
            }
        Assert.True(expected.GetArrayLength() > 20);
    }

    [SkippableFact]
    public void A_word_that_no_merges_lead_to_is_taken_whole_but_not_as_a_part_of_another()
    {
        var expected = Golden.Json("orpheus/tokenizer/expected.json").GetProperty("ignore_merges");
        var tokenizer = Golden.Tokenizer();
        var merging = BpeTokenizer.Parse(File.ReadAllBytes(TestFiles.Golden("orpheus/tokenizer/tokenizer.json")).AsText().Replace("\"ignore_merges\":true", "\"ignore_merges\":false").AsBytes());
        foreach (var one in expected.EnumerateArray())
        {
            AssertIds(one.Text("text"), one.Ids("ids"), tokenizer.Encode(one.Text("text"), false));
            AssertIds(one.Text("text"), one.Ids("ids_if_ignore_merges_were_false"), merging.Encode(one.Text("text"), false));
            AssertIds(one.Text("text"), one.Ids("ids_with_suffix"), tokenizer.Encode(one.Text("text_with_suffix"), false));
        }
        Assert.True(expected.GetArrayLength() > 0);
    }

    [SkippableFact]
    public void Two_texts_stand_in_the_template_of_pairs()
    {
        var expected = Golden.Json("orpheus/tokenizer/expected.json").GetProperty("pair");
        var pair = Golden.Tokenizer().EncodePair(expected.Text("a"), expected.Text("b"), addSpecialTokens: true);
        Assert.Equal(expected.Ids("ids"), pair.Ids);
        Assert.Equal(expected.Ids("type_ids"), pair.TypeIds);
        Assert.Equal([0, 0, 0, 1, 1], Golden.Tokenizer().EncodePair("Hallo", "Welt", addSpecialTokens: false).TypeIds);
    }

    [SkippableFact]
    public void Added_tokens_have_the_ids_of_the_file_and_only_reserved_ones_are_special()
    {
        var ids = Golden.Json("orpheus/tokenizer/special_ids.json").GetProperty("tiny");
        var tokenizer = Golden.Tokenizer();
        Assert.Equal(ids.GetProperty("vocab_size").GetInt32(), tokenizer.Count);
        (string, string)[] tokens =
            [("begin_of_text", "<|begin_of_text|>"), ("eot_id", "<|eot_id|>"), ("start_of_speech", "<custom_token_1>"), ("pad_token", "<custom_token_7>"), ("audio_placeholder", "<|audio|>")];
        foreach (var (name, token) in tokens)
        {
            var id = ids.GetProperty(name).GetInt32();
            Assert.Equal(id, tokenizer.IdOf(token));
            Assert.Equal(token, tokenizer.TokenOf(id));
            Assert.Equal(token.AsBytes(), tokenizer.Bytes(id));
        }
        Assert.Equal(ids.GetProperty("tokeniser_length").GetInt32() - ids.GetProperty("text_vocab").GetInt32(), tokenizer.Added.Count(token => token.IsSpecial && token.Content != "<|audio|>"));
        Assert.True(tokenizer.IsSpecial(ids.GetProperty("eot_id").GetInt32()));
        Assert.False(tokenizer.IsSpecial(ids.GetProperty("start_of_speech").GetInt32()));
        Assert.Null(tokenizer.IdOf("<custom_token_459>"));
    }

    [SkippableFact]
    public void The_prompts_of_orpheus_have_their_ids_and_are_read_again_from_their_text()
    {
        var examples = Golden.Json("orpheus/prompt/expected.json").GetProperty("examples");
        var tokenizer = Golden.Tokenizer();
        foreach (var one in examples.EnumerateArray())
        {
            AssertIds(one.Text("prompt_text"), one.Ids("text_ids"), tokenizer.Encode(one.Text("prompt_text"), addSpecialTokens: true));
            var engine = one.GetProperty("inference_engine");
            var decoded = tokenizer.Decode(engine.Ids("input_ids"), skipSpecialTokens: false);
            Assert.Equal(engine.Text("decoded"), decoded);
            Assert.Equal(engine.Text("decoded_with_cleanup"), TokenText.CleanUpSpaces(decoded));
            AssertIds(decoded, engine.Ids("re_encoded_with_special"), tokenizer.Encode(decoded, addSpecialTokens: true));
            AssertIds(decoded, engine.Ids("re_encoded_from_cleanup_with_special"), tokenizer.Encode(TokenText.CleanUpSpaces(decoded), addSpecialTokens: true));
        }
        Assert.True(examples.GetArrayLength() > 0);
    }

    [SkippableFact]
    public void The_served_tokenizer_gives_what_vllm_answered()
    {
        var tokenizer = BpeTokenizer.Load(Path.GetDirectoryName(TestFiles.Golden("vllm/checkpoint/tokenizer.json"))!);
        var compared = 0;
        foreach (var line in File.ReadLines(TestFiles.Golden("vllm/exchanges.jsonl")))
        {
            using var exchange = JsonDocument.Parse(line);
            var (request, body) = (exchange.RootElement.GetProperty("request"), exchange.RootElement.GetProperty("body"));
            if (exchange.RootElement.GetProperty("status").GetInt32() != 200) continue;
            switch (request.Text("path"))
            {
                case "/tokenize" when request.GetProperty("body").TryGetProperty("prompt", out var prompt):
                    Assert.Equal(body.Ids("tokens"), tokenizer.Encode(prompt.GetString()!, addSpecialTokens: true));
                    if (body.GetProperty("token_strs") is { ValueKind: JsonValueKind.Array } names)
                        Assert.Equal(names.EnumerateArray().Select(name => name.GetString()), body.Ids("tokens").Select(tokenizer.TokenOf));
                    compared++;
                    break;
                case "/v1/completions" when request.GetProperty("body").GetProperty("prompt") is { ValueKind: JsonValueKind.String } prompt && body.ValueKind == JsonValueKind.Object:
                    foreach (var choice in body.GetProperty("choices").EnumerateArray())
                    {
                        if (choice.GetProperty("prompt_token_ids").ValueKind != JsonValueKind.Array) continue;
                        Assert.Equal(choice.Ids("prompt_token_ids"), tokenizer.Encode(prompt.GetString()!, addSpecialTokens: false));
                        Assert.Equal(choice.Text("text"), tokenizer.Decode(choice.Ids("token_ids"), skipSpecialTokens: true));
                        compared++;
                    }
                    break;
                case "/detokenize":
                    Assert.Equal(body.Text("prompt"), tokenizer.Decode(request.GetProperty("body").Ids("tokens"), skipSpecialTokens: false));
                    compared++;
                    break;
            }
        }
        Assert.True(compared >= 3, $"only {compared} exchanges were compared");
        Assert.Equal([1, 33, 3], [tokenizer.IdOf("<s>"), tokenizer.IdOf("?"), tokenizer.IdOf("!")]);
    }

    private static void AssertIds(string text, int[] expected, int[] ids) =>
        Assert.True(expected.AsSpan().SequenceEqual(ids), $"'{text}': [{string.Join(", ", expected)}] was expected, not [{string.Join(", ", ids)}]");
}
