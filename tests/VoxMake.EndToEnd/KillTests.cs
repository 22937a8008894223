using System.Diagnostics;

namespace VoxMake.EndToEnd;

/// <summary>kill -9 at any moment, then the same command: the bytes of an undisturbed run (users.md 6, 2).</summary>
public class KillTests
{
    private const int Starts = 31;

    [Fact]
    [Trait("Category", "Slow")]
    public void Thirty_one_starts_killed_at_random_moments_end_with_the_bytes_of_an_undisturbed_run()
    {
        using var undisturbed = new Voice(clips: 60);
        var watch = Stopwatch.StartNew();
        undisturbed.Build();
        var whole = watch.Elapsed;

        using var voice = new Voice(clips: 60);
        var random = new Random(20261121);
        var killedAtWork = 0;
        for (var start = 1; start < Starts; start++)
        {
            using var host = voice.Start();
            _ = host.StandardOutput.ReadToEndAsync();
            _ = host.StandardError.ReadToEndAsync();
            // Moments are drawn over the whole length, denser at the start, since every start gets further.
            host.WaitForExit(TimeSpan.FromMilliseconds(40 + random.NextDouble() * random.NextDouble() * whole.TotalMilliseconds));
            if (host.HasExited) continue;
            killedAtWork++;
            var tools = Processes.Children(host.Id);
            if (start % 3 == 0 && tools.Count > 0) Process.GetProcessById(tools[random.Next(tools.Count)]).Kill(); // a tool dies, the host goes on or reports
            else host.Kill();
            host.WaitForExit();
        }
        Assert.True(killedAtWork >= 5, $"only {killedAtWork} starts were still at work when their moment came");
        voice.Build();
        Assert.Empty(Processes.WorkingIn(voice.Root));
        Assert.Equal(undisturbed.Snapshot(), voice.Snapshot());
        Thread.Sleep(300);
        Assert.Equal(undisturbed.Snapshot(), voice.Snapshot()); // nothing goes on writing
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Killed_at_random_moments_of_a_history_of_edits_it_ends_with_the_bytes_of_an_undisturbed_run()
    {
        var random = new Random(20261122);
        using var voice = new Voice(clips: 40);
        var watch = Stopwatch.StartNew();
        voice.Build("--target=Preprocess");
        var whole = watch.Elapsed;
        var (gains, level) = (new Dictionary<int, double>(), -20);
        for (var edit = 0; edit < 8; edit++)
        {
            if (edit % 4 == 3) voice.Config($"audio: {{ target_db: {level -= 1}.0 }}");
            for (var i = 0; i < 5; i++) Regain(random.Next(40), 0.5 + random.NextDouble() / 2);
            using var host = voice.Start("--target=Preprocess");
            _ = host.StandardOutput.ReadToEndAsync();
            _ = host.StandardError.ReadToEndAsync();
            if (host.WaitForExit(TimeSpan.FromMilliseconds(40 + random.NextDouble() * whole.TotalMilliseconds))) continue;
            var tools = Processes.Children(host.Id);
            if (edit % 2 == 0) host.Kill();
            foreach (var tool in tools) Processes.Signal(tool, 9); // the tool alone, or both at once
            host.WaitForExit();
        }
        voice.Build();
        using var undisturbed = new Voice(clips: 40);
        undisturbed.Config($"audio: {{ target_db: {level}.0 }}");
        foreach (var (clip, gain) in gains) undisturbed.AddClip(clip, gain);
        undisturbed.Build();
        Assert.Equal(undisturbed.Snapshot(), voice.Snapshot());

        void Regain(int clip, double gain)
        {
            gains[clip] = gain;
            voice.AddClip(clip, gain);
        }
    }

    [Fact]
    public async Task A_tool_that_was_asleep_when_its_host_was_killed_and_writes_on_later_is_not_believed()
    {
        using var undisturbed = new Voice(clips: 60);
        undisturbed.Build("--target=Preprocess");
        using var voice = new Voice(clips: 60);
        using var host = voice.Start("--target=Preprocess");
        _ = host.StandardOutput.ReadToEndAsync();
        var tools = new List<int>();
        while (tools.Count == 0 && !host.HasExited) tools = [.. Processes.Children(host.Id).Where(Processes.HasAnOrder)];
        Assert.NotEmpty(tools);
        foreach (var tool in tools) Processes.Signal(tool, Processes.Stop);
        host.Kill();
        host.WaitForExit();
        using var next = voice.Start("--target=Preprocess");
        _ = next.StandardOutput.ReadToEndAsync();
        var error = next.StandardError.ReadToEndAsync();
        await Task.Delay(400); // the next host has found it and asked it to end, or is about to
        foreach (var tool in tools) Processes.Signal(tool, Processes.Continue);
        next.WaitForExit();
        Assert.True(next.ExitCode == 0, await error);
        Assert.Empty(Processes.WorkingIn(voice.Root));
        Assert.Equal(undisturbed.Snapshot(), voice.Snapshot());
    }

    [Fact]
    public void A_tool_dies_with_its_host()
    {
        using var voice = new Voice(clips: 60);
        using var host = voice.Start();
        _ = host.StandardOutput.ReadToEndAsync();
        var tools = new List<int>();
        while (tools.Count == 0 && !host.HasExited) tools = Processes.Children(host.Id);
        Assert.NotEmpty(tools);
        host.Kill();
        host.WaitForExit();
        var gone = Stopwatch.StartNew();
        while (tools.Exists(tool => Directory.Exists($"/proc/{tool}")) && gone.Elapsed < TimeSpan.FromSeconds(10)) Thread.Sleep(20);
        Assert.DoesNotContain(tools, tool => Directory.Exists($"/proc/{tool}"));
    }
}
