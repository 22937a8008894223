using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using VoxMake.Models.Generation;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;
using VoxMake.Serving.Speech;
using VoxMake.Speaking;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Serving.Tests.Speech;

/// <summary>A small language model that has learned two sentences, and a small random codec: what is said is known to the sample.</summary>
[Collection("libtorch")]
public sealed class SpeechTests(SpeechTests.Running running) : IClassFixture<SpeechTests.Running>
{
    private const string Text = "Guten Morgen! Wie spät ist es?";

    [SkippableTheory, InlineData("tara", 2), InlineData("leo", 1)]
    public async Task What_is_spoken_is_what_the_voice_speaks_by_itself(string voice, int repeats)
    {
        var serving = await running.Serving();
        var text = string.Join(' ', Enumerable.Repeat(Text, repeats));
        using var response = await Speak(serving, text, voice, "pcm");
        Assert.Equal("audio/pcm", response.Content.Headers.ContentType!.ToString());
        var samples = MemoryMarshal.Cast<byte, short>(await response.Content.ReadAsByteArrayAsync()).ToArray();
        var expected = await running.Expected(text, voice);
        Assert.True(samples.Length > 8000);
        Assert.Equal(expected.Length, samples.Length);
        for (var i = 0; i < samples.Length; i++) Assert.True(Math.Abs(expected[i] * 32768 - samples[i]) <= 1.5, $"sample {i}: {samples[i]} for {expected[i]}");
    }

    [SkippableTheory, InlineData("wav", "audio/wav", "RIFF"), InlineData("flac", "audio/flac", "fLaC"), InlineData("opus", "audio/ogg", "OggS"), InlineData("mp3", "audio/mpeg", "ID3"),
        InlineData(null, "audio/mpeg", "ID3")]
    public async Task Each_format_is_what_it_says_and_says_that_it_is_synthetic(string? format, string type, string magic)
    {
        var serving = await running.Serving();
        using var response = await Speak(serving, Text, "tara", format);
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(magic, Encoding.ASCII.GetString(bytes, 0, magic.Length));
        Assert.True(bytes.AsSpan().IndexOf("synthetic speech, made by VoxMake"u8) is > 0 and < 1000);
    }

    [SkippableFact]
    public async Task A_wave_file_can_be_read_though_its_header_does_not_know_its_length()
    {
        var serving = await running.Serving();
        using var response = await Speak(serving, Text, "tara", "wav");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var data = bytes.AsSpan().IndexOf("data"u8);
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(data + 4)));
        Assert.Equal(24000, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(24)));
        Assert.Equal(2 * (await running.Expected(Text, "tara")).Length, bytes.Length - data - 8);
    }

    [SkippableFact]
    public async Task Events_hold_the_same_sound_and_end_with_what_was_used()
    {
        var serving = await running.Serving();
        using var whole = await Speak(serving, Text, "leo", "pcm");
        using var response = await Speak(serving, Text, "leo", "pcm", "\"stream_format\": \"sse\"");
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(data =>
            JsonSerializer.Deserialize<JsonElement>(data["data: ".Length..])).ToList();
        Assert.True(events.Count > 2, "sound came in one piece");
        Assert.All(events[..^1], delta => Assert.Equal("speech.audio.delta", delta.GetProperty("type").GetString()));
        Assert.Equal(await whole.Content.ReadAsByteArrayAsync(), events[..^1].SelectMany(delta => delta.GetProperty("audio").GetBytesFromBase64()));
        Assert.Equal("speech.audio.done", events[^1].GetProperty("type").GetString());
        Assert.Equal("""{"input_tokens":21,"output_tokens":43,"total_tokens":64}""", events[^1].GetProperty("usage").GetRawText()); // as many as golden/orpheus/e2e has for it
    }

    [SkippableFact]
    public async Task Sound_is_sent_while_the_model_still_speaks()
    {
        await using var serving = await running.Start();
        using var content = Body(string.Concat(Enumerable.Repeat(Text + " ", 100)), "tara", "pcm", "");
        using var response = await serving.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/audio/speech") { Content = content }, HttpCompletionOption.ResponseHeadersRead);
        using var sound = await response.Content.ReadAsStreamAsync();
        await sound.ReadExactlyAsync(new byte[4096]); // one frame
        Assert.Equal(1, await serving.Metric("vox:time_to_first_audio_seconds_count"));
        Assert.Equal(0, await serving.Metric("vllm:e2e_request_latency_seconds_count"));
        var tokens = await serving.Metric("vllm:prompt_tokens_total");
        await sound.ReadExactlyAsync(new byte[400_000]);
        Assert.True(await serving.Metric("vllm:prompt_tokens_total") > tokens, "the later pieces were read before the first was heard");
    }

    [SkippableFact]
    public async Task A_long_text_is_spoken_in_pieces_and_the_same_seed_is_the_same_sound()
    {
        var serving = await running.Serving();
        var text = string.Concat(Enumerable.Repeat(Text + " ", 25)); // 775 characters: three pieces
        async Task<byte[]> Ask(int seed)
        {
            using var response = await serving.Post("/v1/audio/speech", $$"""{"input": "{{text}}", "voice": "tara", "response_format": "pcm", "temperature": 1, "seed": {{seed}}}""");
            return await response.Content.ReadAsByteArrayAsync();
        }
        var first = await Ask(1);
        Assert.Equal(first, await Ask(1));
        Assert.NotEqual(first, await Ask(2));
        Assert.True(first.Length > 100_000);
    }

    [SkippableTheory]
    [InlineData("\"voice\": \"nobody\"", "voice", "this model has tara, leo")]
    [InlineData("\"voice\": {\"id\": \"nobody\"}", "voice", "this model has tara, leo")]
    [InlineData("\"voice\": {}", "body.voice.id", "missing")]
    [InlineData("\"voice\": 5", "body.voice", "string_type")]
    [InlineData("\"voice\": null", "body.voice", "missing")]
    [InlineData("\"input\": \"\"", "input", "nothing to say")]
    [InlineData("\"input\": \" \\n\"", "input", "nothing to say")]
    [InlineData("\"input\": null", "body.input", "missing")]
    [InlineData("\"input\": \"a <giggles> b\"", "input", "<giggles>")]
    [InlineData("\"response_format\": \"aac\"", "response_format", "expected mp3, opus, flac, wav, pcm")]
    [InlineData("\"speed\": 1.5", "speed", "its own speed")]
    [InlineData("\"speed\": 5", "speed", "[0.25, 4]")]
    [InlineData("\"stream_format\": \"raw\"", "stream_format", "audio or sse")]
    [InlineData("\"instructions\": \"whisper\"", "instructions", "not supported")]
    [InlineData("\"temperature\": 3", "temperature", "[0, 2]")]
    public async Task What_cannot_be_spoken_is_refused_with_the_field(string field, string param, string said)
    {
        var serving = await running.Serving();
        using var response = await serving.Post("/v1/audio/speech", $$"""{"input": "Hello", "voice": "tara", {{field}}}""");
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((400, param), ((int)response.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains(said, error.GetProperty("message").GetString());
    }

    [SkippableFact]
    public async Task A_text_of_4096_characters_is_taken_and_one_more_is_not()
    {
        var serving = await running.Serving();
        using var long1 = await serving.Post("/v1/audio/speech", $$"""{"input": "{{new string('a', 4097)}}", "voice": "tara"}""");
        var error = JsonSerializer.Deserialize<JsonElement>(await long1.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((400, "input"), ((int)long1.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains("4097 characters; at most 4096", error.GetProperty("message").GetString());
        var voices = running.Speaker.Voices;
        using var fits = JsonDocument.Parse($$"""{"input": "{{string.Concat(Enumerable.Repeat("😀", 4096))}}", "voice": "tara"}"""); // two UTF-16 units each
        Assert.Equal(2 * 4096, SpeechRequest.Read(fits.RootElement, running.Model, voices).Input.Length);
    }

    [SkippableFact]
    public async Task A_voice_may_be_an_object_and_voices_are_listed()
    {
        var serving = await running.Serving();
        using var response = await serving.Post("/v1/audio/speech",
            $$"""{"input": "{{Text}}", "voice": {"id": "leo"}, "response_format": "pcm", "temperature": 0, "repetition_penalty": 1, "model": "speaker"}""");
        Assert.Equal(2 * (await running.Expected(Text, "leo")).Length, (await response.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal("""{"voices":[{"id":"tara","name":"Tara"},{"id":"leo","name":"leo"}]}""", await serving.Client.GetStringAsync("/v1/audio/voices"));
    }

    [SkippableFact]
    public async Task A_client_that_leaves_ends_the_speech()
    {
        await using var serving = await running.Start();
        using (var content = Body(string.Concat(Enumerable.Repeat(Text + " ", 100)), "tara", "pcm", ""))
        using (var response = await serving.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/audio/speech") { Content = content }, HttpCompletionOption.ResponseHeadersRead))
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[4096]);
        await Serving.Until(async () => await serving.Metric("vllm:num_requests_running") + await serving.Metric("vllm:num_requests_waiting") == 0, "the speech has ended");
        Assert.Empty(serving.Log);
    }

    [SkippableFact]
    public void Voices_are_those_that_are_named_else_those_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("voices.json: there is none", Assert.Throws<Models.ModelException>(() => SpeakerVoices.Of(null, folder.Path)).Message);
        File.WriteAllText(folder.File("voices.json"), "[\"tara\"]");
        Assert.Equal(["tara"], SpeakerVoices.Of(null, folder.Path).Select(voice => voice.Id));
        Assert.Equal(["leo"], SpeakerVoices.Of(["leo"], folder.Path).Select(voice => voice.Id));
        Assert.Contains("--voices: voice 1: 'a: b' cannot be a voice's name", Assert.Throws<Models.ModelException>(() => SpeakerVoices.Of(["a: b"], folder.Path)).Message);
    }

    private static StringContent Body(string text, string voice, string? format, string more)
    {
        var fields = (format is null ? "" : $", \"response_format\": \"{format}\"") + (more == "" ? "" : ", " + more);
        return new StringContent($$"""{"input": "{{text}}", "voice": "{{voice}}", "temperature": 0, "repetition_penalty": 1{{fields}}}""", Encoding.UTF8, "application/json");
    }

    private static async Task<HttpResponseMessage> Speak(Serving serving, string text, string voice, string? format, string more = "")
    {
        using var content = Body(text, voice, format, more);
        var response = await serving.Client.PostAsync("/v1/audio/speech", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response;
    }

    public sealed class Running : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private Serving? _serving;

        internal ServedModel Model { get; private set; } = null!;
        internal SpeakerModel Speaker { get; private set; } = null!;

        internal async Task<Serving> Serving() => _serving ??= await Start();

        internal Task<Serving> Start(ServerOptions? options = null, EngineLimits? limits = null)
        {
            NeedsTorch.OrSkip();
            if (Model is null)
            {
                foreach (var name in new[] { "e2e/config.json", "e2e/generation_config.json", "e2e/model.safetensors", "tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json" })
                    File.Copy(TestFiles.Golden($"orpheus/{name}"), _folder.File(Path.GetFileName(name)));
                File.WriteAllText(_folder.File("voices.json"), """[{"id": "tara", "name": "Tara"}, "leo"]""");
                Model = ServedModel.Open(_folder.Path, "speaker", null, ScalarType.Float, Device.Cpu);
                var codec = Path.GetDirectoryName(TestFiles.Golden("orpheus/snac/config.json"))!;
                Speaker = SpeakerModel.Open(codec, _folder.Path, Model, SpeakerVoices.Of(null, _folder.Path), Device.Cpu) with { Sound = new SoundRules(Noise: false) };
            }
            return Tests.Serving.Start(options, limits, Model, Speaker);
        }

        /// <summary>What the voice speaks with a plain driver.</summary>
        internal Task<float[]> Expected(string text, string voice)
        {
            var request = new SpeakRequest(text, voice, Sampling: new SamplingOptions(RepetitionPenalty: 1), Sound: Speaker.Sound);
            return Speaker.Voice.Speak(request, OrpheusSpeaker.Driver(Model.Network)).ReadAll();
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (_serving is not null) await _serving.DisposeAsync();
            _folder.Dispose();
        }
    }
}
