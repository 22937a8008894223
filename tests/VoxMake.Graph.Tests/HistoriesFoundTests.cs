namespace VoxMake.Graph.Tests;

/// <summary>Histories that drawing found to go wrong once, as small as they became.</summary>
public class HistoriesFoundTests
{
    private static readonly StageShape List = Of("List", Doing.List, GraphShape.Texts);

    [Fact]
    public void A_cut_straight_over_a_folder_follows_an_edit() =>
        AnyEditTests.Holds(Plain([Of("Cut", Doing.Cut, GraphShape.Texts)], [Write("a.txt", "one\none")], [Write("a.txt", "four five\nsix")]));

    [Fact]
    public void A_name_that_a_child_of_another_has_too_takes_only_its_own_children_along() =>
        AnyEditTests.Holds(Plain([List, Of("Upper", Doing.Upper, "List"), Of("Cut", Doing.Cut, "Upper"), Of("Again", Doing.Cut, "Cut")],
            [Write("a.txt", "one two"), Write("a-0000.txt", "one")], [new Edit.Rename(GraphShape.Texts, "a-0000.txt", "b.txt")]));

    [Fact]
    public void Where_all_items_fail_nothing_goes_on_whatever_was_there_before() =>
        AnyEditTests.Holds(Plain([Of("List", Doing.List, GraphShape.Others), Of("Pass", Doing.Pass, "List"), Of("Upper", Doing.Upper, "Pass")],
            [Write("a.txt", "")], [new Edit.Write(GraphShape.Others, "a.txt", "broken")]));

    [Fact]
    public void A_file_and_a_folder_that_would_be_shown_under_one_name_are_refused_with_a_message()
    {
        using var graph = new DrawnGraph(new GraphShape([List, Of("Upper", Doing.Upper, "List")], true), Way.Plain, 1);
        graph.Apply(Write("a.txt", "one"));
        graph.Apply(Write("a.out/b.txt", "two"));
        Assert.Contains("two results would be shown as 'loud/a.out': one of them as a file, the other, 'loud/a.out/b.out', in a folder", graph.Build().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_a_view_gives_way_to_a_file_of_that_name() =>
        AnyEditTests.Holds(Plain([List, Of("Upper", Doing.Upper, "List")], [Write("a.out/b.txt", "two")], [new Edit.Delete(GraphShape.Texts, "a.out/b.txt"), Write("a.txt", "one")]));

    private static StageShape Of(string name, Doing does, string over) => new(name, does, "red", [new QueryShape(over, [], false)], [], true);
    private static Edit Write(string name, string text) => new Edit.Write(GraphShape.Texts, name, text);
    private static DrawnHistory Plain(StageShape[] stages, params Edit[][] steps) => new(new GraphShape(stages, true), Way.Plain, 1, [.. steps.Select(edits => new Step(0, edits))]);
}
