namespace VoxMake.Graph.Tests;

public class ViewTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void Views_kept_up_to_date_by_difference_are_those_that_are_made_anew(bool cut)
    {
        using var graph = new SmallGraph(cut);
        var random = new Random(11);
        for (var round = 0; round < 8; round++)
        {
            graph.Write("always.txt", "here");
            for (var change = 0; change < 3; change++)
            {
                var name = $"{random.Next(6)}.txt";
                if (random.Next(4) == 0) graph.Remove(name);
                else graph.Write(name, random.Next(5) == 0 ? $"bad {random.Next(3)}" : $"text {random.Next(3)}\nline {random.Next(3)}");
            }
            graph.ShoutSuffix = random.Next(3) == 0 ? "?" : "!";
            graph.Build();
            var kept = graph.Snapshot();
            Directory.Delete(Path.Combine(graph.Root, "out"), recursive: true);
            graph.Build();
            Assert.Empty(graph.Executor.Calls);
            Assert.Equal(graph.Snapshot(), kept);
        }
    }
}
