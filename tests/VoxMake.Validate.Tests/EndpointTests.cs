using VoxMake.Serving;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Validate.Tests;

/// <summary>The program against servers that others run, good and bad ones.</summary>
[Collection("libtorch")]
public sealed class EndpointTests
{
    /// <summary>Of the codec's decoder: what makes samples.</summary>
    private const string LastLayer = "decoder.model.7.";

    [SkippableFact]
    public async Task A_tensor_that_the_server_has_otherwise_is_found_by_the_first_token_that_differs()
    {
        using var voice = new ExportedVoice();
        using var broken = new ExportedVoice().WithWeights((name, numbers) => name == "model.layers.1.mlp.up_proj.weight" ? new float[numbers.Length] : numbers);
        await using var server = await ModelServer.Start(ServedModel.Open(broken.Model, "voice", 512, ScalarType.Float, Device.Cpu), new ServerOptions(Port: 0), new EngineLimits(), _ => { });
        var ran = await Task.Run(() => Validating.Run(voice, "--engine=endpoint", $"--endpoint={server.Address}", "--strict-speech", "false"));
        Assert.True(ran.Exit == 1, ran.Said);
        Assert.Equal(("passed", "failed", "passed"), (ran.Outcome("files.weights"), ran.Outcome("served.greedy"), ran.Outcome("served.trained")));
        Assert.Matches(@"prompt 0 \('.+'\), token \d+", (string)ran["served.greedy"]["message"]!);
        Assert.Contains("is no rounding", (string)ran["served.greedy"]["message"]!);
        Assert.Contains("a tensor is missing or another", ran.Said);
    }

    [SkippableFact]
    public void A_token_other_than_ours_is_shown_with_both_tokens_and_both_logprobs()
    {
        using var voice = new ExportedVoice();
        var said = ExportedVoice.Said.Texts[0];
        var other = said.Tokens[5] == 1100 ? 1101 : 1100;
        using var endpoint = new ScriptedEndpoint(asked => [.. said.Tokens.Take(5), other, .. said.Tokens.Skip(6).Take((int)asked["max_tokens"]! - 6)]) { Logprobs = said.Logprobs };
        var ran = Run(voice, endpoint, "--prompts", "1", "--strict-speech", "false");
        Assert.Equal(1, ran.Exit);
        Assert.Equal("failed", ran.Outcome("served.greedy"));
        Assert.Equal(5, (int)ran["served.greedy"]["figures"]!["prompts"]![0]!["first_other_token"]!);
        Assert.Matches($@"token 5: the server wrote {other} \(logprob there -?[\d.]+, here -[\d.]+\), and our own forward pass takes {said.Tokens[5]} \(here -?[\d.]+\); a margin of [\d.]+ is no rounding", (string)ran["served.greedy"]["message"]!);
    }

    [SkippableFact]
    public void Tokens_in_wrong_slots_fail_with_the_first_place_and_requests_name_no_sampling()
    {
        using var voice = new ExportedVoice();
        var ids = ExportedVoice.Ids(voice.Model);
        int[] frame = [.. Enumerable.Range(0, 7).Select(slot => ids.IdOf(slot, 3))];
        using var endpoint = new ScriptedEndpoint(_ => [.. frame, frame[0], frame[2], frame[1], .. frame, ids.EndOfSpeech]);
        var ran = Run(voice, endpoint);
        Assert.Equal(("failed", "passed"), (ran.Outcome("speech.frames"), ran.Outcome("speech.ends")));
        Assert.Contains("at position 8 is of slot 2, where slot 1 of a frame was expected", (string)ran["speech.frames"]["message"]!);
        var spoken = endpoint.Asked.Single(asked => !asked.ContainsKey("temperature"));
        Assert.Equal(["max_tokens", "model", "prompt", "return_token_ids", "seed"], spoken.Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [InlineData("length", true)]  // at the bound
    [InlineData("stop", false)]   // at a token that is no end of speech
    public void Speech_that_does_not_end_fails(string finish, bool ended)
    {
        using var voice = new ExportedVoice();
        var ids = ExportedVoice.Ids(voice.Model);
        using var endpoint = new ScriptedEndpoint(_ => [.. Enumerable.Range(0, 7).Select(slot => ids.IdOf(slot, 3)), .. ended ? new[] { ids.EndOfSpeech } : []]) { Finish = finish };
        var ran = Run(voice, endpoint);
        Assert.Equal("failed", ran.Outcome("speech.ends"));
        Assert.Contains("(1018)", (string)ran["speech.ends"]["message"]!);
    }

    [SkippableTheory]
    [InlineData(1e-9f, "is silent")]
    [InlineData(1e6f, "is clipped")]
    public void A_codec_that_makes_no_sound_or_too_much_fails(float loudness, string named)
    {
        using var voice = new ExportedVoice();
        foreach (var name in new[] { "config.json", "model.safetensors" }) File.WriteAllBytes(voice.PathOf("codec/" + name), File.ReadAllBytes(Path.Combine(ExportedVoice.Codec, name)));
        voice.With(voice.PathOf("codec/model.safetensors"), (name, numbers) => name.StartsWith(LastLayer, StringComparison.Ordinal) ? [.. numbers.Select(number => number * loudness)] : numbers);
        var ids = ExportedVoice.Ids(voice.Model);
        using var endpoint = new ScriptedEndpoint(_ => [.. Enumerable.Range(0, 7).Select(slot => ids.IdOf(slot, 3)), ids.EndOfSpeech]);
        var ran = Validating.Run(voice, voice.PathOf("codec"), [], "--engine=endpoint", $"--endpoint={endpoint.Address}");
        Assert.Equal(("passed", "failed"), (ran.Outcome("speech.frames"), ran.Outcome("speech.sound")));
        Assert.Contains(named, (string)ran["speech.sound"]["message"]!);
    }

    [SkippableFact]
    public void A_stream_of_another_text_than_the_whole_answer_fails_with_the_place()
    {
        using var voice = new ExportedVoice();
        using var endpoint = new ScriptedEndpoint(asked => asked.ContainsKey("stream") ? [5, 6, 9] : [5, 6, 7]);
        var ran = Run(voice, endpoint, "--strict-speech", "false");
        Assert.Equal("failed", ran.Outcome("served.stream"));
        Assert.Contains("token 2 is 9 in the stream and 7 in the whole answer", (string)ran["served.stream"]["message"]!);
    }

    [SkippableFact]
    public void A_server_of_another_model_or_a_shorter_context_is_named()
    {
        using var voice = new ExportedVoice();
        using (var other = new ScriptedEndpoint(_ => [1], model: "base")) Assert.Contains("the server lists [base], not voice", (string)Run(voice, other)["served.listed"]["message"]!);
        using var shorter = new ScriptedEndpoint(_ => [1], maxModelLen: 128);
        Assert.Contains("takes 128 tokens (max_model_len), and 512 are wanted", (string)Run(voice, shorter)["served.listed"]["message"]!);
    }

    [SkippableFact]
    public void Where_nobody_listens_it_says_so_when_the_time_is_over()
    {
        using var voice = new ExportedVoice();
        var ran = Validating.Run(voice, "--engine=endpoint", "--endpoint=http://127.0.0.1:9", "--timeout-s", "1");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("endpoint http://127.0.0.1:9/ does not answer at /health within 1 s", ran.Said);
    }

    private const string Key = "sk-never-shown-0123456789";

    [SkippableFact]
    public async Task A_server_that_asks_for_a_key_gets_it_from_the_environment_and_it_is_written_nowhere()
    {
        using var voice = new ExportedVoice();
        await using var server = await ModelServer.Start(ServedModel.Open(voice.Model, "voice", 512, ScalarType.Float, Device.Cpu), new ServerOptions(Port: 0, ApiKey: Key), new EngineLimits(), _ => { });
        var ran = await Task.Run(() => Validating.Run(voice, ExportedVoice.Codec, [("VOX_TEST_KEY", Key + "\n")], "--engine=endpoint", $"--endpoint={server.Address}", "--api-key-env=VOX_TEST_KEY",
            "--strict-speech=false"));
        Assert.True(ran.Exit == 0, ran.Said);
        Assert.Equal(("passed", "passed", "passed"), (ran.Outcome("served.listed"), ran.Outcome("served.greedy"), ran.Outcome("served.stream")));
        Assert.DoesNotContain(Key, ran.Said + ran.Json);
    }

    [SkippableTheory]
    [InlineData(401, """{"error":"Unauthorized"}""", true)]
    [InlineData(403, """{"error":{"message":"Incorrect API key provided: KEY"}}""", true)] // as OpenAI, but whole
    [InlineData(401, """{"error":"Unauthorized"}""", false)]
    public void A_wrong_key_and_one_that_is_missing_are_told_apart_without_showing_it(int status, string body, bool sent)
    {
        using var voice = new ExportedVoice();
        using var endpoint = new ScriptedEndpoint(_ => [1]) { Key = "another", Refusal = authorization => (status, body.Replace("KEY", authorization?["Bearer ".Length..])) };
        var ran = Validating.Run(voice, ExportedVoice.Codec, [("VOX_TEST_KEY", Key)], ["--engine=endpoint", $"--endpoint={endpoint.Address}", .. sent ? new[] { "--api-key-env=VOX_TEST_KEY" } : []]);
        Assert.Equal(1, ran.Exit);
        Assert.Contains($"the server answers {status}", (string)ran["served.answers"]["message"]!);
        Assert.Contains(sent ? "the key in the environment variable VOX_TEST_KEY (api_key_env) is wrong"
            : "it wants a key: set api_key: ${env:NAME} (by hand --api-key-env NAME)", (string)ran["served.answers"]["mend"]!);
        Assert.DoesNotContain(Key, ran.Said + ran.Json);
        Assert.Empty(endpoint.Asked);
    }

    [SkippableFact]
    public void Neither_key_nor_prompts_follow_to_where_nobody_named()
    {
        using var voice = new ExportedVoice();
        using var elsewhere = new ScriptedEndpoint(_ => [1]);
        using var endpoint = new ScriptedEndpoint(_ => [1]) { Moved = elsewhere.Address };
        var ran = Run(voice, endpoint);
        Assert.Equal(1, ran.Exit);
        Assert.Contains("the server answers 307", (string)ran["served.answers"]["message"]!);
        Assert.Contains("set the endpoint's new address", (string)ran["served.answers"]["mend"]!);
        Assert.Empty(elsewhere.Asked);
    }

    [SkippableTheory]
    [InlineData("--api-key-env=VOX_NO_SUCH_KEY", "api_key_env: the environment variable VOX_NO_SUCH_KEY holds no key: it is not set")]
    [InlineData("--endpoint=http://me:sesame@127.0.0.1:9", "nothing secret may stand in it")]
    [InlineData("--endpoint=http://127.0.0.1:9/?key=sesame", "nothing secret may stand in it")]
    [InlineData("--engine=embedded", "it is for engine endpoint, and the engine is embedded", "--api-key-env=VOX_TEST_KEY")]
    public void A_key_that_is_not_there_or_stands_where_it_may_be_seen_is_refused_before_anything_is_asked(string option, string said, string? more = null)
    {
        using var voice = new ExportedVoice();
        var options = new[] { option, more, "--engine=endpoint", "--endpoint=http://127.0.0.1:9" }.OfType<string>().DistinctBy(one => one.Split('=')[0]).ToArray();
        var ran = Validating.Run(voice, ExportedVoice.Codec, [("VOX_TEST_KEY", Key)], options);
        Assert.Equal(2, ran.Exit);
        Assert.Contains(said, ran.Said);
        Assert.DoesNotContain("sesame", ran.Said);
        Assert.Null(ran.Json);
    }

    private static Validating Run(ExportedVoice voice, ScriptedEndpoint endpoint, params string[] settings) => Validating.Run(voice, ["--engine=endpoint", $"--endpoint={endpoint.Address}",
        .. settings]);
}
