using System.Diagnostics;
using System.Globalization;
using System.Text;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>What can happen to a run and to what it leaves: nothing that was whole is lost, nothing half is believed.</summary>
public class BadInputRunTests
{
    private const string ToDataset = "--target=Dataset"; // the page is of no matter here and takes longest

    [Fact]
    public void Views_that_were_deleted_come_back_without_running_anything()
    {
        using var voice = new Voice(clips: 3);
        voice.Build(ToDataset);
        var before = voice.Snapshot();
        Directory.Delete(Path.Combine(voice.Root, "out"), recursive: true);
        Assert.Empty(voice.Build(ToDataset));
        Assert.Equal(before, voice.Snapshot());
    }

    [Fact]
    public void A_cache_that_was_deleted_is_made_again_with_the_same_bytes()
    {
        using var voice = new Voice(clips: 3);
        voice.Build(ToDataset);
        var before = voice.Snapshot();
        Directory.Delete(Path.Combine(voice.Root, ".vox"), recursive: true);
        Assert.Equal(3, voice.Build(ToDataset)["Preprocess"]);
        Assert.Equal(before, voice.Snapshot());
    }

    [Fact]
    public void A_lock_that_is_not_whole_is_refused_with_the_remedy()
    {
        using var voice = new Voice(clips: 2);
        voice.Build(ToDataset);
        var path = voice.PathOf("configs/vox.lock");
        var whole = File.ReadAllBytes(path);
        foreach (var content in new[] { Encoding.UTF8.GetString(whole, 0, whole.Length / 2), """{"version":1,"configurations":[]}""", """{"version":1,"configurations":{"voice":{"stages":{"Dataset":{"result":7}}}}}""" })
        {
            File.WriteAllText(path, content);
            Assert.Equal($"vox: {path}: this is not a vox.lock of version 1\n  take the committed one back (git checkout), or delete it to start anew: then splits and speaker numbers are assigned afresh\n", voice.Try().With(code: 2).Text);
        }
        File.Delete(path);
        voice.Build(ToDataset);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void The_second_of_two_runs_says_who_is_at_work()
    {
        using var voice = new Voice(clips: 20);
        using var first = voice.Start(ToDataset);
        _ = first.StandardError.ReadToEndAsync();
        Assert.StartsWith("Fetch: ", first.StandardOutput.ReadLine());
        var second = voice.Try().With(code: 1);
        Assert.Matches($"^vox: another run works on {voice.Root}/out/voice: process {first.Id} on {Environment.MachineName}, since \\d{{4}}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\(./build.sh --config=configs/voice.yaml --target=Dataset\\)\n"
            + "  wait until it has ended, or stop it; nothing was done\n$", second.Text);
        first.StandardOutput.ReadToEnd();
        first.WaitForExit();
        Assert.Equal(0, first.ExitCode);
        Assert.Empty(voice.Build(ToDataset));
    }

    [Fact]
    public async Task After_an_interrupt_whole_results_are_kept_and_only_the_rest_is_done()
    {
        using var voice = new Voice(clips: 20);
        // env: where the tests themselves were started in the background, SIGINT would be ignored from birth
        using var host = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(voice.Bin, "vox"), "--config", "configs/voice.yaml", ToDataset]) { WorkingDirectory = voice.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = host.StandardError.ReadToEndAsync();
        while (host.StandardOutput.ReadLine() is { } line && !line.StartsWith("Preprocess:", StringComparison.Ordinal)) { }
        Assert.True(Vox.Does("kill", "-INT", host.Id.ToString(CultureInfo.InvariantCulture)));
        var output = host.StandardOutput.ReadToEnd();
        host.WaitForExit();
        new Ended(host.ExitCode, output, await error).With(code: 130);
        Assert.Equal("vox: cancelled; whole results are kept, the next run goes on from there\n", await error);
        var rest = voice.Build(ToDataset);
        Assert.Empty(rest.Keys.Intersect(["Fetch", "Extract"]));
        Assert.Equal(1, rest["Dataset"]);
        Assert.Equal(20, voice.Splits().Count);
    }

    [Fact]
    public void A_tool_that_is_missing_is_named()
    {
        using var voice = new Voice(clips: 1);
        var bin = Directory.CreateDirectory(voice.PathOf("bin")).FullName;
        foreach (var file in Directory.GetFiles(voice.Bin))
            if (!Path.GetFileName(file).StartsWith("vox-audio", StringComparison.Ordinal)) File.CreateSymbolicLink(Path.Combine(bin, Path.GetFileName(file)), file);
        Assert.Equal($"vox: the tool vox-audio is not in {bin}\n  build it: ./build.sh\n", voice.Try("--bin", bin).With(code: 2).Text);
    }

    [SkippableFact]
    public void A_disk_without_room_is_seen_before_anything_starts()
    {
        using var voice = new Voice(clips: 2);
        using var _ = new SmallDisk(Path.Combine(voice.Root, ".vox"), megabytes: 24);
        Assert.Matches("^vox: .*/\\.vox/cache: 24 MiB are free on this disk, but this run takes about 65 MiB \\(129 KiB of recordings are new\\)\n  free some space, or set up the work folder on another disk; nothing was started\n$", voice.Try().With(code: 1).Text);
    }

    [SkippableFact]
    public async Task A_disk_that_fills_up_stops_the_run_and_nothing_half_is_believed()
    {
        using var undisturbed = new Voice(clips: 20);
        undisturbed.Build(ToDataset);
        using var voice = new Voice(clips: 20);
        using var disk = new SmallDisk(Path.Combine(voice.Root, ".vox"), megabytes: 80);
        using var host = voice.Start(ToDataset);
        var error = host.StandardError.ReadToEndAsync();
        while (host.StandardOutput.ReadLine() is { } line && !line.StartsWith("Preprocess:", StringComparison.Ordinal)) { }
        disk.Fill();
        var output = host.StandardOutput.ReadToEnd();
        host.WaitForExit();
        var said = new Ended(host.ExitCode, output, await error).With(code: 1);
        Assert.Contains("the disk is full: ", said.Text);
        Assert.Contains("  free some space and run again; what is done is kept\n", said.Text);
        disk.Free();
        var rest = voice.Build(ToDataset);
        Assert.Empty(rest.Keys.Intersect(["Fetch", "Extract"]));
        Assert.Equal(undisturbed.Snapshot(), voice.Snapshot());
    }
}
