using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

public class CacheRepairTests
{
    private static SmallGraph Built(bool cut)
    {
        var graph = new SmallGraph(cut);
        graph.Write("a.txt", "one\ntwo");
        graph.Write("b.txt", "three\nbad\nfour");
        graph.Write("c.txt", "bad");
        graph.Write("d.txt", "one\ntwo");
        graph.Build();
        return graph;
    }

    private static long Repair(SmallGraph graph)
    {
        var space = graph.Open().Space;
        var repair = new CacheRepair(space, graph.Stages());
        var added = repair.Records(Path.Combine(graph.Root, "vox.lock"));
        Assert.Empty(repair.Views());
        return added;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Records_are_made_again_from_rows_so_that_no_item_runs_twice(bool cut)
    {
        using var graph = Built(cut);
        var before = graph.Snapshot();
        File.Delete(Path.Combine(graph.Root, ".vox/cache/records"));
        File.Delete(Path.Combine(graph.Root, ".vox/test/runs"));
        Assert.True(Repair(graph) >= 4);
        graph.Build();
        Assert.Equal(["book", "list"], graph.Executor.Calls.Order());
        Assert.Equal(before, graph.Snapshot());
    }

    [Fact]
    public void Without_it_every_item_would_run()
    {
        using var graph = Built(cut: true);
        File.Delete(Path.Combine(graph.Root, ".vox/cache/records"));
        File.Delete(Path.Combine(graph.Root, ".vox/test/runs"));
        graph.Build();
        Assert.Contains("cut a", graph.Executor.Calls);
        Assert.Contains("shout a-0000", graph.Executor.Calls);
    }

    [Fact]
    public void Records_of_past_results_come_back_too()
    {
        using var graph = Built(cut: false);
        graph.ShoutSuffix = "?";
        graph.Build();
        File.Delete(Path.Combine(graph.Root, ".vox/cache/records"));
        Assert.True(Repair(graph) > 0);
        graph.Write("e.txt", "new");
        graph.ShoutSuffix = "!";
        graph.Build();
        Assert.Equal(["book", "list", "measure e", "shout e"], graph.Executor.Calls.Order());
    }

    [Fact]
    public void What_is_there_is_left_as_it_is()
    {
        using var graph = Built(cut: true);
        var records = File.ReadAllBytes(Path.Combine(graph.Root, ".vox/cache/records"));
        var before = graph.Snapshot();
        Assert.Equal(0, Repair(graph));
        Assert.Equal(records, File.ReadAllBytes(Path.Combine(graph.Root, ".vox/cache/records")));
        Assert.Equal(before, graph.Snapshot());
    }

    [Fact]
    public void Views_are_made_anew()
    {
        using var graph = Built(cut: false);
        var before = graph.Snapshot();
        File.Delete(graph.Out("Shout/text/a.txt"));
        File.WriteAllText(graph.Out("Shout/text/mine.txt"), "mine");
        Repair(graph);
        Assert.Equal(before, graph.Snapshot());
    }

    [Fact]
    public void A_result_that_the_cache_has_lost_is_named_and_its_records_left_out()
    {
        using var graph = Built(cut: false);
        var space = graph.Open().Space;
        File.Delete(space.Blobs.PathOf(space.TryRead(space.Log.Present("Shout")!.Result)!.Rows));
        File.Delete(Path.Combine(graph.Root, ".vox/cache/records"));
        space = graph.Open().Space;
        var repair = new CacheRepair(space, graph.Stages());
        repair.Records(Path.Combine(graph.Root, "vox.lock"));
        Assert.Equal(["Shout"], repair.Views());
        graph.Build();
        Assert.DoesNotContain(graph.Executor.Calls, call => call.StartsWith("measure", StringComparison.Ordinal));
    }
}
