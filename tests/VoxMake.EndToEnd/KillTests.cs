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
