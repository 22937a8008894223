using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

public class SchedulingTests
{
    private static SmallGraph Many(bool cut = false, int batch = 8192)
    {
        var graph = new SmallGraph(cut) { BatchSize = batch };
        for (var i = 0; i < 12; i++) graph.Write($"{i:00}.txt", $"first {i}\nsecond {i}");
        return graph;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void One_batch_or_many_the_same_bytes(int batch)
    {
        using var whole = Many();
        using var parts = Many(batch: batch);
        whole.Build();
        parts.Build();
        Assert.Equal(4, whole.Executor.Starts);
        Assert.Equal(2 + 2 * ((12 + batch - 1) / batch), parts.Executor.Starts);
        Assert.Equal(whole.Snapshot(), parts.Snapshot());
        Assert.Equal(File.ReadAllText(Path.Combine(whole.Root, "vox.lock")), File.ReadAllText(Path.Combine(parts.Root, "vox.lock")));
    }

    [Fact]
    public void Items_go_on_to_the_next_stage_while_others_are_on_their_way()
    {
        using var whole = Many(cut: true);
        whole.Build();
        using var graph = Many(cut: true, batch: 2);
        var reports = graph.Build();
        var calls = graph.Executor.Calls.ToList();
        Assert.True(calls.FindIndex(call => call.StartsWith("shout", StringComparison.Ordinal)) < calls.FindLastIndex(call => call.StartsWith("cut", StringComparison.Ordinal)));
        Assert.Equal(calls.Count, calls.Distinct().Count());
        Assert.Equal(StageOutcome.Ran, reports["Shout"].Outcome);
        Assert.Equal(24, reports["Shout"].Ran);
        Assert.Equal(whole.Snapshot(), graph.Snapshot());
    }

    [Fact]
    public void What_failed_ahead_is_not_tried_twice_and_is_told_of_once()
    {
        using var graph = Many(cut: true, batch: 1);
        graph.Executor.Fails.Add("05-0008");
        var reports = graph.Build();
        Assert.Equal("Shout: 1 of 24 items failed", reports["Shout"].Failure!.What);
        Assert.Single(graph.Executor.Calls, call => call == "shout 05-0008");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_one_item_that_kills_its_tool_is_found_whether_the_tool_says_what_it_begins_or_not(bool begins)
    {
        using var graph = Many();
        graph.Executor.Begins = begins;
        graph.Executor.Crashes.Add("07");
        var reports = graph.Build();
        Assert.Equal(["07: the tool crashed (signal 11, segmentation fault) while it worked on this, and on nothing else"], reports["Shout"].Failure!.Messages);
        Assert.Equal(11, reports["Shout"].Ran);
        Assert.Equal(11, graph.Executor.Calls.Count(call => call.StartsWith("shout", StringComparison.Ordinal)));
        graph.Executor.Crashes.Clear();
        graph.Build();
        Assert.Single(graph.Executor.Calls, call => call.StartsWith("shout", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tool_that_always_dies_is_given_up_on()
    {
        using var graph = Many();
        graph.Executor.Begins = false;
        for (var i = 0; i < 12; i++) graph.Executor.Crashes.Add($"{i:00}");
        var reports = graph.Build();
        Assert.Equal("Shout: 12 of 12 items failed", reports["Shout"].Failure!.What);
        Assert.InRange(graph.Executor.Starts, 5, 30);
    }

    [Fact]
    public void A_stage_on_a_gpu_shares_it_with_nobody_and_others_run_beside_it()
    {
        using var graph = Many();
        graph.Machine = new Machine(4, ["0", "1"], 8);
        graph.OnGpu.Add("Shout");
        graph.Executor.Before = id => Thread.Sleep(5);
        using var whole = Many();
        whole.Build();
        graph.Build();
        Assert.False(graph.Executor.SharedADevice);
        Assert.InRange(graph.Executor.MostAtOnce, 2, 3);
        Assert.Equal(whole.Snapshot(), graph.Snapshot());
    }

    [Fact]
    public void A_machine_gives_exact_devices_and_never_more_than_it_has()
    {
        var machine = new Machine(8, ["GPU-a", "GPU-b"], 16);
        var cpu = Of(cores: 2);
        var gpu = Of(gpus: 1);
        var first = machine.TryTake(gpu)!;
        var second = machine.TryTake(gpu)!;
        Assert.Equal(["GPU-a"], first.Devices);
        Assert.Equal(["GPU-b"], second.Devices);
        Assert.Null(machine.TryTake(gpu));
        Assert.Equal(2, machine.TryTake(cpu)!.Threads);
        machine.Return(first);
        Assert.Equal(["GPU-a"], machine.TryTake(gpu)!.Devices);
    }

    [Fact]
    public void Memory_that_is_declared_is_waited_for_and_what_the_machine_has_not_runs_alone()
    {
        var machine = new Machine(8, [], 16);
        var half = Of(cores: 1, memory: 8);
        Assert.Equal(2, machine.Places(half));
        var first = machine.TryTake(half)!;
        Assert.NotNull(machine.TryTake(half));
        Assert.Null(machine.TryTake(half));
        var small = new Machine(8, [], 4);
        Assert.NotNull(small.TryTake(half));
        Assert.Null(small.TryTake(half));
        Assert.Equal(1, first.Threads);
    }

    [Fact]
    public void Without_gpus_a_stage_that_wants_one_runs_on_all_cores()
    {
        var share = new Machine(8, [], 16).TryTake(Of(gpus: 1))!;
        Assert.Equal(8, share.Threads);
        Assert.Empty(share.Devices);
    }

    private static Stage Of(int cores = 0, int gpus = 0, double memory = 0) =>
        new() { Name = "Any", Kind = StageKind.ForEach, Tool = "t", Verb = "v", Items = [], Cores = cores, Gpus = gpus, MemoryGb = memory };
}
