using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

public class CausesTests
{
    private static SmallGraph Two()
    {
        var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        graph.Build();
        return graph;
    }

    /// <summary>The tree under a stage, a line a reason, indented by its depth.</summary>
    private static string Why(SmallGraph graph, string stage)
    {
        var (space, planner, _) = graph.Open();
        var run = new DryRun(space, planner);
        foreach (var one in graph.Stages()) run.Add(one);
        run.Run(default);
        var text = new List<string>();
        Add(new Causes(space, run.Plans).Of(run.Plans.First(plan => plan.Stage.Name == stage)), "");
        return string.Join('\n', text);

        void Add(IReadOnlyList<Cause> causes, string indent)
        {
            foreach (var cause in causes)
            {
                text.Add(indent + cause.Reason.Text);
                Add(cause.Under, indent + " ");
            }
        }
    }

    [Fact]
    public void What_waits_for_a_stage_has_that_stages_reason_under_it()
    {
        using var graph = Two();
        graph.ShoutSuffix = "?";
        Assert.Equal("setting suffix: \"!\" → \"?\"", Why(graph, "Shout"));
        Assert.Equal("unknown until Shout\n setting suffix: \"!\" → \"?\"", Why(graph, "Book"));
        Assert.Equal("", Why(graph, "Measure"));
    }

    [Fact]
    public void A_result_that_has_changed_is_followed_to_the_file_though_its_own_stage_is_fresh()
    {
        using var graph = Two();
        graph.Write("b.txt", "broken"); // List runs, Shout fails: it is stale on a fresh one
        graph.Build();
        Assert.Equal("from List: b changed\n file source/b.txt changed", Why(graph, "Shout"));
        Assert.Contains("from List: b changed\n file source/b.txt changed\nunknown until Shout\n from List: b changed\n  file source/b.txt changed", Why(graph, "Book"));
    }

    [Fact]
    public void What_a_lost_result_was_made_of_is_left_out_and_nothing_fails()
    {
        using var graph = Two();
        var first = graph.Open().Space.Log.Present("List")!;
        graph.Write("b.txt", "broken");
        graph.Build();
        File.Delete(graph.Open().Space.Blobs.PathOf(first.Made));
        Assert.Equal("from List: b changed", Why(graph, "Shout"));
        File.Delete(graph.Open().Space.Blobs.PathOf(first.Result));
        Assert.Equal("the result of List has changed", Why(graph, "Shout"));
    }
}
