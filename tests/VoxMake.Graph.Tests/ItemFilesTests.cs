using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

/// <summary>Files that belong to no item, given to a stage that works on one item after the other.</summary>
public class ItemFilesTests
{
    private static SmallGraph Three()
    {
        var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        graph.Write("sub/c.txt", "three");
        return graph;
    }

    [Theory]
    [InlineData(8192)]
    [InlineData(1)] // clips are worked on while the stage before still lists others
    public void A_file_that_all_items_are_worked_on_with_is_in_the_key_of_each(int batchSize)
    {
        using var graph = Three();
        graph.BatchSize = batchSize;
        graph.Horn = Path.Combine(graph.Root, "horn");
        File.WriteAllText(graph.Horn, " toot");
        graph.Build();
        Assert.Equal("ONE toot!", File.ReadAllText(graph.Out("Shout/text/a.txt")));
        graph.Build();
        Assert.Empty(graph.Executor.Calls);

        graph.Write("b.txt", "zwei");
        graph.Build();
        Assert.Equal(["book", "list", "measure b", "shout b"], graph.Executor.Calls.Order());

        File.WriteAllText(graph.Horn, " honk");
        var reports = graph.Build();
        Assert.Equal(["book", "shout a", "shout b", "shout sub/c"], graph.Executor.Calls.Order());
        Assert.Equal("file horn has changed", reports["Shout"].Reason);
        Assert.Equal("ZWEI honk!", File.ReadAllText(graph.Out("Shout/text/b.txt")));

        File.WriteAllText(graph.Horn, " toot");
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.Equal("ZWEI toot!", File.ReadAllText(graph.Out("Shout/text/b.txt")));
    }

    [Fact]
    public void A_file_of_all_items_that_changes_while_the_run_reads_it_is_not_believed()
    {
        using var graph = Three();
        graph.Horn = Path.Combine(graph.Root, "horn");
        File.WriteAllText(graph.Horn, " toot");
        graph.Executor.Before = id =>
        {
            if (id == "b") File.WriteAllText(graph.Horn, " changed meanwhile");
        };
        var reports = graph.Build();
        Assert.Contains("was changed while the run read it", reports["Shout"].Failure!.Messages[0]);
        graph.Executor.Before = null;
        graph.Build();
        Assert.Equal("ONE changed meanwhile!", File.ReadAllText(graph.Out("Shout/text/a.txt")));
    }
}
