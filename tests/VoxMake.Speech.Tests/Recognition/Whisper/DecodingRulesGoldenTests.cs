using VoxMake.Speech.Recognition.Whisper;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

public class DecodingRulesGoldenTests
{
    [SkippableFact]
    public void Timestamp_rules_mask_what_the_reference_masks()
    {
        var (json, tokenizer) = (Vectors.Json("timestamp_rules"), Vectors.Tokenizer());
        var states = json.GetProperty("states");
        foreach (var state in states.EnumerateArray())
        {
            var name = state.GetProperty("name").GetString();
            var written = state.GetProperty("prefix").Ints()[state.GetProperty("sample_begin").GetInt32()..];
            foreach (var (limit, field) in new[] { ((int?)50, "50"), (null, "None") })
            {
                var scores = Vectors.Scores(state.GetProperty("seed").GetInt32(), 51865);
                foreach (var bump in state.GetProperty("bumps").EnumerateArray()) scores[bump[0].GetInt32()] += bump[1].GetSingle();
                DecodingRules.ApplyTimestamps(scores, written, tokenizer, limit);
                var masked = state.GetProperty($"masked_max_initial_{field}").EnumerateArray().Select(range => range.Ints()).ToList();
                for (var id = 0; id < scores.Length; id++)
                {
                    var isMasked = float.IsNegativeInfinity(scores[id]);
                    Assert.True(isMasked == masked.Exists(range => id >= range[0] && id < range[1]), $"{name}, {field}: id {id} is {(isMasked ? "" : "not ")}masked");
                }
                Assert.Equal(state.GetProperty($"argmax_max_initial_{field}").GetInt32(), Array.IndexOf(scores, scores.Max()));
            }
        }
        Assert.Equal(23, states.GetArrayLength());
    }

    [SkippableFact]
    public void Sums_of_probabilities_are_the_reference_s()
    {
        // The vectors have them of the scores as they are, before anything is masked.
        foreach (var state in Vectors.Json("timestamp_rules").GetProperty("states").EnumerateArray())
        {
            var scores = Vectors.Scores(state.GetProperty("seed").GetInt32(), 51865);
            foreach (var bump in state.GetProperty("bumps").EnumerateArray()) scores[bump[0].GetInt32()] += bump[1].GetSingle();
            var total = DecodingRules.LogSumExp(scores);
            Assert.Equal(state.GetProperty("logsumexp_timestamps").GetDouble(), DecodingRules.LogSumExp(scores.AsSpan(50364)) - total, 1e-4);
            Assert.Equal(state.GetProperty("max_text_logprob").GetDouble(), scores.AsSpan(0, 50364).ToArray().Max() - total, 1e-4);
        }
    }

    [SkippableFact]
    public void What_nobody_says_is_suppressed_and_blanks_only_at_the_beginning()
    {
        var (json, tokenizer) = (Vectors.Json("timestamp_rules"), Vectors.Tokenizer());
        Assert.Equal(json.GetProperty("non_speech_tokens").Ints(), tokenizer.NonSpeech);

        // Without timestamps' rules: a later text position, and the first, where only timestamps remain, so that the blank is looked for in the rule's own list.
        var rules = new DecodingRules(tokenizer, [-1, 77], null);
        var later = new float[51865];
        later[400] = 50; // text far likelier than all timestamps
        rules.Apply(later, [50364, 500]);
        int[] special = [tokenizer.Transcribe, tokenizer.Translate, tokenizer.Sot, tokenizer.SotPrev, tokenizer.SotLm, tokenizer.NoSpeech, tokenizer.NoTimestamps, tokenizer.TimestampBegin];
        int[] expected = [.. json.GetProperty("non_speech_tokens").Ints(), 77, .. special];
        Assert.Equal(expected.Order(), Enumerable.Range(0, 51865).Where(id => float.IsNegativeInfinity(later[id])));
        Assert.Equal([220, tokenizer.Eot], json.GetProperty("suppress_blank")[0].GetProperty("masked").EnumerateArray().Select(range => range[0].GetInt32()));
        var first = new float[51865];
        first[220] = first[tokenizer.Eot] = 50;
        rules.Apply(first, []);
        Assert.Equal((float.NegativeInfinity, float.NegativeInfinity, 0), (first[220], first[tokenizer.Eot], first[50364]));
    }

    [SkippableFact]
    public void Languages_are_detected_as_the_reference_detects_them()
    {
        var cases = Vectors.Json("language_detection").GetProperty("cases");
        foreach (var one in cases.EnumerateArray())
        {
            var tokenizer = Vectors.Tokenizer(one.GetProperty("num_languages").GetInt32());
            var scores = Vectors.Scores(one.GetProperty("seed").GetInt32(), one.GetProperty("n_vocab").GetInt32());
            scores[tokenizer.Languages["de"]] += one.GetProperty("bump_de").GetSingle();
            var (language, probabilities) = TextDecoder.LanguageOf(scores, tokenizer);
            Assert.Equal(one.GetProperty("language").GetString(), $"<|{language}|>");
            Assert.Equal(one.GetProperty("token").GetInt32(), tokenizer.Languages[language]);
            foreach (var likely in one.GetProperty("top8").EnumerateArray()) Assert.Equal(likely[1].GetDouble(), probabilities[likely[0].GetString()!], 1e-5);
            Assert.Equal(1, probabilities.Values.Sum(), 1e-6);
        }
        Assert.Equal(3, cases.GetArrayLength());
    }

    [Fact]
    public void Scores_that_are_no_numbers_are_refused_with_what_to_do()
    {
        var error = Assert.Throws<VoxMake.Speech.Recognition.RecognitionException>(() => DecodingRules.LogSumExp([1, float.NaN, 2]));
        Assert.Contains("no numbers", error.Message);
        Assert.Contains("float32", error.Try);
        Assert.Equal(double.NegativeInfinity, DecodingRules.LogSumExp([float.NegativeInfinity, float.NegativeInfinity]));
    }
}
