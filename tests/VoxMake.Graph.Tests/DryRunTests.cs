using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

public class DryRunTests
{
    [Fact]
    public void A_dry_run_touches_nothing()
    {
        using var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Dry();
        Assert.Equal(["texts"], Directory.EnumerateFileSystemEntries(graph.Root).Select(Path.GetFileName));
        graph.Build();
        var before = Listing(graph.Root);
        graph.Write("b.txt", "two");
        var texts = Listing(graph.Root).Where(line => line.Contains("/texts/b.txt")).ToList();
        graph.Dry();
        Assert.Equal(before.Where(Mine), Listing(graph.Root).Where(Mine));
        static bool Mine(string line) => !line.Contains("/texts");
    }

    [Fact]
    public void It_says_what_would_run_and_what_is_unknown_until_then()
    {
        using var graph = new SmallGraph(cut: true);
        graph.Write("a.txt", "one\ntwo");
        Assert.Equal("unknown until Cut", graph.Dry()["Shout"].Reason);
        graph.Build();
        graph.Write("a.txt", "one\nzwei");
        Assert.Equal("would run: file source/a.txt changed", graph.Dry()["List"].Reason);
        graph.Build();
        graph.ShoutSuffix = "?";
        var dry = graph.Dry();
        Assert.Equal("would run 2 of 2: setting suffix: \"!\" → \"?\"", dry["Shout"].Reason);
        Assert.Equal("fresh", dry["Measure"].Reason);
        Assert.Equal("unknown until Shout", dry["Book"].Reason);
    }

    private static List<string> Listing(string root) =>
        [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}")];
}
