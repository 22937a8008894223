using System.Diagnostics;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Tests;

public class FaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whichever_disk_operation_fails_the_next_run_ends_as_an_undisturbed_one(bool lasting)
    {
        string expected;
        using (var undisturbed = Small(new LocalDisk()))
        {
            undisturbed.Build();
            Change(undisturbed);
            undisturbed.Build();
            expected = undisturbed.Snapshot();
        }

        for (var fail = 1; ; fail += lasting ? 5 : 3)
        {
            var disk = new FaultyDisk(new LocalDisk());
            using var graph = Small(disk);
            graph.Build();
            Change(graph);
            disk.Start(fail, lasting);
            var passed = true;
            try { graph.Build(); }
            catch (Exception error) when (error is IOException or VoxException) { passed = false; }
            var reached = disk.Count >= fail;
            disk.Start(0, false);
            graph.Build();
            Assert.Equal(expected, graph.Snapshot());
            if (passed && !reached) break;
        }
    }

    [Fact]
    public void An_orphan_of_a_killed_run_is_stopped_before_work_starts()
    {
        using var graph = Small(new LocalDisk());
        graph.Build();
        using var orphan = Process.Start("sleep", "60");
        var mark = ProcessMark.Of(orphan.Id)!;
        var (space, _, _) = graph.Open();
        space.Log.Add(new ChildLine("killed run", DateTimeOffset.UtcNow, "Shout", "small", mark.Pid, mark.StartTicks, mark.Boot));

        var found = new List<ChildLine>();
        using (RunGuard.Take(graph.Open().Space, TimeProvider.System, "test", Path.Combine(graph.Root, "vox.lock"), found.Add)) Assert.False(mark.Runs);
        Assert.Equal("Shout", Assert.Single(found).Stage);
        found.Clear();
        using (RunGuard.Take(graph.Open().Space, TimeProvider.System, "test", Path.Combine(graph.Root, "vox.lock"), found.Add)) Assert.Empty(found); // and it is known to be gone
    }

    [Fact]
    public void A_later_process_of_the_same_number_is_left_alone()
    {
        using var graph = Small(new LocalDisk());
        graph.Build();
        using var innocent = Process.Start("sleep", "60");
        var mark = ProcessMark.Of(innocent.Id)!;
        graph.Open().Space.Log.Add(new ChildLine("killed run", DateTimeOffset.UtcNow, "Shout", "small", mark.Pid, mark.StartTicks - 1, mark.Boot));
        graph.Open().Space.Log.Add(new ChildLine("before the reboot", DateTimeOffset.UtcNow, "Shout", "small", mark.Pid, mark.StartTicks, "another boot"));
        using (RunGuard.Take(graph.Open().Space, TimeProvider.System, "test", Path.Combine(graph.Root, "vox.lock"), _ => { })) Assert.True(mark.Runs);
        innocent.Kill();
    }

    [Fact]
    public void The_cache_is_kept_within_its_budget_and_never_loses_what_is_in_use()
    {
        using var graph = Small(new LocalDisk());
        graph.Build();
        graph.ShoutSuffix = "? and much more of it";
        graph.Build();
        var expected = graph.Snapshot();
        var (space, _, _) = graph.Open();
        var before = Directory.EnumerateFiles(space.Blobs.Root, "*", SearchOption.AllDirectories).Count();
        var freed = new CacheBudget(space).Sweep(0);
        Assert.True(freed.Files > 0);
        Assert.Equal(before - freed.Files, Directory.EnumerateFiles(space.Blobs.Root, "*", SearchOption.AllDirectories).Count());
        Directory.Delete(Path.Combine(graph.Root, "out"), recursive: true);
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.Equal(expected, graph.Snapshot());
        graph.ShoutSuffix = "!";
        graph.Build(); // what was swept is made again
        Assert.Contains("shout a", graph.Executor.Calls);
    }

    private static SmallGraph Small(IDisk disk)
    {
        var graph = new SmallGraph(disk: disk);
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        return graph;
    }

    private static void Change(SmallGraph graph)
    {
        graph.Write("b.txt", "zwei");
        graph.Write("c.txt", "bad");
    }
}
