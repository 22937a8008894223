using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>Recordings that somebody has to listen to first: long ones with their texts, ones without a text, ones of several people. With the published host and tools.</summary>
[Trait("Category", "Slow")]
public class HearingTests
{
    private const string Chapter = "voice_activity: {}\nalignment: {}\nsegment: { min_s: 2, max_s: 11 }\naudio: { trim: speech }\n";

    [SkippableFact]
    public void A_chapter_with_its_text_becomes_clips_with_their_sentences()
    {
        using var voice = NewChapter(out var text);
        var ran = voice.Build("--target=Dataset");
        foreach (var target in new[] { "Activity", "Locate", "Segment", "Preprocess", "Review", "Align", "Dataset" }) Assert.Contains(target, ran.Keys);
        var pieces = voice.Table("Segment");
        Assert.InRange(pieces.Count, 8, 25);
        Assert.Equal(text, string.Join(' ', pieces.OrderBy(row => row["start_sample"].Length).ThenBy(row => row["start_sample"], StringComparer.Ordinal).Select(row => row["text"]).Where(part => part != ""))); // nothing is dropped
        Assert.Equal("0", pieces.MinBy(row => long.Parse(row["start_sample"]))!["start_sample"]);
        foreach (var piece in pieces) Assert.InRange(long.Parse(piece["end_sample"]) - long.Parse(piece["start_sample"]), 2 * 22050, 11 * 22050);

        // every sentence of the reader is a whole: what Align finds in the pieces, each heard by itself, agrees with what they were given
        var scores = voice.Table("Align").Where(row => row["align_score"] != "").Select(row => double.Parse(row["align_score"])).ToList();
        Assert.True(scores.Order().ElementAt(scores.Count / 2) > 0.5, $"the pieces' texts score {string.Join(' ', scores)}");
        Assert.Empty(voice.Build("--target=Dataset"));

        // another way of cutting listens to nothing again
        voice.Config(Chapter.Replace("max_s: 11", "max_s: 14", StringComparison.Ordinal));
        ran = voice.Build("--target=Segment");
        Assert.DoesNotContain("Activity", ran.Keys);
        Assert.Contains("Segment", ran.Keys);
    }

    /// <summary>espeak-ng itself speaks a text differently after another one (docs/decisions/fresh-espeak.md).</summary>
    [SkippableFact]
    public void Two_builds_of_a_chapter_from_nothing_are_the_same_bytes_whoever_works_beside()
    {
        Dictionary<string, string> Built(int jobs)
        {
            using var voice = NewChapter(out _);
            voice.Build("--target=Dataset", $"--jobs={jobs}");
            return voice.Results();
        }
        var first = Built(1);
        Assert.Subset(first.Keys.ToHashSet(), new HashSet<string> { "Locate", "Segment", "Align" });
        Assert.Equal(first, Built(2));
    }

    [SkippableFact]
    public void Several_people_are_told_apart_and_a_corrected_name_listens_to_nothing_again()
    {
        using var voice = NewCrowd();
        var ran = voice.Build();
        foreach (var target in new[] { "Activity", "Embed", "Cluster", "Diarize", "Review", "Report" }) Assert.Contains(target, ran.Keys);
        var rows = voice.Table("Diarize");
        Assert.Equal(4, rows.Select(row => row["speaker_id"]).Distinct().Count());
        Assert.All(rows.GroupBy(row => row["id"].Split('-')[0]), person => Assert.Single(person.Select(row => row["speaker_id"]).Distinct()));
        Assert.True(File.Exists(Path.Combine(voice.Root, "out/voice/Diarize/cluster_samples/speaker_0_sample.wav")));
        var report = File.ReadAllText(Path.Combine(voice.Root, "out/voice/Report/report.html"));
        Assert.Contains("id=\"voices\"", report);
        Assert.Equal(rows.Count, report.Split("data-clip=").Length - 1);

        // one clip's name is told: its whole group has it, and nobody listens again
        var told = rows.First(row => row["speaker_id"] == "speaker_2");
        var id = told["id"];
        Directory.CreateDirectory(voice.PathOf("configs/edits"));
        var audio = Path.Combine(voice.Root, "recordings", id + ".flac");
        File.WriteAllText(voice.PathOf("configs/edits/anna.csv"), $"id,audio_sha256,field,old,new\n{id},{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(audio)))},speaker,speaker_2,anna\n");
        ran = voice.Build();
        foreach (var target in new[] { "Activity", "Embed", "Cluster" }) Assert.DoesNotContain(target, ran.Keys);
        foreach (var target in new[] { "Diarize", "Review", "Dataset" }) Assert.Contains(target, ran.Keys);
        Assert.Equal(rows.Count(row => row["speaker_id"] == "speaker_2"), voice.Table("Diarize").Count(row => row["speaker_id"] == "anna"));
        Assert.Equal("corrected", voice.Table("Review").Single(row => row["id"] == id)["speaker_source"]);
        Assert.Equal(["file,line,id,field,reason,message"], File.ReadAllLines(Path.Combine(voice.Root, "out/voice/Review/orphans.csv")));
    }

    [SkippableFact]
    public void A_server_writes_down_what_has_no_text_and_only_what_failed_is_asked_for_again()
    {
        const string Key = "sk-never-shown-0123456789";
        using var server = new Scribe(Key);
        using var voice = new Voice(clips: 4) { Variables = { ["VOX_TEST_KEY"] = Key, ["VOX_OTHER_KEY"] = Key } };
        File.Delete(voice.PathOf("metadata.csv"));
        File.WriteAllText(voice.PathOf("configs/voice.yaml"), $$"""
            language: { name: English, code: en }
            source: { kind: folder, path: ../recordings, licence: public-domain }
            transcription: { engine: endpoint, endpoint: "{{server.Address}}/v1", endpoint_model: whisper-1, word_timestamps: false, api_key: "${env:VOX_TEST_KEY}" }
            text: {}
            quality: { characters_per_second: null }
            dataset: { train_split: 0.5, val_split: 0.5, test_split: 0.0 }
            """);
        server.Refuses = 1;
        var ended = voice.Try("--target=Transcribe").With(code: 1);
        Assert.Contains("1 failed", ended.Text, StringComparison.Ordinal);
        var asked = server.Answered;
        Assert.Equal(3, asked);
        server.Refuses = 0;
        var ran = voice.Build("--target=Dataset");
        Assert.Equal(1, ran["Transcribe"]);
        Assert.Equal(4, server.Answered);
        Assert.All(voice.Table("Transcribe"), row => Assert.Equal(("This clip has 3 words.", "transcribed"), (row["text"], row["text_source"])));
        Assert.All(voice.Table("Normalize"), row => Assert.Equal("This clip has three words.", row["text"]));
        Assert.Empty(voice.Build("--target=Dataset"));

        // whose key it was is in no result, and what the key is, is nowhere
        Assert.Empty(voice.Build("--target=Dataset", "--set", "transcription.api_key=${env:VOX_OTHER_KEY}"));
        var files = Directory.GetFiles(voice.Root, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("order.json", StringComparison.Ordinal) || file.EndsWith(".log", StringComparison.Ordinal));
        Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Key)) < 0, file));
    }

    /// <summary>The shipped clips one after the other, with pauses, and their texts as one.</summary>
    private static Voice NewChapter(out string text)
    {
        Skip.IfNot(HasOnnx, "no onnxruntime beside the published tools");
        Skip.IfNot(Vox.Does("espeak-ng", "--version"), "espeak-ng is not installed");
        var voice = new Voice();
        var lines = LjSpeech.Lines;
        var pcm = new MemoryStream();
        var pauses = new[] { 0.5, 0.9, 0.4, 1.3, 0.6, 0.8, 0.5, 1.0, 0.7, 0.45, 0.9, 0.6 };
        foreach (var (line, pause) in lines.Zip(pauses))
        {
            pcm.Write(PlainWav.Of(LjSpeech.Clip(line[0])).AsSpan(44));
            pcm.Write(new byte[2 * (int)(pause * 22050)]);
        }
        voice.WriteWav("chapter", pcm.ToArray(), 1);
        text = string.Join(' ', lines.Select(line => line[^1].Trim()));
        File.WriteAllText(voice.PathOf("metadata.csv"), $"chapter|{text}\n");
        voice.Config(Chapter);
        return voice;
    }

    private static bool HasOnnx => File.Exists(Path.Combine(TestFiles.Repository, "artifacts/bin/native/libonnxruntime.so"));

    /// <summary>Four people of LibriSpeech, five clips each.</summary>
    private static Voice NewCrowd()
    {
        Skip.IfNot(HasOnnx, "no onnxruntime beside the published tools");
        var clips = Directory.GetFiles(TestFiles.Shared("data/librispeech"), "*.flac").GroupBy(clip => Path.GetFileName(clip).Split('-')[0]).OrderBy(person => person.Key, StringComparer.Ordinal).ToList();
        Skip.If(clips.Count < 4, "LibriSpeech's clips are not here");
        var voice = new Voice();
        foreach (var clip in clips.Take(4).SelectMany(person => person.Order(StringComparer.Ordinal).Take(5))) File.Copy(clip, voice.PathOf("recordings/" + Path.GetFileName(clip)));
        File.WriteAllText(voice.PathOf("configs/voice.yaml"), """
            language: { name: English, code: en }
            source: { kind: folder, path: ../recordings, licence: CC-BY-4.0 }
            voice_activity: {}
            speaker_diarization: {}
            quality: { max_duration_s: 40 }
            """);
        return voice;
    }

    /// <summary>A server with OpenAI's transcriptions, as far as the tool needs it: it writes the same of every recording.</summary>
    private sealed class Scribe : IDisposable
    {
        private readonly HttpListener _listener = new();

        /// <summary>How many recordings it will fail on for good.</summary>
        public volatile int Refuses;

        private readonly HashSet<string> _refused = [];
        private readonly string _key;
        private int _answered;

        /// <param name="key">What it wants to be sent.</param>
        public Scribe(string key)
        {
            _key = key;
            for (var port = 30_000 + Environment.ProcessId % 20_000; ; port++)
            {
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                try { _listener.Start(); }
                catch (HttpListenerException) { continue; }
                Address = $"http://127.0.0.1:{port}";
                break;
            }
            _ = Serve();
        }

        public string Address { get; }

        /// <summary>Recordings that it has written down.</summary>
        public int Answered => _answered;

        private async Task Serve()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext request;
                try { request = await _listener.GetContextAsync(); }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { return; }
                using var body = new MemoryStream();
                await request.Request.InputStream.CopyToAsync(body);
                var digest = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body.ToArray().AsSpan(Math.Max(0, (int)body.Length - 20_000), Math.Min(10_000, (int)body.Length)))); // sound, no boundary
                if (Refuses > _refused.Count) _refused.Add(digest);
                var fails = Refuses > 0 && _refused.Contains(digest);
                if (!fails) Interlocked.Increment(ref _answered);
                request.Response.StatusCode = request.Request.Headers["Authorization"] != $"Bearer {_key}" ? 401 : fails ? 422 : 200;
                request.Response.ContentType = "application/json";
                var answer = fails ? """{"error":{"message":"this recording cannot be read","type":"invalid_request_error"}}"""
                    : JsonSerializer.Serialize(new { task = "transcribe", language = "english", duration = 1.5, text = "This clip has 3 words.",
                        segments = new[] { new { id = 0, start = 0.0, end = 1.5, text = " This clip has 3 words.", avg_logprob = -0.2, compression_ratio = 0.9, no_speech_prob = 0.01, temperature = 0.0 } } });
                await request.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                request.Response.Close();
            }
        }

        public void Dispose() => _listener.Close();
    }
}
