using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

public class CacheBudgetTests
{
    private static SmallGraph Small(string? cache = null, IDisk? disk = null, string text = "two")
    {
        var graph = new SmallGraph(disk: disk) { Cache = cache };
        graph.Write("a.txt", "one");
        graph.Write("b.txt", text);
        return graph;
    }

    /// <summary>Built with "!" first, then with "?".</summary>
    private static SmallGraph Twice(string? cache = null, IDisk? disk = null)
    {
        var graph = Small(cache, disk);
        graph.Build();
        graph.ShoutSuffix = "?";
        graph.Build();
        return graph;
    }

    private static SweepReport Sweep(SmallGraph graph, SweepLimits limits, bool dryRun = false)
    {
        using var hold = dryRun ? null : CacheHold.Take(graph.Open().Space);
        return new CacheBudget(graph.Open().Space).Sweep(limits, dryRun);
    }

    private static List<string> Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_dry_run_says_what_goes_and_removes_nothing()
    {
        using var graph = Twice();
        var before = Files(graph.Root);
        var said = Sweep(graph, new SweepLimits(), dryRun: true);
        Assert.Equal(before, Files(graph.Root));
        var done = Sweep(graph, new SweepLimits());
        Assert.Equal(said.Freed, done.Freed);
        Assert.Equal(said.Kept, done.Kept);
        Assert.Equal(done.Freed.Sum(freed => freed.Files), before.Count - Files(graph.Root).Count);
        Assert.Empty(Sweep(graph, new SweepLimits()).Freed);
    }

    [Fact]
    public void What_history_tells_stays_though_the_files_are_gone()
    {
        using var graph = Twice();
        Sweep(graph, new SweepLimits());
        var past = new History(graph.Open().Space, graph.Stages().First(stage => stage.Name == "Shout")).Results();
        Assert.Equal([true, false], past.Select(one => one.Held));
        Assert.Equal("setting suffix: \"!\" → \"?\"", Assert.Single(past[0].Differs!).Text);
        Assert.NotNull(past[1].Result);
    }

    [Fact]
    public void Whatever_room_is_left_an_older_result_is_whole_or_made_again()
    {
        using var graph = Twice();
        var most = Sweep(graph, new SweepLimits(), dryRun: true);
        var kept = most.Kept.Sum(amount => amount.Bytes);
        for (var room = most.Freed.Sum(amount => amount.Bytes); room >= 0; room -= 20)
        {
            Sweep(graph, new SweepLimits(kept + room));
            graph.ShoutSuffix = "!";
            var report = graph.Build();
            Assert.Equal("ONE!", File.ReadAllText(graph.Out("Shout/text/a.txt")));
            Assert.All(report.Values, one => Assert.DoesNotContain("lost or damaged", one.Reason));
            graph.ShoutSuffix = "?";
            graph.Build();
        }
    }

    [Fact]
    public void A_result_whose_own_file_went_is_not_taken_for_fresh_though_its_list_of_rows_is_anothers_too()
    {
        using var graph = Small();
        graph.Build();
        graph.BookTitle = "Second";
        graph.Build();
        Sweep(graph, new SweepLimits());
        graph.BookTitle = "Book";
        Assert.StartsWith("would run", graph.Dry()["Book"].Reason);
        graph.Build();
        Assert.Equal(["book"], graph.Executor.Calls);
    }

    [Fact]
    public void What_was_used_later_than_the_age_stays()
    {
        using var graph = Twice();
        Assert.Empty(Sweep(graph, new SweepLimits(OlderThan: TimeSpan.FromDays(30))).Freed);
        var later = new Workspace(graph.Disk, graph.Root, graph.Name, 2, new LaterClock(TimeSpan.FromDays(31)));
        Assert.NotEmpty(new CacheBudget(later).Sweep(new SweepLimits(OlderThan: TimeSpan.FromDays(30)), dryRun: true).Freed);
    }

    [Fact]
    public void What_a_lock_names_stays_though_the_log_is_gone()
    {
        using var graph = Small();
        graph.Build();
        var first = File.ReadAllText(Path.Combine(graph.Root, "vox.lock"));
        graph.ShoutSuffix = "?";
        graph.Build();
        File.WriteAllText(Path.Combine(graph.Root, "vox.lock"), first); // as git checkout does
        Sweep(graph, new SweepLimits());
        graph.ShoutSuffix = "!";
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        File.Delete(Path.Combine(graph.Root, ".vox/test/runs"));
        Sweep(graph, new SweepLimits());
        graph.Build();
        Assert.DoesNotContain(graph.Executor.Calls, call => call.StartsWith("shout", StringComparison.Ordinal)); // their records name files that are there
    }

    [Fact]
    public void A_lock_that_cannot_be_read_stops_it_by_name()
    {
        using var graph = Twice();
        File.AppendAllText(Path.Combine(graph.Root, "vox.lock"), "<<<<<<< HEAD");
        Assert.StartsWith(Path.Combine(graph.Root, "vox.lock") + ": ", Assert.Throws<VoxException>(() => new LiveBlobs(new Workspace(graph.Disk, graph.Root, graph.Name, 2))).Message);
        Assert.Equal(default, new CacheBudget(new Workspace(graph.Disk, graph.Root, graph.Name, 2)).Sweep(0)); // cache.max_gb must not end a good run badly
    }

    [Fact]
    public void Nothing_goes_while_a_run_is_at_work_and_no_run_begins_meanwhile()
    {
        using var graph = Twice();
        var space = graph.Open().Space;
        graph.Name = "other";
        using (RunGuard.Take(space, TimeProvider.System, "vox --target=Train", Path.Combine(graph.Root, "vox.lock"), _ => { }))
        {
            Assert.Contains($"a run works on test in {graph.Root}: process {Environment.ProcessId} on ", Assert.Throws<VoxException>(() => Sweep(graph, new SweepLimits())).Message);
            Assert.NotEmpty(Sweep(graph, new SweepLimits(), dryRun: true).Freed);
        }
        Assert.NotEmpty(Sweep(graph, new SweepLimits()).Freed);
    }

    [Fact]
    public void Roots_that_share_a_cache_keep_each_others_results_until_one_is_gone()
    {
        using var shared = new TemporaryFolder();
        var cache = shared.File("cache/x")[..^2];
        using var one = Twice(cache);
        using (var two = Small(cache, text: "three"))
        {
            two.Build();
            Assert.Equal(new[] { one.Root, two.Root }.Order(StringComparer.Ordinal), one.Open().Space.Roots.All().Order(StringComparer.Ordinal));
            Sweep(one, new SweepLimits());
            two.Build();
            Assert.Empty(two.Executor.Calls);
            Directory.Delete(Path.Combine(two.Root, "out"), recursive: true);
            two.Build();
            Assert.Empty(two.Executor.Calls);
            using (RunGuard.Take(two.Open().Space, TimeProvider.System, "test", "vox.lock", _ => { }))
                Assert.Contains($"a run works on test in {two.Root}", Assert.Throws<VoxException>(() => Sweep(one, new SweepLimits())).Message);
        }
        Assert.NotEmpty(Sweep(one, new SweepLimits()).Freed);
        one.Build();
        Assert.Empty(one.Executor.Calls);
    }

    [Fact]
    public void What_one_root_made_the_other_finds()
    {
        using var shared = new TemporaryFolder();
        var cache = shared.File("cache/x")[..^2];
        using var one = Small(cache);
        using var two = Small(cache);
        one.Build();
        two.Build();
        Assert.Empty(two.Executor.Calls);
        Assert.Equal(one.Snapshot(), two.Snapshot());
        Assert.False(Directory.Exists(Path.Combine(two.Root, ".vox/cache")));
    }

    [Fact]
    public void Runs_that_share_a_cache_can_add_the_same_at_once()
    {
        using var shared = new TemporaryFolder();
        var cache = shared.File("cache/x")[..^2];
        var graphs = Enumerable.Range(0, 4).Select(_ => Small(cache)).ToList();
        Parallel.ForEach(graphs, graph => graph.Build());
        Assert.Single(graphs.Select(graph => graph.Snapshot()).Distinct());
        Assert.Equal(4, graphs[0].Open().Space.Roots.All().Count);
        graphs.ForEach(graph => graph.Dispose());
    }

    [Fact]
    public void A_root_that_cannot_be_read_stops_it_by_name_until_it_is_forgotten()
    {
        using var graph = Twice();
        var space = graph.Open().Space;
        var root = Path.Combine(graph.Root, "elsewhere");
        Directory.CreateDirectory(root);
        File.CreateSymbolicLink(Path.Combine(root, ".vox"), ".vox"); // a link in a circle, which root cannot read either
        space.Roots.Register(root);
        Assert.StartsWith(root + ": it uses the cache, and cannot be read", Assert.Throws<VoxException>(() => Sweep(graph, new SweepLimits())).Message);
        Assert.True(space.Roots.Forget(root));
        Assert.NotEmpty(Sweep(graph, new SweepLimits()).Freed);
    }

    [Fact]
    public void Wherever_a_removal_is_cut_off_the_next_build_is_as_if_it_had_not_been()
    {
        var operations = int.MaxValue;
        for (var failAt = 1; failAt <= operations; failAt += 7)
        {
            var disk = new FaultyDisk(new LocalDisk());
            using var graph = Twice(disk: disk);
            var expected = graph.Snapshot();
            disk.Start(failAt, lasting: true);
            try
            {
                Sweep(graph, new SweepLimits());
                operations = 0;
            }
            catch (Exception error) when (error is IOException or VoxException) { }
            disk.Start(0, lasting: false);
            graph.Build();
            Assert.Empty(graph.Executor.Calls);
            graph.ShoutSuffix = "!";
            graph.Build();
            graph.ShoutSuffix = "?";
            graph.Build();
            Assert.Equal(expected, graph.Snapshot());
        }
    }

    private sealed class LaterClock(TimeSpan later) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + later;
    }
}
