using FsCheck;
using FsCheck.Fluent;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

/// <summary>A stage that learns step by step, and whose interruption is normal (DESIGN 4).</summary>
public class LineageTests
{
    private static SmallGraph School()
    {
        var graph = new SmallGraph { Learns = true };
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        return graph;
    }

    /// <summary>Builds, and is stopped before a step.</summary>
    private static StageReport Stopped(SmallGraph graph, int step, int code = ExitCode.Cancelled)
    {
        (graph.Executor.StopsAt, graph.Executor.StopCode) = (step, code);
        var report = graph.Build()["Learn"];
        graph.Executor.StopsAt = null;
        return report;
    }

    private static string Model(SmallGraph graph) => File.ReadAllText(graph.Out("Learn/model.txt"));
    private static string[] Steps(SmallGraph graph) => [.. graph.Executor.Calls.Where(call => call.StartsWith("step", StringComparison.Ordinal))];
    private static string[] Folders(SmallGraph graph) => [.. Directory.EnumerateDirectories(Path.Combine(graph.Root, ".vox", graph.Name, "lineages")).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData(ExitCode.Cancelled)]
    [InlineData(ExitCode.Failed)]
    [InlineData(137)]
    public void An_interrupted_run_is_gone_on_from_and_ends_with_the_same_bytes(int code)
    {
        using var straight = School();
        straight.Build();
        using var graph = School();
        var report = Stopped(graph, 4, code);
        Assert.Equal(StageOutcome.Failed, report.Outcome);
        Assert.Equal("what is done so far is kept; the next run goes on from there", report.Failure!.Try);
        Assert.StartsWith("would run: goes on from what an interrupted run left, at 3 of 5 steps", graph.Dry()["Learn"].Reason);
        report = graph.Build()["Learn"];
        Assert.Equal(["step 4", "step 5"], Steps(graph));
        Assert.Equal("goes on from what an interrupted run left, at 3 of 5 steps", report.Reason);
        Assert.Equal(Model(straight), Model(graph));
    }

    [Fact]
    public void A_cancelled_host_leaves_the_state()
    {
        using var graph = School();
        using var cancel = new CancellationTokenSource();
        graph.Executor.StopsAt = 3;
        graph.Executor.Before = id => { if (id == "b") cancel.Cancel(); };
        Assert.Throws<OperationCanceledException>(() => graph.Build(cancel.Token)); // in Shout, before Learn: there is no state yet
        Assert.False(Directory.Exists(Path.Combine(graph.Root, ".vox", "test", "lineages")));
        graph.Executor.Before = null;
        graph.Build();
        graph.Executor.StopsAt = null;
        graph.Build();
        Assert.Equal(["step 3", "step 4", "step 5"], Steps(graph));
    }

    [Fact]
    public void More_epochs_go_on_in_the_same_folder()
    {
        using var graph = School();
        graph.Build();
        var folders = Folders(graph);
        graph.Epochs = 8;
        Assert.Contains("goes on from what its last result left, at 5 of 5 steps", graph.Dry()["Learn"].AllReasons);
        var report = graph.Build()["Learn"];
        Assert.Equal("setting epochs: \"5\" → \"8\"", report.Reason);
        Assert.Equal(["step 6", "step 7", "step 8"], Steps(graph));
        Assert.Equal(folders, Folders(graph));
        using var straight = School();
        straight.Epochs = 8;
        straight.Build();
        Assert.Equal(Model(straight), Model(graph));
        graph.Epochs = 5; // put back: the older result, and nothing runs
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
    }

    [Fact]
    public void Another_setting_tool_or_input_begins_another_lineage()
    {
        using var graph = School();
        graph.Build();
        graph.Rate = "fast";
        graph.Build();
        Assert.Equal(5, Steps(graph).Length);
        graph.Tools.Versions["school"] = "2";
        graph.Build();
        Assert.Equal(5, Steps(graph).Length);
        graph.Write("a.txt", "eins");
        graph.Build();
        Assert.Equal(5, Steps(graph).Length);
        Assert.Equal(4, Folders(graph).Length);
        graph.Tools.Versions["small"] = "2"; // a stage before it, with the same bytes: the lineage is the same
        graph.Epochs = 6;
        graph.Build();
        Assert.Equal(["step 6"], Steps(graph));
    }

    [Fact]
    public void Adopt_goes_on_from_what_a_run_with_an_older_tool_left()
    {
        using var graph = School();
        Stopped(graph, 4);
        graph.Tools.Versions["school"] = "2";
        graph.Adopted.Add("Learn");
        Assert.Equal(StageOutcome.Failed, Stopped(graph, 5).Outcome);
        Assert.Equal(["step 4"], Steps(graph));
        var report = graph.Build()["Learn"]; // the very same command again
        Assert.Equal(["step 5"], Steps(graph));
        Assert.Equal(StageOutcome.Ran, report.Outcome);
        Assert.Single(Folders(graph));
        var (space, _, _) = graph.Open();
        Assert.StartsWith("went on from what the interrupted run of", space.Log.Present("Learn")!.Note);
        Assert.Contains("went on from what the interrupted run of", File.ReadAllText(Path.Combine(graph.Root, "vox.lock")));
        graph.Adopted.Clear();
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
    }

    [Fact]
    public void Adopt_mends_a_fresh_start_by_mistake_and_keeps_that_until_the_result_is_whole()
    {
        using var graph = School();
        Stopped(graph, 4);
        graph.Tools.Versions["school"] = "2";
        Stopped(graph, 2);
        graph.Adopted.Add("Learn");
        Stopped(graph, 5);
        Assert.Equal(2, Folders(graph).Length);
        Assert.EndsWith(".before", Folders(graph)[1]);
        graph.Build();
        Assert.Equal(["step 5"], Steps(graph));
        Assert.Single(Folders(graph));
    }

    [Fact]
    public void Adopt_takes_a_finished_result_with_its_state_so_that_more_epochs_still_go_on()
    {
        using var graph = School();
        graph.Build();
        graph.Tools.Versions["school"] = "2";
        graph.Adopted.Add("Learn");
        var report = graph.Build()["Learn"];
        Assert.Empty(graph.Executor.Calls);
        Assert.StartsWith("adopted from the run of", report.Reason);
        graph.Adopted.Clear();
        graph.Epochs = 6;
        graph.Build();
        Assert.Equal(["step 6"], Steps(graph));
        Assert.StartsWith("adopted from the run of", graph.Open().Space.Log.Present("Learn")!.Note); // what was built on it is no less adopted
    }

    [Fact]
    public void Adopt_of_a_longer_training_that_was_stopped_does_not_pass_the_shorter_result_off_as_it()
    {
        using var graph = School();
        graph.Build();
        graph.Epochs = 9;
        Stopped(graph, 8);
        graph.Tools.Versions["school"] = "2";
        graph.Adopted.Add("Learn");
        Stopped(graph, 9);
        Assert.Equal(["step 8"], Steps(graph));
        graph.Build();
        Assert.Equal(["step 9"], Steps(graph));
        Assert.EndsWith("9", Model(graph));
    }

    [Fact]
    public void Adopt_with_nothing_to_take_over_says_so()
    {
        using var graph = School();
        graph.Adopted.Add("Learn");
        Assert.Contains("there is no result of Learn here", Assert.Throws<VoxException>(() => graph.Build()).Message);
    }

    [Fact]
    public void Force_begins_anew_and_keeps_the_old_state_until_the_new_result_is_whole()
    {
        using var graph = School();
        graph.Build();
        graph.Forced.Add("Learn");
        Stopped(graph, 3);
        Assert.Equal(["step 1", "step 2"], Steps(graph));
        var aside = Folders(graph).Single(folder => folder.EndsWith(".before", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(aside, "step5")));
        Stopped(graph, 2); // forced once more: what the stopped one left goes, the oldest stays
        Assert.True(File.Exists(Path.Combine(aside, "step5")));
        graph.Build();
        Assert.Equal(5, Steps(graph).Length);
        Assert.Single(Folders(graph));
    }

    [Fact]
    public void Clean_keeps_the_state_of_present_results_and_of_what_was_stopped()
    {
        using var graph = School();
        graph.Build(); // slow: a result
        graph.Rate = "fast";
        Stopped(graph, 3); // fast: stopped, of no more use once quick was begun
        graph.Rate = "quick";
        Stopped(graph, 4);
        Assert.Equal(3, Folders(graph).Length);
        var freed = new CacheBudget(graph.Open().Space).Sweep(0);
        Assert.True(freed.Bytes > 0 && freed.KeptBytes > 0);
        Assert.Equal(2, Folders(graph).Length);
        graph.Build();
        Assert.Equal(["step 4", "step 5"], Steps(graph));
        graph.Rate = "slow";
        graph.Epochs = 6;
        graph.Build();
        Assert.Equal(["step 6"], Steps(graph)); // its state was kept for just this
    }

    [Fact]
    public void Clean_looks_after_the_states_of_all_configurations_and_a_budget_counts_them()
    {
        using var graph = School();
        Stopped(graph, 4);
        var kept = new CacheBudget(graph.Open().Space).Sweep(long.MaxValue).KeptBytes;
        File.WriteAllBytes(Path.Combine(Folders(graph)[0], "big"), new byte[1 << 20]);
        Assert.Equal(kept + (1 << 20), new CacheBudget(graph.Open().Space).Sweep(long.MaxValue).KeptBytes);
        graph.Name = "other";
        graph.Rate = "fast";
        Stopped(graph, 4);
        new CacheBudget(graph.Open().Space).Sweep(0);
        Assert.Single(Folders(graph));
        graph.Name = "test";
        Assert.Single(Folders(graph));
    }

    [Fact]
    public void Losses_are_told_while_the_tool_works()
    {
        using var graph = School();
        graph.Build();
        Assert.Equal([("loss", 1.0, 1), ("loss", 0.5, 2), ("loss", 1.0 / 3, 3), ("loss", 0.25, 4), ("loss", 0.2, 5)], graph.Observer.Metrics.Select(metric => (metric.Name, metric.Value.AsReal!.Value, (int)metric.Step)));
    }

    [Fact]
    public void A_stage_that_reads_some_files_of_another_is_not_done_again_for_the_others()
    {
        using var graph = School();
        graph.Build();
        Assert.StartsWith("model.txt: slow ", File.ReadAllText(graph.Out("Pack/packed.txt")));
        Assert.EndsWith("voices/one.txt: one", File.ReadAllText(graph.Out("Pack/packed.txt")));
        Assert.DoesNotContain("log.txt", File.ReadAllText(graph.Out("Pack/packed.txt")));
        graph.Remark = "other";
        var report = graph.Build()["Pack"];
        Assert.Equal("other", File.ReadAllText(graph.Out("Learn/log.txt")));
        Assert.DoesNotContain("pack", graph.Executor.Calls);
        Assert.Equal(StageOutcome.Fresh, report.Outcome);
        graph.Rate = "fast";
        graph.Build();
        Assert.Contains("pack", graph.Executor.Calls);
    }

    [Fact]
    public void A_persons_file_of_no_item_that_is_passed_on_is_copied()
    {
        using var graph = School();
        graph.Cover = Path.Combine(graph.Root, "cover.svg");
        File.WriteAllText(graph.Cover, "a picture");
        Assert.Equal(StageOutcome.Ran, graph.Build()["Pack"].Outcome);
        File.WriteAllText(graph.Cover, "another picture");
        Assert.Equal("a picture", File.ReadAllText(graph.Out("Pack/cover/cover.svg")));
        graph.Build();
        Assert.Equal(["pack"], graph.Executor.Calls);
        Assert.Equal("another picture", File.ReadAllText(graph.Out("Pack/cover/cover.svg")));
    }

    [Fact]
    public void A_stage_without_items_is_planned_explained_and_shown()
    {
        using var graph = School();
        Assert.Equal("unknown until Learn", graph.Dry()["Pack"].Reason);
        var report = graph.Build()["Pack"];
        Assert.Equal((StageOutcome.Ran, "it has no result here yet"), (report.Outcome, report.Reason));
        graph.Epochs = 6;
        Stopped(graph, 6);
        Assert.Equal("unknown until Learn", graph.Dry()["Pack"].Reason);
        report = graph.Build()["Pack"];
        Assert.Equal("from Learn: model.txt changed", report.Reason);
        Assert.Contains("123456", File.ReadAllText(graph.Out("Pack/packed.txt")));
    }

    /// <summary>One thing that a person may do between two builds.</summary>
    /// <param name="What">stop, epochs, rate, tool, text, force, clean or lose.</param>
    private sealed record Deed(string What, int Number);

    [Fact]
    public void Any_history_of_stops_and_changes_ends_as_a_straight_training()
    {
        var deed = Gen.Elements("stop", "stop", "epochs", "rate", "tool", "text", "force", "clean", "lose").SelectMany(what => Gen.Choose(1, 6).Select(number => new Deed(what, number)));
        Prop.ForAll(Gen.NonEmptyListOf(deed).Resize(8).ToArbitrary(), deeds =>
        {
            using var lived = School();
            foreach (var (what, number) in deeds)
                switch (what)
                {
                    case "stop": Stopped(lived, number); break;
                    case "epochs": lived.Epochs = number; break;
                    case "rate": lived.Rate = $"rate {number % 2}"; break;
                    case "tool": lived.Tools.Versions["school"] = $"{number % 2}"; break;
                    case "text": lived.Write("a.txt", $"text {number % 2}"); break;
                    case "force":
                        lived.Forced.Add("Learn");
                        Stopped(lived, number);
                        lived.Forced.Clear();
                        break;
                    case "clean": new CacheBudget(lived.Open().Space).Sweep(0); break;
                    case "lose":
                        foreach (var blob in Directory.Exists(Path.Combine(lived.Root, ".vox/cache/blobs")) ? Directory.EnumerateFiles(Path.Combine(lived.Root, ".vox/cache/blobs"), "*", SearchOption.AllDirectories).ToList() : []) File.Delete(blob);
                        break;
                }
            lived.Build();
            lived.Build();
            Assert.Empty(lived.Executor.Calls);

            using var straight = School();
            straight.Write("a.txt", File.ReadAllText(Path.Combine(lived.Source.Root, "a.txt")));
            (straight.Epochs, straight.Rate) = (lived.Epochs, lived.Rate);
            straight.Build();
            Assert.Equal(straight.Snapshot(), lived.Snapshot());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public void Whichever_disk_operation_fails_while_a_state_is_adopted_it_is_not_lost()
    {
        for (var fail = 1; ; fail += 4)
        {
            var disk = new FaultyDisk(new LocalDisk());
            using var graph = new SmallGraph(disk: disk) { Learns = true };
            graph.Write("a.txt", "one");
            Stopped(graph, 5);
            graph.Tools.Versions["school"] = "2";
            graph.Adopted.Add("Learn");
            disk.Start(fail, lasting: false);
            var passed = true;
            try { graph.Build(); }
            catch (Exception error) when (error is IOException or VoxException) { passed = false; }
            var reached = disk.Count >= fail;
            disk.Start(0, false);
            var steps = Steps(graph);
            graph.Build();
            Assert.Equal(["step 5"], steps.Concat(Steps(graph)));
            if (passed && !reached) break;
        }
    }
}
