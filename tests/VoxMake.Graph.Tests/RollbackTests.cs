using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Tests;

public class RollbackTests
{
    /// <summary>Built with "!" first, then with "?".</summary>
    private static SmallGraph Twice()
    {
        var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        graph.Build();
        graph.ShoutSuffix = "?";
        graph.BookTitle = "Second";
        graph.Build();
        return graph;
    }

    /// <param name="number">Which of the results there were, the oldest first; null takes the rollback back.</param>
    private static void RollBack(SmallGraph graph, string stage, int? number)
    {
        var (space, planner, voxLock) = graph.Open();
        using var guard = RunGuard.Take(space, TimeProvider.System, "test", voxLock.File, _ => { });
        var run = new DryRun(space, planner);
        foreach (var one in graph.Stages()) run.Add(one);
        run.Run(default);
        var plan = run.Plans.First(plan => plan.Stage.Name == stage);
        var rollback = new Rollback(space, voxLock);
        if (number is null) rollback.TakeBack(plan);
        else
        {
            var (line, result) = new History(space, plan.Stage).Find(new History(space, plan.Stage).Results().Reverse().ElementAt(number.Value).Line.Result.ToString(), "--rollback");
            rollback.To(plan, line.Result, result);
        }
        voxLock.Save([.. graph.Stages().Select(one => one.Name)], Path.Combine(graph.Root, ".vox", "lock"));
        space.Remember();
    }

    [Fact]
    public void The_next_builds_take_the_older_result_and_say_so()
    {
        using var graph = Twice();
        var first = graph.Open().Space.Log.History("Shout")[0];
        RollBack(graph, "Shout", 0);
        Assert.Equal("ONE!", File.ReadAllText(graph.Out("Shout/text/a.txt")));
        Assert.Contains($"\"note\": \"rolled back to {first.Key.Short} of ", File.ReadAllText(Path.Combine(graph.Root, "vox.lock")));
        Assert.Equal("fresh", graph.Dry()["Shout"].Reason);
        for (var build = 0; build < 2; build++)
        {
            graph.Build();
            Assert.DoesNotContain(graph.Executor.Calls, call => call.StartsWith("shout", StringComparison.Ordinal));
            Assert.Contains("ONE!", File.ReadAllText(graph.Out("Book/book.txt")));
        }
        Assert.Empty(graph.Executor.Calls);
        Assert.StartsWith("rolled back to ", graph.Open().Space.Log.Present("Shout")!.Note);
        Assert.Contains("\"note\": \"rolled back to ", File.ReadAllText(Path.Combine(graph.Root, "vox.lock")));
    }

    [Fact]
    public void It_holds_until_something_is_changed_and_what_is_told_is_that_change()
    {
        using var graph = Twice();
        RollBack(graph, "Shout", 0);
        graph.ShoutSuffix = ".";
        Assert.Equal("setting suffix: \"?\" → \".\"", graph.Build()["Shout"].Reason);
        Assert.Equal("ONE.", File.ReadAllText(graph.Out("Shout/text/a.txt")));
        graph.ShoutSuffix = "?";
        graph.Build();
        Assert.Equal("ONE!", File.ReadAllText(graph.Out("Shout/text/a.txt")));
    }

    [Fact]
    public void A_new_clip_ends_it()
    {
        using var graph = Twice();
        RollBack(graph, "Shout", 0);
        graph.Write("c.txt", "three");
        graph.Build();
        Assert.Equal("ONE?", File.ReadAllText(graph.Out("Shout/text/a.txt")));
    }

    [Fact]
    public void Force_ends_it_and_it_can_be_taken_back()
    {
        using var graph = Twice();
        RollBack(graph, "Shout", 0);
        RollBack(graph, "Shout", null);
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.Equal("ONE?", File.ReadAllText(graph.Out("Shout/text/a.txt")));
        Assert.DoesNotContain("rolled back", File.ReadAllText(Path.Combine(graph.Root, "vox.lock")));

        RollBack(graph, "Shout", 0);
        RollBack(graph, "Shout", 1); // the result of now is named itself
        Assert.Equal("ONE?", File.ReadAllText(graph.Out("Shout/text/a.txt")));

        RollBack(graph, "Shout", 0);
        graph.Forced.Add("Shout");
        graph.Build();
        graph.Forced.Clear();
        graph.Build();
        Assert.Equal("ONE?", File.ReadAllText(graph.Out("Shout/text/a.txt")));
        Assert.Contains("it was not rolled back", Assert.Throws<VoxException>(() => RollBack(graph, "Shout", null)).Message);
    }

    [Fact]
    public void A_stage_that_remembers_stays_rolled_back()
    {
        using var graph = Twice();
        RollBack(graph, "Book", 0);
        for (var build = 0; build < 2; build++)
        {
            graph.Build();
            Assert.Empty(graph.Executor.Calls);
            Assert.StartsWith("Book\n", File.ReadAllText(graph.Out("Book/book.txt")));
        }
    }

    [Fact]
    public void A_stage_that_waits_for_another_cannot_be_rolled_back_yet()
    {
        using var graph = Twice();
        graph.ShoutSuffix = ".";
        var error = Assert.Throws<VoxException>(() => RollBack(graph, "Book", 0));
        Assert.Equal("run --target=Shout first, then roll back", error.Try);
    }

    [Fact]
    public void A_result_that_names_a_persons_file_that_has_changed_since_is_refused_by_name()
    {
        using var graph = Twice();
        graph.Write("b.txt", "zwei");
        graph.Build();
        Assert.Contains("texts/b.txt as it was then", Assert.Throws<VoxException>(() => RollBack(graph, "List", 0)).Message);
        graph.Remove("b.txt");
        graph.Build();
        Assert.Contains("texts/b.txt as it was then", Assert.Throws<VoxException>(() => RollBack(graph, "List", 0)).Message);
    }

    [Fact]
    public void A_log_cut_anywhere_in_a_rollback_is_as_before_it_or_after_it()
    {
        using var graph = Twice();
        var path = Path.Combine(graph.Root, ".vox/test/runs");
        var before = File.ReadAllBytes(path);
        RollBack(graph, "Shout", 0);
        var after = File.ReadAllBytes(path);
        for (var length = before.Length; length <= after.Length; length++)
        {
            File.WriteAllBytes(path, after[..length]);
            var log = new RunLog(graph.Disk, path);
            var present = log.Present("Shout")!;
            Assert.Equal(log.IsRolledBack("Shout"), present.Note is not null);
        }
    }
}
