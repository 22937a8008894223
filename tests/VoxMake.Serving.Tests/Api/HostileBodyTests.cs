using System.Text;

namespace VoxMake.Serving.Tests.Api;

/// <summary>Requests that were damaged at random are answered, and never by a fault of the server.</summary>
[Collection("libtorch")]
public sealed class HostileBodyTests
{
    private const int Requests = 1500;

    private static readonly string[] Values = ["null", "-1", "0", "1e400", "1.5", "9223372036854775808", "9223372036854775807", "-9223372036854775808", "\"\"", "\"\\ud800\"", "[]", "{}", "[[]]",
        "[null]", "true", "\"x\"", "[1e9]", "{\"a\":{}}",
        "\"\\u0000\""];

    private static readonly string[] Fields =
    [
        "model", "prompt", "echo", "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "n", "presence_penalty", "seed", "stop", "stream", "stream_options", "suffix", "temperature",
        "top_p", "top_k", "min_p", "repetition_penalty", "stop_token_ids", "include_stop_str_in_output", "ignore_eos", "min_tokens", "skip_special_tokens", "truncate_prompt_tokens",
        "truncation_side", "allowed_token_ids",
        "prompt_logprobs",
        "add_special_tokens", "request_id", "return_token_ids", "return_tokens_as_token_ids", "response_format", "tokens", "return_token_strs",
    ];

    [SkippableFact]
    public async Task Damaged_requests_get_an_answer_that_is_theirs()
    {
        await using var serving = await Serving.Start();
        var random = new Random(7);
        var paths = new[] { "/v1/completions", "/v1/completions", "/v1/completions", "/tokenize", "/detokenize" };
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            var fields = new List<string> { "\"prompt\": [1, 5, 6, 7]", "\"max_tokens\": 2", "\"tokens\": [1, 5]" };
            for (var n = random.Next(1, 4); n > 0; n--) fields.Add($"\"{Fields[random.Next(Fields.Length)]}\": {Values[random.Next(Values.Length)]}");
            var body = $"{{{string.Join(", ", fields)}}}";
            if (random.Next(4) == 0)
            {
                var bytes = Encoding.UTF8.GetBytes(body);
                for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
                body = Encoding.UTF8.GetString(bytes);
            }
            using var response = await serving.Post(paths[random.Next(paths.Length)], body);
            var status = (int)response.StatusCode;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            Assert.True(status is 200 or 400 or 404, $"{status} for {body}: {await response.Content.ReadAsStringAsync()}");
        }
        Assert.Empty(serving.Log);
        Assert.True(statuses[200] > 50 && statuses[400] > 50, string.Join(", ", statuses));
    }
}
