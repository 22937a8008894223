using System.Text.Json;
using VoxMake.Serving.Api;
using VoxMake.Torch.Tests;

namespace VoxMake.Serving.Tests.Api;

/// <summary>What the recorded exchanges do not hold.</summary>
[Collection("libtorch")]
public sealed class CompletionTests(ExchangeGoldenTests.Running running) : IClassFixture<ExchangeGoldenTests.Running>
{
    private const string Greedy = "\"temperature\": 0, \"max_tokens\": 4";

    [SkippableTheory]
    [InlineData("\"max_tokens\": \"4\", \"temperature\": \"0\"")]
    [InlineData("\"max_tokens\": 4.0, \"temperature\": 0, \"stream\": \"false\"")]
    [InlineData("\"max_tokens\": 4, \"temperature\": false, \"echo\": 0")]
    [InlineData("\"max_tokens\": 4, \"temperature\": 0, \"stop\": null, \"n\": true, \"logit_bias\": null")]
    public async Task Values_are_read_as_pydantic_reads_them(string fields)
    {
        var serving = await running.Serving();
        Assert.Equal("<|audio_467|><|audio_436|><|audio_303|><|audio_588|>", (await serving.Choice(fields)).GetProperty("text").GetString());
    }

    [SkippableTheory]
    [InlineData("\"prompt\": [1, -1]", "6 validation errors:\n  {'type': 'greater_than_equal', 'loc': 'body.prompt.1', " +
        "'msg': 'Input should be greater than or equal to 0', 'input': '-1'}\n  {'type': 'list_type', 'loc': 'body.prompt.0'")]
    [InlineData("\"prompt\": 5", "{'type': 'list_type', 'loc': 'body.prompt', 'msg': 'Input should be a valid list', 'input': '5'}")]
    [InlineData("\"stream\": \"perhaps\"", "{'type': 'bool_parsing', 'loc': 'body.stream'")]
    [InlineData("\"stop\": [\"a\", \"b\", \"c\", \"d\", \"e\"]", "'too_long', 'loc': 'body.stop'")]
    [InlineData("\"stop\": [1]", "'string_type', 'loc': 'body.stop.0'")]
    [InlineData("\"logit_bias\": {\"7\": \"much\"}", "'float_parsing', 'loc': 'body.logit_bias.7'")]
    [InlineData("\"seed\": 99999999999999999999", "'int_parsing_size', 'loc': 'body.seed'")]
    [InlineData("\"top_p\": 1e999", "'finite_number', 'loc': 'body.top_p'")]
    [InlineData("\"model\": 7", "'string_type', 'loc': 'body.model'")]
    [InlineData("\"truncation_side\": \"up\"", "'literal_error', 'loc': 'body.truncation_side'")]
    [InlineData("\"max_tokens\": \"it's\"", "'input': \"it's\"")]
    public async Task A_field_of_another_kind_is_named_with_its_place(string field, string expected)
    {
        var serving = await running.Serving();
        var error = await serving.Error(400, field);
        Assert.Equal("Bad Request", error.GetProperty("type").GetString());
        Assert.Contains(expected, error.GetProperty("message").GetString());
    }

    [SkippableTheory]
    [InlineData("\"stream_options\": {\"include_usage\": true}", "stream_options")]
    [InlineData("\"stream\": true, \"prompt_logprobs\": 1", "prompt_logprobs")]
    [InlineData("\"prompt_logprobs\": 21", "prompt_logprobs")]
    [InlineData("\"logprobs\": -1", "logprobs")]
    [InlineData("\"presence_penalty\": 3", null)]
    [InlineData("\"min_tokens\": 17", "min_tokens")]
    [InlineData("\"stop\": [\"\"]", null)]
    [InlineData("\"prompt\": [[1], []]", null)]
    [InlineData("\"allowed_token_ids\": [1000]", "allowed_token_ids")]
    [InlineData("\"logit_bias\": {\"x\": 1}", "logit_bias")]
    [InlineData("\"truncate_prompt_tokens\": 129", "truncate_prompt_tokens")]
    [InlineData("\"n\": 1000000, \"temperature\": 1", "n")]
    [InlineData("\"prompt\": [[1], [2]], \"n\": 9223372036854775807, \"temperature\": 1", "n")]
    [InlineData("\"bad_words\": [\"x\"]", "bad_words")]
    [InlineData("\"response_format\": {\"type\": \"json_object\"}", "response_format")]
    [InlineData("\"request_id\": \"a\\r\\nb\"", "request_id")]
    [InlineData("\"prompt\": \"\\ud800\"", "body.prompt")]
    public async Task What_cannot_be_done_is_refused_with_the_field(string field, string? param)
    {
        var serving = await running.Serving();
        var error = await serving.Error(400, field);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal(400, error.GetProperty("code").GetInt32());
    }

    [SkippableTheory, InlineData(1600, 20, true), InlineData(1700, 20, false), InlineData(20000, 0, true)]
    public void What_one_answer_may_gather_is_bounded(int n, int logprobs, bool taken)
    {
        NeedsTorch.OrSkip();
        using var body = JsonDocument.Parse($$"""{"prompt": [1, 5, 6, 7], "n": {{n}}, "max_tokens": 115, "logprobs": {{logprobs}}, "temperature": 1}""");
        var request = CompletionRequest.Read(body.RootElement);
        if (taken) Assert.Equal(n, CompletionPlan.Of(request, Serving.Model, mostTexts: 100_000).Tasks.Count);
        else Assert.Contains("at most 4000000", Assert.Throws<ApiException>(() => CompletionPlan.Of(request, Serving.Model, mostTexts: 100_000)).Message);
    }

    [SkippableFact]
    public async Task A_text_prompt_comes_back_before_the_text_when_echo_is_on()
    {
        var serving = await running.Serving();
        var plain = await serving.Choice($"{Greedy}, \"logprobs\": 0", "\"Hello\"");
        var echo = await serving.Choice($"{Greedy}, \"logprobs\": 0, \"echo\": true", "\"Hello\"");
        Assert.Equal("Hello" + plain.GetProperty("text").GetString(), echo.GetProperty("text").GetString());
        Assert.Equal(9, echo.GetProperty("logprobs").GetProperty("tokens").GetArrayLength());
        Assert.Equal("[0,1,2,3,4,5", echo.GetProperty("logprobs").GetProperty("text_offset").GetRawText()[..12]);
    }

    [SkippableFact]
    public async Task The_prompt_alone_is_scored_with_echo_and_no_tokens()
    {
        var serving = await running.Serving();
        var (_, body) = await serving.Complete("\"max_tokens\": 0, \"echo\": true, \"logprobs\": 1, \"temperature\": 0", "\"Hello\"");
        var choice = body.GetProperty("choices")[0];
        Assert.Equal("Hello", choice.GetProperty("text").GetString());
        Assert.Equal(5, choice.GetProperty("logprobs").GetProperty("tokens").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").GetProperty("token_logprobs")[0].ValueKind);
        Assert.Equal(0, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [SkippableTheory]
    [InlineData("[\"io_436|><|aud\"]", false, "<|audio_467|><|aud", "io_436|><|aud")]
    [InlineData("\"|audio_303\"", true, "<|audio_467|><|audio_436|><|audio_303", "|audio_303")]
    [InlineData("[\"nothing\", \"303\"]", false, "<|audio_467|><|audio_436|><|audio_", "303")]
    public async Task A_stop_string_ends_a_text_wherever_tokens_end_and_a_stream_says_the_same(string stop, bool include, string text, string reason)
    {
        var serving = await running.Serving();
        var fields = $"\"temperature\": 0, \"max_tokens\": 16, \"stop\": {stop}, \"include_stop_str_in_output\": {(include ? "true" : "false")}";
        var choice = await serving.Choice(fields);
        Assert.Equal((text, "stop", reason), (choice.GetProperty("text").GetString(), choice.GetProperty("finish_reason").GetString(), choice.GetProperty("stop_reason").GetString()));
        using var response = await serving.Post("/v1/completions", $$"""{"prompt": [1, 5, 6, 7], {{fields}}, "stream": true}""");
        var chunks = (await response.Content.ReadAsStringAsync()).Split("\n\n")[..^2].Select(data => JsonSerializer.Deserialize<JsonElement>(data[6..]).GetProperty("choices")[0]).ToList();
        Assert.Equal(text, string.Concat(chunks.Select(chunk => chunk.GetProperty("text").GetString())));
        Assert.Equal(reason, chunks[^1].GetProperty("stop_reason").GetString());
    }

    [SkippableFact]
    public async Task A_stop_string_within_the_least_tokens_does_not_count()
    {
        var serving = await running.Serving();
        var choice = await serving.Choice("\"temperature\": 0, \"max_tokens\": 5, \"min_tokens\": 3, \"stop\": [\"<|audio_436|>\", \"588\"]");
        Assert.Equal("588", choice.GetProperty("stop_reason").GetString());
    }

    [SkippableFact]
    public async Task Of_several_texts_each_stops_by_itself()
    {
        var serving = await running.Serving();
        var (_, body) = await serving.Complete("\"temperature\": 0, \"max_tokens\": 6, \"stop\": \"237\", \"return_token_ids\": true", "[[1, 5], [1, 6, 7]]");
        var choices = body.GetProperty("choices");
        Assert.Equal(("length", 6), (choices[0].GetProperty("finish_reason").GetString(), choices[0].GetProperty("token_ids").GetArrayLength()));
        Assert.Equal(("stop", 2), (choices[1].GetProperty("finish_reason").GetString(), choices[1].GetProperty("token_ids").GetArrayLength()));
        Assert.Equal(8, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [SkippableFact]
    public async Task A_character_of_several_tokens_comes_when_it_is_whole()
    {
        var serving = await running.Serving();
        var bytes = "é"u8.ToArray().Select(value => Serving.Model.Tokenizer.Encode("é", false)).First();
        Assert.Equal(2, bytes.Length); // the tokenizer has no merge for it
        var forced = $"\"temperature\": 0, \"max_tokens\": 1, \"allowed_token_ids\": [{bytes[0]}]";
        Assert.Equal("", (await serving.Choice(forced)).GetProperty("text").GetString());
        var finished = $"\"temperature\": 0, \"max_tokens\": 1, \"allowed_token_ids\": [{bytes[1]}]";
        Assert.Equal("é", (await serving.Choice(finished, $"[1, 5, {bytes[0]}]")).GetProperty("text").GetString());
    }

    [SkippableTheory, InlineData("presence_penalty"), InlineData("frequency_penalty")]
    public async Task Penalties_keep_tokens_from_coming_again(string penalty)
    {
        var serving = await running.Serving();
        var fields = "\"temperature\": 0, \"max_tokens\": 16, \"allowed_token_ids\": [300, 301, 302, 303, 304, 305, 306, 307], \"return_token_ids\": true";
        static int Distinct(JsonElement choice) => choice.GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt32()).Distinct().Count();
        Assert.Equal(3, Distinct(await serving.Choice(fields)));
        Assert.Equal(8, Distinct(await serving.Choice($"{fields}, \"{penalty}\": 2")));
    }

    [SkippableFact]
    public async Task Right_truncation_keeps_the_beginning_and_minus_one_what_leaves_room()
    {
        var serving = await running.Serving();
        var prompt = $"[{string.Join(',', Enumerable.Range(5, 200))}]";
        var right = await serving.Choice($"{Greedy}, \"truncate_prompt_tokens\": 3, \"truncation_side\": \"right\", \"return_token_ids\": true", prompt);
        Assert.Equal("[5,6,7]", right.GetProperty("prompt_token_ids").GetRawText());
        var rest = await serving.Choice($"{Greedy}, \"truncate_prompt_tokens\": -1, \"return_token_ids\": true", prompt);
        Assert.Equal((124, 4), (rest.GetProperty("prompt_token_ids").GetArrayLength(), rest.GetProperty("token_ids").GetArrayLength()));
    }

    [SkippableFact]
    public async Task A_text_that_cannot_fit_is_refused_before_it_is_encoded()
    {
        var serving = await running.Serving();
        var error = await serving.Error(400, Greedy, $"\"{new string('a', 3_000_000)}\"");
        Assert.Contains("your prompt contains at least 129 input tokens", error.GetProperty("message").GetString());
    }

    [SkippableTheory]
    [InlineData("{\"prompt\": [1, 5", "json_invalid")]
    [InlineData("[1]", "model_attributes_type")]
    [InlineData("\"prompt\"", "model_attributes_type")]
    [InlineData("{\"prompt\": NaN}", "json_invalid")]
    [InlineData("{\"a\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "json_invalid")]
    public async Task A_body_that_is_no_object_is_refused(string body, string type)
    {
        var serving = await running.Serving();
        using var response = await serving.Post("/v1/completions", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"'type': '{type}'", text);
        Assert.DoesNotContain("   at ", text);
    }

    [SkippableFact]
    public async Task Tokens_and_texts_are_turned_into_each_other()
    {
        var serving = await running.Serving();
        using var tokens = await serving.Post("/tokenize", """{"prompt": "Hé <|audio_3|>"}""");
        var ids = JsonSerializer.Deserialize<JsonElement>(await tokens.Content.ReadAsStringAsync()).GetProperty("tokens").GetRawText();
        using var text = await serving.Post("/detokenize", $$"""{"tokens": {{ids}}}""");
        Assert.Equal("Hé <|audio_3|>", JsonSerializer.Deserialize<JsonElement>(await text.Content.ReadAsStringAsync()).GetProperty("prompt").GetString());
        foreach (var (path, body) in new[] { ("/detokenize", """{"tokens": [1000]}"""), ("/detokenize", "{}"), ("/tokenize", """{"prompt": 4}""") })
        {
            using var bad = await serving.Post(path, body);
            Assert.Equal(400, (int)bad.StatusCode);
        }
    }
}
