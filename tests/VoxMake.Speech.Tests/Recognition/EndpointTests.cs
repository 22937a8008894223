using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Secrets;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Endpoint;

namespace VoxMake.Speech.Tests.Recognition;

/// <summary>A server elsewhere as an engine: what is sent, what is believed, and what is done when it does not answer as it should.</summary>
public class EndpointTests
{
    private const string Key = "sk-secret-0123456789", Variable = "VOX_TEST_TRANSCRIPTION_KEY";

    public EndpointTests() => Environment.SetEnvironmentVariable(Variable, Key);

    private static float[] Sound(double seconds) => [.. Enumerable.Range(0, (int)(seconds * 16_000)).Select(i => 0.1f * MathF.Sin(i * 0.05f))];

    private static EndpointSettings Settings(TranscriptionServer server) => new(server.Address, "whisper-1", new Secret(Variable)) { FirstDelay = TimeSpan.FromMilliseconds(5), Timeout = TimeSpan.FromSeconds(20) };

    private static Transcript Recognize(EndpointSettings settings, float[]? sound = null, IReadOnlyList<SpeechSpan>? speech = null)
    {
        using var recognizer = new EndpointRecognizer(settings);
        return recognizer.Recognize(sound ?? Sound(2), speech ?? [], CancellationToken.None);
    }

    private static RecognitionException Refused(Func<Sent, int, IResult> answer, Func<EndpointSettings, EndpointSettings>? with = null)
    {
        using var server = new TranscriptionServer(answer);
        return Assert.Throws<RecognitionException>(() => Recognize(with is null ? Settings(server) : with(Settings(server))));
    }

    [Fact]
    public void A_recording_is_sent_as_the_api_wants_it()
    {
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, "hello"));
        var heard = Recognize(Settings(server) with { Language = "de-AT", WordTimestamps = true });
        var sent = Assert.Single(server.Asked);
        Assert.Equal(("/v1/audio/transcriptions", "Bearer " + Key), (sent.Path, sent.Authorization));
        Assert.Equal(["whisper-1", "de", "verbose_json", "0"], new[] { "model", "language", "response_format", "temperature" }.Select(name => sent.Fields[name].Single()));
        Assert.Equal(["word", "segment"], sent.Fields["timestamp_granularities[]"]);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("sent.wav"), sent.Wav);
        using var reader = AudioFile.Open(folder.File("sent.wav"));
        Assert.Equal((16_000, 1, 32_000L), (reader.Format.SampleRate, reader.Format.Channels, reader.Frames!.Value));
        Assert.Equal(("hello", "de-AT", 2.0), (heard.Text, heard.Language, heard.Duration));
    }

    [Theory]
    [InlineData("http://h", "http://h/v1/audio/transcriptions")]
    [InlineData("https://api.openai.com/v1/", "https://api.openai.com/v1/audio/transcriptions")]
    [InlineData("http://h:8000/openai/v1/audio/transcriptions?api-version=1", "http://h:8000/openai/v1/audio/transcriptions?api-version=1")]
    public void Addresses_are_taken_as_people_write_them(string address, string expected) => Assert.Equal(new Uri(expected), new EndpointSettings(new Uri(address), "m").Transcriptions);

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:secret@h/v1")]
    public void Other_addresses_are_refused(string address) => Assert.Throws<RecognitionException>(() => new EndpointSettings(new Uri(address), "m").Transcriptions);

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void What_may_pass_is_tried_again(int status)
    {
        using var server = new TranscriptionServer((sent, number) => number < 3 ? TranscriptionServer.Error(status, "busy") : TranscriptionServer.Verbose(sent, "at last"));
        Assert.Equal("at last", Recognize(Settings(server)).Text);
        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task The_server_says_how_long_to_wait_and_all_threads_do()
    {
        using var server = new TranscriptionServer((sent, number) => number == 1 ? new Answer(429, "text/plain", "slow down", RetryAfter: "1") : TranscriptionServer.Verbose(sent, "fine"));
        using var recognizer = new EndpointRecognizer(Settings(server));
        var first = Task.Run(() => recognizer.Recognize(Sound(1), [], CancellationToken.None));
        SpinWait.SpinUntil(() => server.Asked.Count > 0, TimeSpan.FromSeconds(10));
        await Task.Delay(200); // the answer has come by now
        recognizer.Recognize(Sound(1), [], CancellationToken.None);
        await first;
        Assert.Equal(3, server.Asked.Count);
        Assert.All(server.Asked.Skip(1), sent => Assert.InRange((sent.At - server.Asked[0].At).TotalSeconds, 0.95, 30));
    }

    [Fact]
    public void No_wait_is_longer_than_allowed_whatever_the_server_asks()
    {
        using var server = new TranscriptionServer((sent, number) => number == 1 ? new Answer(503, "text/plain", "", RetryAfter: "86400") : TranscriptionServer.Verbose(sent, "fine"));
        Assert.Equal("fine", Recognize(Settings(server) with { LongestDelay = TimeSpan.FromMilliseconds(50) }).Text);
    }

    [Fact]
    public void After_the_last_attempt_the_recording_fails_and_not_the_batch()
    {
        using var server = new TranscriptionServer((_, _) => TranscriptionServer.Error(500, "oops"));
        var error = Assert.Throws<RecognitionException>(() => Recognize(Settings(server) with { Attempts = 3 }));
        Assert.Equal((3, false), (server.Asked.Count, error.IsHopeless));
        Assert.Contains("it answered 500: oops", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_does_not_answer_in_time_is_left()
    {
        var error = Refused((_, _) => new Answer(200, "application/json", "{}", Wait: TimeSpan.FromSeconds(60)), settings => settings with { Attempts = 2, Timeout = TimeSpan.FromMilliseconds(300) });
        Assert.Contains("did not answer in time", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsHopeless);
    }

    [Fact]
    public void Whoever_is_asked_to_stop_stops_in_the_middle_of_waiting()
    {
        using var server = new TranscriptionServer((_, _) => new Answer(503, "text/plain", "", RetryAfter: "60"));
        using var recognizer = new EndpointRecognizer(Settings(server));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var time = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => recognizer.Recognize(Sound(1), [], stop.Token));
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Requests_keep_to_the_rate()
    {
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, "x"));
        using var recognizer = new EndpointRecognizer(Settings(server) with { RequestsPerMinute = 600 });
        var time = Stopwatch.StartNew();
        for (var i = 0; i < 5; i++) recognizer.Recognize(Sound(1), [], CancellationToken.None);
        Assert.True(time.Elapsed.TotalSeconds > 0.38, $"five requests at ten a second took {time.Elapsed.TotalSeconds} s");
    }

    [Fact]
    public void All_threads_share_the_rate()
    {
        var pace = new RequestPace(600, TimeProvider.System);
        var (time, turns) = (Stopwatch.StartNew(), new List<double>());
        var threads = Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            pace.Wait(CancellationToken.None);
            lock (turns) turns.Add(time.Elapsed.TotalSeconds);
        })).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(turns.Order().Select((at, turn) => (at, turn)), one => Assert.True(one.at > one.turn * 0.1 - 0.02, $"turn {one.turn} came after {one.at} s"));
    }

    [Theory]
    [InlineData(401, "Incorrect API key provided: " + Key, "x", "api_key_env")]
    [InlineData(403, "not for you", "x", "api_key_env")]
    [InlineData(402, "pay", "x", "credit")]
    [InlineData(429, "You exceeded your current quota", "insufficient_quota", "credit")]
    [InlineData(404, "The model `whisper-1` does not exist", "model_not_found", "endpoint_model")]
    [InlineData(400, "Invalid model: whisper-1", "x", "endpoint_model")]
    [InlineData(404, "Not Found", "x", "address")]
    [InlineData(307, "elsewhere", "x", "new address")]
    public void What_no_recording_will_change_stops_the_batch_in_words_without_the_key(int status, string message, string code, string advice)
    {
        var asked = 0;
        var error = Refused((_, number) =>
        {
            asked = number;
            return TranscriptionServer.Error(status, message, code);
        });
        Assert.True(error.IsHopeless);
        Assert.Equal(1, asked);
        Assert.Contains(advice, error.Try, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.Message + error.Try, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "Audio file might be corrupted or unsupported")]
    [InlineData(413, "Maximum content size limit exceeded")]
    [InlineData(422, "bad audio")]
    public void What_is_wrong_with_one_recording_fails_that_one_at_once(int status, string message)
    {
        var asked = 0;
        var error = Refused((_, number) =>
        {
            asked = number;
            return TranscriptionServer.Error(status, message);
        });
        Assert.Equal((false, 1), (error.IsHopeless, asked));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_answers_the_batch_stops()
    {
        Uri address;
        using (var server = new TranscriptionServer((_, _) => Results.Ok())) address = server.Address;
        var error = Assert.Throws<RecognitionException>(() => Recognize(new EndpointSettings(address, "m") { Attempts = 2, FirstDelay = TimeSpan.FromMilliseconds(5) }));
        Assert.True(error.IsHopeless);
        Assert.Contains("nobody answers there", error.Try, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_knows_no_verbose_answers_is_asked_for_less_and_only_once()
    {
        using var server = new TranscriptionServer((sent, _) => sent switch
        {
            { Form: "text" } => new Answer(200, "text/plain", " just text \n"),
            { Form: "json" } => TranscriptionServer.Error(400, "response_format 'json' is not supported"),
            _ when sent.Fields.ContainsKey("timestamp_granularities[]") => TranscriptionServer.Error(400, "timestamp_granularities are not supported"),
            _ => TranscriptionServer.Error(422, "unknown response_format verbose_json"),
        });
        using var recognizer = new EndpointRecognizer(Settings(server) with { WordTimestamps = true });
        var heard = recognizer.Recognize(Sound(2), [], CancellationToken.None);
        Assert.Equal(("just text", 2.0), (heard.Text, Assert.Single(heard.Segments).End));
        recognizer.Recognize(Sound(2), [], CancellationToken.None);
        Assert.Equal(["verbose_json", "verbose_json", "json", "text", "text"], server.Asked.Select(sent => sent.Form));
    }

    [Theory]
    [InlineData("text/html", "<!DOCTYPE html><html>Sign in</html>", "page for people")]
    [InlineData("application/json", "  <html>", "page for people")]
    [InlineData("application/json", "{\"text\":\"a\",\"segments\":[{\"start\":-5,\"end\":1,\"text\":\"a\"}]}", "segments[0].start is -5")]
    [InlineData("application/json", "{\"text\":[1]}", "text: expected text, found an array")]
    [InlineData("application/json", "", "it is no JSON")]
    [InlineData("application/json", "{\"text\":NaN}", "it is no JSON")]
    public void Answers_that_are_no_transcripts_are_refused_in_words(string type, string body, string expected)
    {
        var error = Refused((_, _) => new Answer(200, type, body));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsHopeless);
    }

    [Fact]
    public void An_endless_answer_is_cut_off_and_not_asked_for_again()
    {
        var asked = 0;
        var error = Refused((_, number) =>
        {
            asked = number;
            return new Answer(200, "application/json", "{\"text\":\"" + new string('a', 200_000));
        }, settings => settings with { AnswerBytes = 100_000 });
        Assert.Contains("longer than 100000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void A_long_recording_goes_in_pieces_cut_at_pauses_and_comes_back_whole()
    {
        var sound = Sound(60);
        SpeechSpan[] speech = [new(0, 15 * 16_000), new(17 * 16_000, 18 * 16_000), new(18 * 16_000 + 3200, 30 * 16_000), new(58 * 16_000, 60 * 16_000)];
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, FormattableString.Invariant($"{sent.Seconds:0.0} seconds")));
        var heard = Recognize(Settings(server) with { UploadBytes = 20 * 32_000 + 44 + 4096 }, sound, speech);
        Assert.Equal([16.0, 17.0, 12.0], server.Asked.Select(sent => Math.Round(sent.Seconds, 1))); // in the middle of the pause from 15 to 17, and of 30 to 58; the piece from 33 to 48 is silent
        Assert.Equal("16.0 seconds 17.0 seconds 12.0 seconds", heard.Text);
        Assert.Equal([0.5, 16.5, 48.5], heard.Segments.Select(segment => Math.Round(segment.Start, 1)));
        Assert.Equal((60.0, 60.0), (heard.Duration, heard.Segments[^1].End));
    }

    [Fact, Trait("Category", "Slow")]
    public void Two_hours_go_in_pieces_that_a_server_takes()
    {
        var sound = new float[2 * 3600 * 16_000];
        for (var i = 0; i < sound.Length; i++) sound[i] = i % (40 * 16_000) < 16_000 ? 0 : 0.1f; // a second of silence every forty
        using var server = new TranscriptionServer((sent, number) => TranscriptionServer.Verbose(sent, $"part {number}"));
        var heard = Recognize(Settings(server), sound);
        Assert.All(server.Asked, sent => Assert.InRange(sent.Wav.Length, 1, 25_000_000));
        Assert.Equal(7200, server.Asked.Sum(sent => sent.Seconds), 3);
        Assert.Equal((7200.0, server.Asked.Count), (heard.Segments[^1].End, heard.Segments.Count));
        Assert.All(heard.Segments.Skip(1), segment => Assert.InRange((segment.Start - 0.5) % 40, 0, 1)); // every cut lies in a silence
    }

    [Fact]
    public void Where_no_pause_is_known_the_quietest_place_is_one()
    {
        var sound = Sound(30);
        Array.Clear(sound, 14 * 16_000, 8000);
        var pieces = Pieces.Of(sound, [], 20 * 16_000);
        Assert.Equal(2, pieces.Count);
        Assert.InRange(pieces[0].End, 14 * 16_000, 14 * 16_000 + 8000);
        Assert.Equal((0, sound.Length, pieces[0].End), (pieces[0].Start, pieces[1].End, pieces[1].Start));
    }

    [Fact]
    public void A_recording_of_a_blink_is_filled_up_so_that_servers_take_it()
    {
        using var server = new TranscriptionServer((_, _) => TranscriptionServer.Json("""{"text":"a","segments":[{"start":0,"end":0.25,"text":"a"}]}"""));
        var heard = Recognize(Settings(server), Sound(0.02));
        Assert.Equal(0.25, Assert.Single(server.Asked).Seconds);
        Assert.Equal((0.02, 0.02), (heard.Duration, heard.Segments.Single().End));
    }
}
