using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VoxMake.EndToEnd;

/// <summary>What people ask of a training that cannot be had, or not so: what is wrong is said as early as it can be known, and what is done stays.</summary>
public class BadInputTrainingTests
{
    private const string AllForTraining = "dataset: { train_split: 1.0, val_split: 0.0, test_split: 0.0 }";

    private static string Training(string more = "num_epochs: 1") => $"training: {{ size: tiny, batch_size: 2, segment_size: 2048, validation_sentences: 1, device: cpu, {more} }}\n";

    /// <summary>Lets every clip come as far as training.</summary>
    private const string AnyQuality = "quality: { min_duration_s: 0, characters_per_second: null }\n";

    [Theory]
    [InlineData("validation", "endpoint: 'http://127.0.0.1:9'")]
    [InlineData("transcription", "endpoint: 'http://127.0.0.1:9', endpoint_model: any")]
    public void A_key_that_no_variable_holds_is_named_before_anything_starts_and_only_where_it_is_needed(string section, string settings)
    {
        using var voice = new Voice(clips: 1, extra: $"{OrpheusModels.Training}{section}: {{ engine: endpoint, {settings}, api_key: '${{env:VOX_NO_SUCH_KEY}}' }}\n");
        voice.AddModels();
        var said = voice.Try().With(code: 2).Text;
        Assert.Contains($"voice.yaml:6: {section}.api_key: the environment variable VOX_NO_SUCH_KEY holds no key: it is not set\n  export VOX_NO_SUCH_KEY=… before the run\n", said);
        Assert.False(Directory.Exists(Path.Combine(voice.Root, "out/voice/Fetch")));
        Assert.Contains("Fetch", voice.Build("--target=Fetch").Keys);
        voice.Variables["VOX_NO_SUCH_KEY"] = "sk-never-shown";
        Assert.Contains("Preprocess", voice.Build("--target=Preprocess").Keys);
        foreach (var file in Directory.EnumerateFiles(voice.Root, "*", SearchOption.AllDirectories)) Assert.DoesNotContain("sk-never-shown", File.ReadAllText(file));
    }

    /// <summary>Nothing is held back.</summary>
    private static void KeepNothingBack(Voice voice)
    {
        var file = voice.PathOf("configs/voice.yaml");
        var lines = File.ReadAllLines(file);
        lines[Array.FindIndex(lines, line => line.StartsWith("dataset:", StringComparison.Ordinal))] = AllForTraining;
        File.WriteAllLines(file, lines);
    }

    [Theory]
    [InlineData(null, "there is no file {0}\n  name a text file with a sentence in each line, relative to the file that names it\n")]
    [InlineData("", "{0} holds no sentence\n  write a sentence in each line, or leave evaluation.sentences out\n")]
    [InlineData(" \r\n\t\n", "{0} holds no sentence\n  write a sentence in each line, or leave evaluation.sentences out\n")]
    [InlineData("Good.\nSch\u00f6n.\n", "{0}:2: byte 10 of the file (0xF6) is not UTF-8\n  save the file as UTF-8\n")]
    public void Sentences_that_cannot_be_read_are_refused_before_anything_starts(string? content, string message)
    {
        using var voice = new Voice(clips: 1, extra: Training() + "evaluation: { sentences: ../sentences.txt }\n");
        var file = Path.Combine(voice.Root, "sentences.txt");
        if (content is not null) File.WriteAllBytes(file, Encoding.Latin1.GetBytes(content));
        Assert.Equal($"vox: {voice.PathOf("configs/voice.yaml")}:5: evaluation.sentences: {message.Replace("{0}", file, StringComparison.Ordinal)}", voice.Try().With(code: 2).Text);
        Assert.False(Directory.Exists(Path.Combine(voice.Root, "out")));
    }

    [Fact]
    public void A_voice_without_texts_is_refused_before_anything_starts()
    {
        using var voice = new Voice(clips: 1, extra: Training());
        var config = voice.PathOf("configs/voice.yaml");
        File.WriteAllText(config, File.ReadAllText(config).Replace(", transcripts: ../metadata.csv, format: ljspeech", "", StringComparison.Ordinal));
        Assert.Equal($"vox: {config}:4: training: a voice is trained on recordings and what is spoken in them, but source.transcripts is not given\n"
            + "  name the file of the texts in source.transcripts, and how it is written in source.format, or have them written down: transcription; without training, leave this section out\n", voice.Try().With(code: 2).Text);
        Assert.False(Directory.Exists(Path.Combine(voice.Root, "out")));
    }

    [Fact]
    public void A_voice_of_emoji_is_refused_clip_by_clip()
    {
        using var voice = new Voice(extra: Training() + AnyQuality);
        for (var number = 0; number < 2; number++) voice.AddClip(number, text: "😀👍🏽❤️");
        voice.Transcripts();
        var said = voice.Try("--jobs", "1").With(code: 2);
        foreach (var clip in new[] { "clip000", "clip001" }) Assert.Contains($"warning  Train: {clip}: left out (no_known_character): no character of its text is in the vocabulary: '😀👍🏽❤️'\n", said.Text, StringComparison.Ordinal);
        Assert.Contains("  no clip is left to train on; left out: 2 no_known_character\n  see the warnings for each clip; their texts, segment_size, max_duration_s and the base model's language decide\n", said.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void One_clip_is_enough_to_see_that_all_works()
    {
        using var voice = new Voice(clips: 1, extra: Training());
        var said = voice.Try("--jobs", "1").With(code: 0);
        Assert.Contains("warning  Train: no clip is held back for validation: nothing says which checkpoint is best, so the last one is taken, and training does not stop early (dataset.val_split)\n", said.Text, StringComparison.Ordinal);
        Assert.Contains("warning  Synthesize: there is nothing to speak: no clip is held back (dataset.val_split, dataset.test_split), and there is no sentence of one's own (evaluation.sentences)\n", said.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(voice.Root, "out/voice/Report/report.html")));
        Assert.True(File.Exists(Path.Combine(voice.Root, "out/voice/Publish/README.md")));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Clips_that_do_not_fit_are_left_out_by_name_and_the_rest_makes_a_voice()
    {
        using var voice = new Voice(extra: Training("num_epochs: 2, save_minutes: 5").Replace("batch_size: 2", "batch_size: 64", StringComparison.Ordinal) + AnyQuality + "evaluation: { sentences: sentences.txt }\n");
        voice.AddClip(0, text: string.Concat(Enumerable.Repeat("far too many words for so short a clip ", 20)));
        voice.AddClip(1, samples: 1500);
        voice.AddClip(2, text: "🎉");
        voice.AddClip(3);
        voice.AddClip(4);
        voice.Transcripts();
        KeepNothingBack(voice);
        File.WriteAllText(voice.PathOf("configs/sentences.txt"), $"Clip.\n{string.Concat(Enumerable.Repeat("endless ", 12_500))}\n");

        var said = voice.Try("--jobs", "1", "--target=Report").With(code: 0);
        Assert.Matches("warning  Train: clip000: left out \\(too_fast\\): its text has \\d+ tokens, more than the 129 frames of its sound: does the text belong to it\\?\n", said.Text);
        Assert.Contains("warning  Train: clip001: left out (too_short): it has 1500 samples, fewer than a segment (2048, segment_size)\n", said.Text, StringComparison.Ordinal);
        Assert.Contains("warning  Train: clip002: left out (no_known_character): no character of its text is in the vocabulary: '🎉'\n", said.Text, StringComparison.Ordinal);
        Assert.Contains("warning  Train: 3 of 5 clips are left out: 1 no_known_character, 1 too_fast, 1 too_short\n", said.Text, StringComparison.Ordinal);
        Assert.Contains("warning  Train: no clip is held back for validation", said.Text, StringComparison.Ordinal);
        Assert.Equal(("too_long", "the text has 99999 characters, at most 10000 are spoken into one file; put each sentence on a line of its own"), voice.Rejects("Synthesize")["sentences/002"]);
        Assert.True(File.Exists(Path.Combine(voice.Root, "out/voice/Report/report.html")));
        Assert.Equal((null, 2), Trained(voice)); // one step an epoch, and the last checkpoint is taken

        // looking touches nothing
        var before = Everything(voice);
        foreach (var option in new[] { "--explain", "--dryrun", "--status" }) voice.Try(option, "--set", "training.num_epochs=4", "--set", "training.learning_rate=0.001").With(code: 0);
        Assert.Equal(before, Everything(voice));

        // fewer epochs, more epochs: on from the checkpoint that both share
        Assert.Contains("Train: over 5 items: setting num_epochs: 2 → 1", voice.Try("--jobs", "1", "--target=Train", "--set", "training.num_epochs=1").With(code: 0).Text, StringComparison.Ordinal);
        Assert.Equal((null, 1), Trained(voice));
        Assert.Contains("would run: setting num_epochs: 1 → 3; goes on from what its last result left, at ", voice.Try("--dryrun", "--target=Train", "--set", "training.num_epochs=3").With(code: 0).Text, StringComparison.Ordinal);
        Assert.Contains("Train: over 5 items: setting num_epochs: 1 → 3; goes on from what its last result left, at ", voice.Try("--jobs", "1", "--target=Train", "--set", "training.num_epochs=3").With(code: 0).Text, StringComparison.Ordinal);
        Assert.Equal((null, 3), Trained(voice));
        Assert.DoesNotContain("Train: over", voice.Try("--jobs", "1", "--target=Train").With(code: 0).Text, StringComparison.Ordinal); // two epochs are still there
        Assert.Equal((null, 2), Trained(voice));

        // another setting is another training, unless one says that it is not
        Assert.Matches("Train +fresh .*adopted from the run of .* \\(setting learning_rate: 0.0002 → 0.001\\)", voice.Try("--jobs", "1", "--target=Train", "--adopt=Train", "--set", "training.learning_rate=0.001").With(code: 0).Text);
        Assert.Contains("Train: over 5 items: asked for by --force=Train", voice.Try("--jobs", "1", "--target=Train", "--force=Train").With(code: 0).Text, StringComparison.Ordinal);
        Assert.Equal((null, 2), Trained(voice));
    }

    [SkippableFact]
    public void A_disk_without_room_for_checkpoints_is_seen_before_the_first_step()
    {
        using var voice = new Voice(clips: 1, extra: Training());
        using var disk = new SmallDisk(Path.Combine(voice.Root, ".vox"), megabytes: 100);
        Assert.Matches("\n  checkpoints need 19\\d MB in .*/\\.vox/voice/lineages/Train-[0-9a-f]+, where 10\\d MB are free\n  free some space and run again; it goes on from the last checkpoint\n", voice.Try("--jobs", "1", "--target=Train").With(code: 1).Text);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task After_an_interrupt_training_goes_on_to_the_bits_of_an_undisturbed_run()
    {
        var training = Training("num_epochs: 20, save_steps: 3, validation_steps: 1000");
        using var undisturbed = new Voice(clips: 4, extra: training);
        undisturbed.Try("--jobs", "1", "--target=Train").With(code: 0);

        using var voice = new Voice(clips: 4, extra: training);
        // env: where the tests themselves were started in the background, SIGINT would be ignored from birth
        using var host = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(voice.Bin, "vox"), "--config", "configs/voice.yaml", "--jobs", "1", "--target=Train"]) { WorkingDirectory = voice.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (host.StandardOutput.ReadToEndAsync(), host.StandardError.ReadToEndAsync());
        while (Checkpoints(voice).Count == 0 && !host.HasExited) Thread.Sleep(10);
        Assert.True(Vox.Does("kill", "-INT", host.Id.ToString(CultureInfo.InvariantCulture)));
        host.WaitForExit();
        new Ended(host.ExitCode, await output, await error).With(code: 130);
        Assert.Equal("vox: cancelled; whole results are kept, the next run goes on from there\n", await error);
        Assert.NotEmpty(Checkpoints(voice));
        Assert.Empty(Processes.WorkingIn(voice.Root));

        Assert.Matches("Train: over 4 items: goes on from what an interrupted run left, at \\d+ of \\d+ steps", voice.Try("--jobs", "1", "--target=Train").With(code: 0).Text);
        foreach (var file in new[] { "metrics.csv", "checkpoint/model.safetensors", "checkpoint/discriminator.safetensors", "said.safetensors", "training.json" })
            Assert.True(File.ReadAllBytes(Path.Combine(undisturbed.Root, "out/voice/Train", file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(voice.Root, "out/voice/Train", file))), $"{file} is another one");
    }

    [Fact]
    public void By_hand_nothing_is_written_outside_of_the_output()
    {
        using var voice = new Voice(clips: 2);
        var output = voice.PathOf("work/out");
        Directory.CreateDirectory(voice.PathOf("work"));
        var clip = Path.Combine(voice.Root, "recordings/clip001.wav");
        File.WriteAllText(voice.PathOf("work/metadata.csv"), $"file_name\n../recordings/clip000.wav\n{clip}\n");
        var before = voice.Sources();
        var said = Vox.Tool(voice.Root, "vox-audio", "preprocess", "work/metadata.csv", output).With(code: 0);
        Assert.Equal(before, voice.Sources());
        Assert.Contains($"rejected  ../recordings/clip000: its result would be '../recordings/clip000.wav', which is outside of {output}; give it a name without '..' that does not begin with '/'\n", said.Error, StringComparison.Ordinal);
        Assert.Contains("0 ok, 2 rejected, 0 failed; ", said.Error, StringComparison.Ordinal);
        Assert.Equal(["rejects.csv"], Directory.EnumerateFileSystemEntries(output).Select(path => Path.GetFileName(path)));
        Assert.Equal(["clip000.wav", "clip001.wav"], Directory.EnumerateFiles(voice.PathOf("recordings")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    private static List<string> Checkpoints(Voice voice)
    {
        var lineages = Path.Combine(voice.Root, ".vox/voice/lineages");
        try { return Directory.Exists(lineages) ? [.. Directory.EnumerateFiles(lineages, "manifest.json", SearchOption.AllDirectories)] : []; }
        catch (DirectoryNotFoundException) { return []; } // one has just been put in its place
    }

    /// <summary>The step of the best checkpoint, and the steps that were done.</summary>
    private static (int? Best, int Steps) Trained(Voice voice)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(voice.Root, "out/voice/Train/training.json")));
        var best = json.RootElement.GetProperty("best_step");
        return (best.ValueKind == JsonValueKind.Null ? null : best.GetInt32(), json.RootElement.GetProperty("steps").GetInt32());
    }

    /// <summary>Every file of the voice, of the cache and of its state, with time and content.</summary>
    private static string Everything(Voice voice) => string.Join('\n', Directory.EnumerateFileSystemEntries(voice.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "")}"));
}
