using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>What a person can ask of what is known: why, what was, what is kept, what is whole.</summary>
public class CommandsTests
{
    private static Voice Built(string? cache = null)
    {
        var voice = new Voice(clips: 3);
        if (cache is not null) voice.Variables["VOX_CACHE"] = cache;
        voice.Build();
        return voice;
    }

    private static string KeyOf(Voice voice, string target) => voice.Plan()[target].GetProperty("key").GetString()![..12];

    [Fact]
    public void Explain_names_under_what_waits_the_file_that_it_all_comes_of()
    {
        using var voice = Built();
        voice.AddClip(1, gain: 0.5);
        var said = voice.Try("--explain").With(0).Out;
        Assert.Contains("Dataset  may run\n└── unknown until Quality ← Preprocess ← Extract ← Fetch\n    └── file source/clip001.wav changed\n", said, StringComparison.Ordinal);
        voice.Build("--target=Extract");
        said = voice.Try("--explain").With(0).Out;
        Assert.Contains("Preprocess  would run for 1 of 3 items\n└── from Extract: clip001 changed\n    └── from Fetch: clip001 changed\n        └── file source/clip001.wav changed\n", said, StringComparison.Ordinal);
        Assert.Contains("fresh: Fetch, Extract\n", said, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(voice.Try("--explain", "--json").With(0).Out);
        var preprocess = json.RootElement.GetProperty("targets").EnumerateArray().Single(target => target.GetProperty("target").GetString() == "Preprocess");
        Assert.Equal("Fetch", preprocess.GetProperty("causes")[0].GetProperty("causes")[0].GetProperty("from").GetString());
    }

    [Fact]
    public void The_graph_is_mermaid_with_a_node_for_each_target()
    {
        using var voice = Built();
        voice.Config("audio: { target_db: -23.0 }");
        var drawn = voice.Try("--graph").With(0).Out;
        Assert.StartsWith("graph TD\n", drawn, StringComparison.Ordinal);
        foreach (var line in new[] { "Fetch[\"Fetch<br/>3 ok\"]:::fresh", "Preprocess[\"Preprocess\"]:::stale", "Dataset[\"Dataset\"]:::unknown", "Preprocess -->|\"audio\"| Dataset", "in_source --> Fetch" })
            Assert.Contains($"\n  {line}\n", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_result_becomes_the_present_one_and_stays_it_until_something_changes()
    {
        using var voice = Built();
        var key = KeyOf(voice, "Preprocess");
        var before = voice.Snapshot();
        voice.Config("audio: { target_db: -30.0 }");
        voice.Build();
        var history = voice.Try("--history=Preprocess").With(0).Out;
        Assert.Contains("  setting target_db: -20.0 → -30.0\n", history, StringComparison.Ordinal);
        Assert.Contains(key, history, StringComparison.Ordinal);
        Assert.Contains("validation_clips", voice.Try("--history=Dataset").With(0).Out, StringComparison.Ordinal); // its numbers

        Assert.Matches("Preprocess rolled back to " + key + " of .*; nothing was built", voice.Try($"--rollback=Preprocess@{key}").With(0).Out);
        Assert.DoesNotContain("Preprocess", voice.Build().Keys);
        Assert.Empty(voice.Build());
        Assert.Contains($"\"note\": \"rolled back to {key} of ", File.ReadAllText(voice.PathOf("configs/vox.lock")), StringComparison.Ordinal);
        foreach (var option in new[] { "--status", "--explain", "--history=Preprocess" }) Assert.Contains($"rolled back to {key} of ", voice.Try(option).With(0).Out, StringComparison.Ordinal);
        Assert.Equal(Files(before, "Preprocess"), Files(voice.Snapshot(), "Preprocess"));

        voice.Config("audio: { target_db: -25.0 }");
        Assert.Equal("would run 3 of 3: setting target_db: -30.0 → -25.0", voice.Plan()["Preprocess"].GetProperty("says").GetString());
        voice.Config("audio: { target_db: -30.0 }");
        voice.Try("--rollback=Preprocess").With(0);
        voice.Build();
        Assert.NotEqual(Files(before, "Preprocess"), Files(voice.Snapshot(), "Preprocess"));
    }

    private static List<string> Files(string snapshot, string target) => [.. snapshot.Split('\n').Where(line => line.StartsWith($"voice/{target}/", StringComparison.Ordinal))];

    [Fact]
    public void What_nothing_names_is_removed_and_what_stays_says_why()
    {
        using var voice = Built();
        voice.Config("audio: { target_db: -30.0 }");
        voice.Build();
        var before = voice.Snapshot();
        Assert.Matches("would be freed\n  (logs|contents) [^§]*would stay\n  named by a vox.lock .* MB\n[^§]*dry run: nothing was touched\n", voice.Try("--gc", "--dryrun").With(0).Out);
        Assert.Contains("freed\n  nothing\n", voice.Try("--gc", "--older-than=1d").With(0).Out, StringComparison.Ordinal);
        Assert.Matches("freed\n[^§]*  contents ", voice.Try("--gc").With(0).Out);
        Assert.Empty(voice.Build());
        Assert.Equal(before, voice.Snapshot());
        Assert.Contains("the cache no longer holds its files", voice.Try("--history=Preprocess").With(0).Out, StringComparison.Ordinal);
        voice.Config("");
        Assert.Equal(3, voice.Build()["Preprocess"]);
    }

    [Fact]
    public void Verify_finds_a_changed_byte_and_the_next_build_mends_it()
    {
        using var voice = Built();
        var before = voice.Snapshot();
        Assert.Contains("all are whole", voice.Try("--verify").With(0).Out, StringComparison.Ordinal);
        var clip = Path.Combine(voice.Root, "out/voice/Preprocess/audio/clip001.wav");
        var blob = Directory.EnumerateFiles(Path.Combine(voice.Root, ".vox/cache/blobs"), "*", SearchOption.AllDirectories).Single(file => File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(clip)));
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var file = new FileStream(blob, FileMode.Open))
        {
            file.Seek(1000, SeekOrigin.Begin);
            file.WriteByte(0x55);
            file.WriteByte(0xAA);
        }
        var said = voice.Try("--verify").With(1).Out;
        Assert.Contains("  Preprocess: clip001", said, StringComparison.Ordinal);
        Assert.Contains("1 damaged in the cache", said, StringComparison.Ordinal);
        voice.Build();
        Assert.Equal(before, voice.Snapshot());
        voice.Try("--verify").With(0);
    }

    [Fact]
    public async Task The_review_page_is_opened_over_the_clips_that_are_there_and_ends_with_the_host()
    {
        using var voice = new Voice(clips: 3);
        Assert.Contains("there are no clips to listen to yet", voice.Try("--review").With(2).Error, StringComparison.Ordinal);
        voice.Build("--target=Quality");
        using var host = voice.Start("--review");
        var line = await host.StandardOutput.ReadLineAsync() ?? await host.StandardError.ReadToEndAsync();
        Assert.Matches("^vox-review: 3 clips; open http", line);
        using var client = new HttpClient();
        Assert.Contains("<html", await client.GetStringAsync(line[line.IndexOf("http", StringComparison.Ordinal)..]), StringComparison.OrdinalIgnoreCase);
        Assert.True(Vox.Does("kill", "-TERM", $"{host.Id}"));
        Assert.True(host.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, host.ExitCode);
        Assert.False(Directory.Exists(voice.PathOf("configs/edits"))); // nothing was corrected
    }

    [Fact]
    public void After_the_index_and_the_log_are_lost_no_item_runs_again()
    {
        using var voice = Built();
        var before = voice.Snapshot();
        foreach (var file in Directory.GetFiles(Path.Combine(voice.Root, ".vox/cache"), "records*")) File.Delete(file);
        File.Delete(Path.Combine(voice.Root, ".vox/voice/runs"));
        var said = voice.Try("--repair").With(0).Out;
        Assert.Matches("records: \\d+ were missing, and are there again\n", said);
        Assert.Contains("log:   there is none of voice.", said, StringComparison.Ordinal);
        Assert.Empty(voice.Build().Keys.Except(["Fetch", "Dataset", "Report"]));
        Assert.Equal(before, voice.Snapshot());
    }

    [Fact]
    public void Two_checkouts_share_a_cache_and_each_others_work()
    {
        using var cache = new TemporaryFolder();
        using var one = Built(cache.Path);
        using (var two = Built(cache.Path))
        {
            Assert.False(Directory.Exists(Path.Combine(two.Root, ".vox/cache")));
            two.Config("audio: { target_db: -30.0 }");
            two.Build();
            one.Config("audio: { target_db: -30.0 }");
            Assert.DoesNotContain("Preprocess", one.Build().Keys);
            one.Config("");
            one.Build();
            Assert.Contains($"{cache.Path} is used by\n", one.Try("--gc").With(0).Out, StringComparison.Ordinal);
            Assert.Empty(two.Build());
        }
        Assert.Contains("is gone; what it used counts no longer\n", one.Try("--gc").With(0).Out, StringComparison.Ordinal);
        Assert.Empty(one.Build());
        one.Variables["VOX_CACHE"] = "here";
        Assert.Contains("VOX_CACHE=here: expected an absolute path", one.Try("--status").With(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vox: --keep-gb belongs to --gc\n", "--keep-gb=3")]
    [InlineData("vox: --keep-gb=-1: expected a number of GB (10⁹ bytes) from 0 on\n", "--gc", "--keep-gb=-1")]
    [InlineData("vox: --older-than=soon: expected a number of hours, days or weeks\n  as in --older-than=12h, 30d or 4w\n", "--gc", "--older-than=soon")]
    [InlineData("vox: --gc and --verify: one at a time\n", "--verify", "--gc")]
    [InlineData("vox: --rollback wants STAGE@KEY\n  vox --rollback=Train@1a2b3c4d5e6f; --history=Train lists the keys\n", "--rollback=Fetch@")]
    [InlineData("vox: --rollback=Fetch: it was not rolled back\n  name a result of --history=Fetch: --rollback=Fetch@KEY\n", "--rollback=Fetch")]
    [InlineData("vox: --rollback: Fetch has no result whose key begins with '12'\n  it has none here yet\n", "--rollback=Fetch@12")]
    [InlineData("vox: there is no target Nope in the graph of voice\n", "--history=Nope")]
    public void What_cannot_be_is_said_in_a_sentence(string expected, params string[] options)
    {
        using var voice = new Voice(clips: 1);
        Assert.Contains(expected, voice.Try(options).With(2).Error, StringComparison.Ordinal);
    }
}
