using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Graph.Tests;

/// <summary>Any graph, any edits: a run ends as one from scratch would, and never does work that was done before.</summary>
public class AnyEditTests
{
    [Fact]
    public void Any_graph_after_any_edit_is_as_one_from_scratch_and_no_work_is_done_twice() => Check(40);

    [Fact]
    [Trait("Category", "Slow")]
    public void So_it_is_for_many_graphs() => Check(500);

    private static void Check(int histories) =>
        Prop.ForAll(Arb.ToArbitrary(Histories.Any(remembers: false), Histories.Smaller), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(histories));

    internal static void Holds(DrawnHistory history)
    {
        using var graph = new DrawnGraph(history.Shape, history.Way, history.FileTick);
        foreach (var step in history.Steps)
        {
            graph.Apply(step);
            var built = graph.Build();
            using var scratch = graph.Scratch();
            var expected = scratch.Build();
            Assert.Null(built.DifferenceFrom(expected, history.Shape.KeepGoing));
            Assert.Empty(graph.Tools.AskedAgain);
            if (built.Error is null && history.Shape.KeepGoing) Assert.True(graph.Tools.Asked.ToHashSet().IsSubsetOf(scratch.Tools.Asked), "it asked for what a build from scratch does not need");
            if (built.Error is not null) graph.Tools.Forget(); // a Collect whose rows are refused has no result
            if (!built.Whole) continue;
            Assert.Null(graph.Build().DifferenceFrom(expected, history.Shape.KeepGoing));
            Assert.Empty(graph.Tools.Asked);
        }
    }
}
