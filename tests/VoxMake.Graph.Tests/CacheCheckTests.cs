using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

public class CacheCheckTests
{
    private static SmallGraph Built()
    {
        var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        graph.Write("c.txt", "three");
        graph.Build();
        return graph;
    }

    private static CheckReport Check(SmallGraph graph) => new CacheCheck(graph.Open().Space, graph.Stages()).Run(default);

    private static void Overwrite(string path, string text)
    {
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text)); // in place: a hard link shows it too
    }

    [Fact]
    public void A_whole_cache_is_said_to_be_whole_and_nothing_is_touched()
    {
        using var graph = Built();
        var before = graph.Snapshot();
        var report = Check(graph);
        Assert.True(report.IsWhole);
        Assert.True(report.Files > 10 && report.Bytes > 0);
        Assert.Equal(0, report.LostRecords);
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.Equal(before, graph.Snapshot());
    }

    [Fact]
    public void Whichever_content_is_changed_with_its_size_kept_is_found_and_made_again()
    {
        using var graph = Built();
        var before = graph.Snapshot();
        var blobs = Directory.EnumerateFiles(graph.Open().Space.Blobs.Root, "*", SearchOption.AllDirectories).ToList();
        Assert.True(blobs.Count > 10);
        foreach (var blob in blobs.Where(blob => new FileInfo(blob).Length > 0))
        {
            Overwrite(blob, "#");
            var report = Check(graph);
            Assert.Equal(Path.GetFileName(Path.GetDirectoryName(blob)) + Path.GetFileName(blob), Assert.Single(report.Contents).What);
            Assert.False(File.Exists(blob));
            graph.Build();
            Assert.Equal(before, graph.Snapshot());
            Assert.True(Check(graph).IsWhole);
        }
    }

    [Fact]
    public void What_shows_a_damaged_content_is_named_by_target_and_item()
    {
        using var graph = Built();
        Overwrite(graph.Out("Shout/text/b.txt"), "T");
        Assert.True(Check(graph).IsWhole); // it is that already
        Overwrite(graph.Out("Shout/text/b.txt"), "?");
        var report = Check(graph);
        Assert.Equal(["Shout: b"], report.Contents.SelectMany(damage => damage.ShownBy).DefaultIfEmpty("Shout: b")); // where the view is a copy only the copy is damaged
        Assert.Equal(graph.Out("Shout/text/b.txt"), Assert.Single(report.Views).What);
        graph.Build();
        Assert.Equal("TWO!", File.ReadAllText(graph.Out("Shout/text/b.txt")));
    }

    [Fact]
    public void A_file_that_was_deleted_from_a_view_is_found_and_shown_again()
    {
        using var graph = Built();
        File.Delete(graph.Out("Shout/text/b.txt"));
        var report = Check(graph);
        Assert.Empty(report.Contents);
        Assert.Equal(["Shout"], Assert.Single(report.Views).ShownBy);
        graph.Build();
        Assert.Empty(graph.Executor.Calls);
        Assert.Equal("TWO!", File.ReadAllText(graph.Out("Shout/text/b.txt")));
    }

    [Fact]
    public void Records_whose_contents_are_gone_are_counted()
    {
        using var graph = Built();
        File.Delete(graph.Open().Space.Blobs.PathOf(Protocol.Digest.Of("TWO!"u8)));
        Assert.Equal(1, Check(graph).LostRecords);
    }
}
