using VoxMake.Graph.Planning;

namespace VoxMake.Graph.Tests;

/// <summary>What a run is expected to take, by what runs before it took.</summary>
public class ForecastTests
{
    [Fact]
    public void New_files_are_judged_by_what_earlier_ones_took()
    {
        using var graph = new SmallGraph();
        foreach (var name in new[] { "a", "b", "c" }) graph.Write($"{name}.txt", "one");
        graph.Build();
        graph.Write("d.txt", "two");
        graph.Write("e.txt", "six");
        var outlook = Outlook(graph);
        Assert.Equal(2, outlook.Items);
        Assert.Equal(["List", "Shout", "Measure", "Book"], outlook.Stages.Select(stage => stage.Stage));
        Assert.Empty(outlook.Unknown);
        Assert.Equal(0, Bytes(outlook, "Measure"));
        Assert.Equal(2 * "ONE!".Length, Bytes(outlook, "Shout"));
        Assert.Equal(new FileInfo(Directory.GetFiles(graph.Out("Book")).Single()).Length, Bytes(outlook, "Book")); // made anew as a whole
        Assert.Equal(outlook.Stages.Sum(stage => stage.Bytes), outlook.Bytes);
        Assert.InRange(outlook.Time, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_graph_that_never_ran_has_no_forecast_and_says_of_which_stages()
    {
        using var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        var outlook = Outlook(graph);
        Assert.Equal(["List", "Shout", "Measure", "Book"], outlook.Unknown);
        Assert.Equal((TimeSpan.Zero, 0), (outlook.Time, outlook.Bytes));
    }

    [Fact]
    public void Stages_that_nothing_leads_to_from_the_first_that_runs_are_not_counted()
    {
        using var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Build();
        var (space, planner, _) = graph.Open();
        graph.BookTitle = "Another";
        var stages = graph.Stages();
        var states = new Dictionary<Stage, StageState>();
        StagePlan? first = null;
        foreach (var stage in stages)
        {
            var plan = planner.Plan(stage, needed => states[needed]);
            if (plan.Freshness != Freshness.Fresh)
            {
                first = plan;
                break;
            }
            states[stage] = StageState.Done(stage, plan.Key!.Value, plan.Line!.Result, plan.Result!, space.Rows);
        }
        Assert.Equal(["Book"], new Forecast(space, stages).From(first!).Stages.Select(stage => stage.Stage));
    }

    private static Forecast.Outlook Outlook(SmallGraph graph)
    {
        var (space, planner, _) = graph.Open();
        var stages = graph.Stages();
        return new Forecast(space, stages).From(planner.Plan(stages[0], _ => throw new InvalidOperationException("List needs no stage")));
    }

    private static long Bytes(Forecast.Outlook outlook, string stage) => outlook.Stages.Single(expected => expected.Stage == stage).Bytes;
}
