using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

public class BuildRunTests
{
    private static SmallGraph Three()
    {
        var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        graph.Write("sub/c.txt", "three");
        return graph;
    }

    [Fact]
    public void A_first_run_does_everything_and_shows_it()
    {
        using var graph = Three();
        var reports = graph.Build();
        Assert.All(reports.Values, report => Assert.Equal(StageOutcome.Ran, report.Outcome));
        Assert.Equal("ONE!", File.ReadAllText(graph.Out("Shout/text/a.txt")));
        Assert.Equal("THREE!", File.ReadAllText(graph.Out("Shout/text/sub/c.txt")));
        Assert.Equal("Book\na (3, a.txt): ONE!\nb (3, b.txt): TWO!\nsub/c (5, sub/c.txt): THREE!\na,b,sub/c", File.ReadAllText(graph.Out("Book/book.txt")));
        Assert.Contains("a,3", File.ReadAllText(graph.Out("Measure/metadata.csv")));
        Assert.True(File.Exists(Path.Combine(graph.Root, "vox.lock")));
    }

    [Fact]
    public void A_second_run_does_nothing()
    {
        using var graph = Three();
        graph.Build();
        var reports = graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.All(reports.Values, report => Assert.Equal(StageOutcome.Fresh, report.Outcome));
    }

    [Fact]
    public void One_clip_changed_redoes_one_clip_in_each_item_stage()
    {
        using var graph = Three();
        graph.Build();
        graph.Write("b.txt", "zwei");
        var reports = graph.Build();
        Assert.Equal(["book", "list", "measure b", "shout b"], graph.Executor.Calls.Order());
        Assert.Equal("file source/b.txt changed", reports["List"].Reason);
        Assert.Equal("from List: b changed", reports["Shout"].Reason);
        Assert.Equal("ZWEI!", File.ReadAllText(graph.Out("Shout/text/b.txt")));
    }

    [Fact]
    public void A_setting_changed_redoes_its_stage_and_put_back_runs_nothing()
    {
        using var graph = Three();
        graph.Build();
        var first = graph.Snapshot();
        graph.ShoutSuffix = "?";
        var reports = graph.Build();
        Assert.Equal("setting suffix: \"!\" → \"?\"", reports["Shout"].Reason);
        Assert.Equal(StageOutcome.Fresh, reports["Measure"].Outcome);
        Assert.Equal("ONE?", File.ReadAllText(graph.Out("Shout/text/a.txt")));
        graph.ShoutSuffix = "!";
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.Equal(first, graph.Snapshot());
    }

    [Fact]
    public void An_edited_tool_stales_only_its_own_stages()
    {
        using var graph = Three();
        graph.Build();
        graph.Tools.Versions["ruler"] = "2";
        var reports = graph.Build();
        Assert.Equal(["measure a", "measure b", "measure sub/c"], graph.Executor.Calls);
        Assert.StartsWith("tool ruler: ruler was changed", reports["Measure"].Reason);
        Assert.Equal(StageOutcome.Fresh, reports["Book"].Outcome); // the same measures: nothing that follows has to run
    }

    [Fact]
    public void A_renamed_clip_is_not_done_again()
    {
        using var graph = Three();
        graph.Build();
        graph.Remove("a.txt");
        graph.Write("z.txt", "one");
        graph.Build();
        Assert.Equal(["book", "list"], graph.Executor.Calls.Order());
        Assert.False(File.Exists(graph.Out("Shout/text/a.txt")));
        Assert.Equal("ONE!", File.ReadAllText(graph.Out("Shout/text/z.txt")));
    }

    [Fact]
    public void Two_equal_clips_are_worked_on_once_and_both_get_the_result()
    {
        using var graph = Three();
        graph.Write("d.txt", "one");
        graph.Build();
        Assert.Equal(3, graph.Executor.Calls.Count(call => call.StartsWith("shout", StringComparison.Ordinal)));
        Assert.Equal("ONE!", File.ReadAllText(graph.Out("Shout/text/d.txt")));
    }

    [Fact]
    public void A_rejected_clip_is_a_result_listed_with_its_reason_and_left_out_further_on()
    {
        using var graph = Three();
        graph.Write("b.txt", "bad");
        var reports = graph.Build();
        Assert.Equal(1, reports["Shout"].Counts.Rejected);
        Assert.Contains("b,bad,it is bad", File.ReadAllText(graph.Out("Shout/rejects.csv")));
        Assert.DoesNotContain("BAD", File.ReadAllText(graph.Out("Book/book.txt")));
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
    }

    [Fact]
    public void A_failed_clip_does_not_stop_the_others_and_only_it_is_tried_again()
    {
        using var graph = Three();
        graph.Write("b.txt", "broken");
        var reports = graph.Build();
        Assert.Equal(StageOutcome.Failed, reports["Shout"].Outcome);
        Assert.Equal("Shout: 1 of 3 items failed", reports["Shout"].Failure!.What);
        Assert.Equal(["b: it is broken"], reports["Shout"].Failure!.Messages);
        Assert.Equal(StageOutcome.Skipped, reports["Book"].Outcome);
        graph.Build();
        Assert.Equal(["shout b"], graph.Executor.Calls);
    }

    [Fact]
    public void Keep_going_builds_the_rest_without_what_failed()
    {
        using var graph = Three();
        graph.Write("b.txt", "broken");
        graph.KeepGoing = true;
        var reports = graph.Build();
        Assert.Equal(StageOutcome.Failed, reports["Shout"].Outcome);
        Assert.Equal(StageOutcome.Ran, reports["Book"].Outcome);
        Assert.DoesNotContain("b (", File.ReadAllText(graph.Out("Book/book.txt")));
    }

    [Fact]
    public void A_tool_that_crashes_is_started_again_and_the_item_at_fault_is_named()
    {
        using var graph = Three();
        graph.Executor.Crashes.Add("b");
        var reports = graph.Build();
        var failure = Assert.IsType<StageFailure>(reports["Shout"].Failure);
        Assert.Contains(failure.Messages, message => message.StartsWith("b: the tool crashed (signal 11", StringComparison.Ordinal));
        Assert.Contains("shout a", graph.Executor.Calls);
        Assert.Contains("shout sub/c", graph.Executor.Calls);
    }

    [Fact]
    public void Pieces_are_children_of_their_recording_and_join_what_is_known_of_it()
    {
        using var graph = new SmallGraph(cut: true);
        graph.Write("a.txt", "one\ntwo");
        graph.Write("b.txt", "three");
        graph.Build();
        Assert.Equal("TWO!", File.ReadAllText(graph.Out("Shout/text/a-0004.txt")));
        Assert.Contains("a-0004 (3, a.txt): TWO!", File.ReadAllText(graph.Out("Book/book.txt")));
        graph.Write("a.txt", "one\nzwei");
        graph.Build();
        Assert.Equal(["book", "cut a", "list", "measure a-0004", "shout a-0004"], graph.Executor.Calls.Order());
    }

    [Fact]
    public void What_a_stage_remembers_is_given_back_and_makes_nothing_stale()
    {
        using var graph = Three();
        graph.Build();
        Assert.EndsWith("a,b,sub/c", File.ReadAllText(graph.Out("Book/book.txt")));
        graph.Write("aa.txt", "new");
        graph.Build();
        Assert.EndsWith("a,b,sub/c,aa", File.ReadAllText(graph.Out("Book/book.txt"))); // append-only, through vox.lock
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
    }

    [Fact]
    public void Force_runs_a_target_again_and_adopt_takes_its_result_over()
    {
        using var graph = Three();
        graph.Build();
        graph.Forced.Add("Measure");
        graph.Build();
        Assert.Equal(3, graph.Executor.Calls.Count);
        graph.Forced.Clear();
        graph.Tools.Versions["small"] = "2";
        graph.Adopted.UnionWith(["List", "Shout", "Book"]);
        var reports = graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.StartsWith("adopted", reports["Shout"].Reason);
        Assert.Contains("adopted", File.ReadAllText(Path.Combine(graph.Root, "vox.lock")));
        graph.Adopted.Clear();
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
    }

    [Fact]
    public void Locked_refuses_a_result_that_the_lock_does_not_name()
    {
        using var graph = Three();
        graph.Build();
        graph.Write("b.txt", "zwei");
        graph.Locked = true;
        var reports = graph.Build();
        Assert.Equal(StageOutcome.Failed, reports["List"].Outcome);
        Assert.Contains("vox.lock", reports["List"].Reason);
    }

    [Fact]
    public void Locked_only_warns_of_a_result_that_may_vary_and_of_what_is_made_of_it()
    {
        using var graph = new SmallGraph { Varies = "it measures time" };
        graph.Write("a.txt", "one");
        graph.Build();
        graph.ShoutSuffix = "?";
        graph.Locked = true;
        for (var time = 0; time < 2; time++)
        {
            graph.Observer.Warnings.Clear();
            Assert.DoesNotContain(graph.Build().Values, report => report.Outcome == StageOutcome.Failed);
            Assert.Equal(["Shout: its result is not the one that vox.lock names, and need not be (it measures time)", "Book: its result is not the one that vox.lock names, and need not be (Shout: it measures time)"], graph.Observer.Warnings);
        }
    }

    [Fact]
    public void Nothing_goes_on_with_an_empty_list()
    {
        using var graph = new SmallGraph();
        graph.Write("a.txt", "bad");
        var reports = graph.Build();
        Assert.Equal("Shout: no item is left (1 rejected)", reports["Shout"].Failure!.What);
        Assert.Contains("1 × bad: a: it is bad", reports["Shout"].Failure!.Messages);
        Assert.Equal(StageOutcome.Failed, graph.Build()["Shout"].Outcome); // and not only the first time
    }

    [Fact]
    public void A_file_that_changes_while_the_run_reads_it_is_not_believed()
    {
        using var graph = Three();
        graph.Executor.Before = id =>
        {
            if (id == "b") graph.Write("b.txt", "changed meanwhile");
        };
        var reports = graph.Build();
        Assert.Contains("was changed while the run read it", reports["Shout"].Failure!.Messages[0]);
        graph.Executor.Before = null;
        graph.Build();
        Assert.Equal("CHANGED MEANWHILE!", File.ReadAllText(graph.Out("Shout/text/b.txt")));
    }

    [Fact]
    public void A_lost_or_damaged_blob_is_noticed_and_made_again()
    {
        using var graph = Three();
        graph.Build();
        var first = graph.Snapshot();
        foreach (var blob in Directory.EnumerateFiles(Path.Combine(graph.Root, ".vox", "cache", "blobs"), "*", SearchOption.AllDirectories))
            if (File.ReadAllText(blob) == "ONE!") File.Delete(blob);
        graph.BookTitle = "Buch"; // something that needs the lost blob
        graph.Build();
        Assert.Contains("shout a", graph.Executor.Calls);
        Assert.Equal(first.Replace("Book\n", "Buch\n"), graph.Snapshot());
    }

    [Fact]
    public void Views_are_read_only_and_made_again_when_removed()
    {
        using var graph = Three();
        graph.Build();
        var file = graph.Out("Shout/text/a.txt");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(file));
        Directory.Delete(graph.Out("Shout"), recursive: true);
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.Equal("ONE!", File.ReadAllText(file));
    }

    [Fact]
    public void Own_files_of_people_are_never_linked_or_moved()
    {
        using var graph = Three();
        graph.Build();
        Assert.False(Directory.Exists(graph.Out("List/text")));
        Assert.Contains(Path.Combine(graph.Source.Root, "a.txt"), File.ReadAllText(graph.Out("List/metadata.csv")));
        Assert.Equal("one", File.ReadAllText(Path.Combine(graph.Source.Root, "a.txt")));
    }

    [Fact]
    public void Two_runs_at_once_the_second_says_who_holds_it()
    {
        using var graph = Three();
        var (space, _, _) = graph.Open();
        space.Create();
        using var first = RunGuard.Take(space, TimeProvider.System, "vox --target=Train", "vox.lock", _ => { });
        var error = Assert.Throws<VoxException>(() => RunGuard.Take(graph.Open().Space, TimeProvider.System, "vox", "vox.lock", _ => { }));
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.Message);
        Assert.Contains("vox --target=Train", error.Message);
    }

    [Fact]
    public void A_result_put_back_is_the_present_one_again()
    {
        using var graph = Three();
        graph.Build();
        graph.ShoutSuffix = "?";
        graph.Build();
        graph.ShoutSuffix = "!";
        graph.Build();
        var (space, _, _) = graph.Open();
        Assert.Equal(space.Log.History("Shout")[0].Result, space.Log.Present("Shout")!.Result);
        graph.ShoutSuffix = "?!";
        Assert.Contains("setting suffix: \"!\" → \"?!\"", graph.Dry()["Shout"].Reason); // told against what is shown, not against what was made last
    }

    [Fact]
    public void A_stage_that_reads_another_column_is_not_fresh()
    {
        using var graph = Three();
        graph.Build();
        var stages = graph.Stages();
        var states = new Dictionary<Planning.Stage, Planning.StageState>();
        var (space, fresh, _) = graph.Open();
        foreach (var stage in stages.Take(3))
        {
            var plan = fresh.Plan(stage, needed => states[needed]);
            states[stage] = Planning.StageState.Done(stage, plan.Key!.Value, plan.Line!.Result, plan.Result!, space.Rows);
        }
        Assert.Equal(Planning.Freshness.Fresh, fresh.Plan(stages[3], needed => states[needed]).Freshness);
        var other = stages[3] with { Items = [stages[3].Items[0] with { Joined = [stages[3].Items[0].Joined[0]] }] };
        Assert.Equal(Planning.Freshness.Stale, fresh.Plan(other, needed => states[needed]).Freshness);
    }

    [Fact]
    public void Adopt_takes_over_what_there_is_and_runs_the_rest()
    {
        using var graph = Three();
        graph.Build();
        graph.Tools.Versions["ruler"] = "2";
        graph.Write("new.txt", "a new one");
        graph.Adopted.Add("Measure");
        var reports = graph.Build();
        Assert.Equal(["book", "list", "measure new", "shout new"], graph.Executor.Calls.Order());
        Assert.StartsWith("adopted from the run of", reports["Measure"].Reason);
    }

    [Fact]
    public void A_partly_failed_result_is_not_named_in_the_lock()
    {
        using var graph = Three();
        graph.Build();
        var before = File.ReadAllText(Path.Combine(graph.Root, "vox.lock"));
        graph.Write("b.txt", "broken");
        graph.KeepGoing = true;
        graph.Build();
        var (_, _, voxLock) = graph.Open();
        Assert.Equal(before, File.ReadAllText(Path.Combine(graph.Root, "vox.lock")));
        Assert.NotNull(voxLock.Result("Shout"));
    }

    [Fact]
    public void The_view_of_a_target_that_is_gone_from_the_graph_is_removed()
    {
        using var graph = Three();
        graph.Build();
        new View(graph.Open().Space).Prune(new HashSet<string> { "List", "Shout", "Book" });
        Assert.False(Directory.Exists(graph.Out("Measure")));
        Assert.True(Directory.Exists(graph.Out("Shout")));
    }
}
