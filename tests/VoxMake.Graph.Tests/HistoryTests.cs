using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

public class HistoryTests
{
    private static SmallGraph Two()
    {
        var graph = new SmallGraph();
        graph.Write("a.txt", "one");
        graph.Write("b.txt", "two");
        graph.Build();
        return graph;
    }

    private static History Of(SmallGraph graph, string stage) => new(graph.Open().Space, graph.Stages().First(one => one.Name == stage));

    [Fact]
    public void Each_result_says_in_what_it_was_made_otherwise_newest_first()
    {
        using var graph = Two();
        graph.ShoutSuffix = "?";
        graph.Build();
        graph.Write("b.txt", "zwei");
        graph.Tools.Versions["small"] = "2";
        graph.Build();
        var results = Of(graph, "Shout").Results();
        Assert.Equal(3, results.Count);
        Assert.Matches("^tool small: small was changed .*; from List: b changed$", string.Join("; ", results[0].Differs!.Select(reason => reason.Text)));
        Assert.Equal("setting suffix: \"!\" → \"?\"", Assert.Single(results[1].Differs!).Text);
        Assert.Null(results[2].Differs);
        Assert.Equal([true, false, false], results.Select(past => past.Present));
    }

    [Fact]
    public void A_stage_that_remembers_has_one_result_a_run_under_the_key_that_the_next_run_finds()
    {
        using var graph = Two();
        var results = Of(graph, "Book").Results();
        Assert.Equal(2, graph.Open().Space.Log.History("Book").Count);
        Assert.Equal(graph.Open().Space.Log.History("Book")[^1].Key, Assert.Single(results).Line.Key);
        Assert.Equal(2, results[0].Result!.Columns["pages"].AsInteger);
    }

    [Fact]
    public void An_older_result_that_is_put_back_is_the_present_one_in_its_old_place()
    {
        using var graph = Two();
        graph.ShoutSuffix = "?";
        graph.Build();
        graph.ShoutSuffix = "!";
        graph.Build();
        Assert.Equal([false, true], Of(graph, "Shout").Results().Select(past => past.Present));
    }

    [Fact]
    public void What_the_cache_has_lost_is_still_listed_and_said_to_be_gone()
    {
        using var graph = Two();
        var space = graph.Open().Space;
        var book = space.Log.Present("Book")!;
        File.Delete(space.Blobs.PathOf(space.TryRead(book.Result)!.Files[0].Digest));
        Assert.False(Of(graph, "Book").Results()[0].Held);
        Assert.NotNull(Of(graph, "Book").Results()[0].Result);
        File.Delete(space.Blobs.PathOf(book.Result));
        Assert.Null(Of(graph, "Book").Results()[0].Result);
        Assert.Contains("no longer holds", Assert.Throws<VoxException>(() => Of(graph, "Book").Find(book.Key.Short, "--checkout")).Message);
    }

    [Fact]
    public void A_result_is_found_by_the_beginning_of_its_key_or_of_its_digest_and_else_those_there_are_listed()
    {
        using var graph = Two();
        var line = graph.Open().Space.Log.Present("Shout")!;
        Assert.Equal(line.Result, Of(graph, "Shout").Find(line.Key.ToString()[..6], "--checkout").Line.Result);
        Assert.Equal(line.Result, Of(graph, "Shout").Find(line.Result.Short, "--checkout").Line.Result);
        var error = Assert.Throws<VoxException>(() => Of(graph, "Shout").Find("no", "--checkout"));
        Assert.Contains($"it has: {line.Key.Short} (", error.Try);
    }
}
