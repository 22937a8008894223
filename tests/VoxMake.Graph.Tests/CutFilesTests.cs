namespace VoxMake.Graph.Tests;

/// <summary>Every file by which the engine finds its way, cut at every byte (ninja tests its log so): what is not whole is never believed.</summary>
public class CutFilesTests
{
    private static readonly GraphShape Shape = new(
        [
            new StageShape("List", Doing.List, "red", [new QueryShape(GraphShape.Texts, [], false)], [], true),
            new StageShape("Cut", Doing.Cut, "red", [new QueryShape("List", [], false)], [], true),
            new StageShape("Upper", Doing.Upper, "blue", [new QueryShape("Cut", [new JoinShape("List", false)], false)], [], true),
            new StageShape("Book", Doing.Book, "red", [new QueryShape("Upper", [], true)], [GraphShape.Notes], true),
        ], KeepGoing: true);

    [Fact]
    public void After_a_cut_at_some_bytes_of_any_file_the_next_run_ends_alike_or_names_it() => Check(step: 61);

    [Fact]
    [Trait("Category", "Slow")]
    public void After_a_cut_at_every_byte_of_any_file_the_next_run_ends_alike_or_names_it() => Check(step: 1);

    private static void Check(int step)
    {
        using var graph = new DrawnGraph(Shape, Way.Plain, 1);
        foreach (var (name, text) in new[] { ("a.txt", "one\ntwo"), ("b.txt", "bad"), ("c.txt", "two") }) graph.Apply(new Edit.Write(GraphShape.Texts, name, text));
        graph.Build();
        graph.Apply(new Edit.Write(GraphShape.Texts, "a.txt", "one\nthree"));
        var expected = graph.Build();
        Assert.True(expected.Whole);
        graph.Clock.Now += TimeSpan.FromMinutes(1);
        graph.Build();

        var whole = graph.OwnFiles().Concat(graph.Papers()).Where(file => new FileInfo(file).Length > 0).ToDictionary(file => file, File.ReadAllBytes);
        Assert.True(whole.Count > 10, $"only {whole.Count} files");
        var wrong = new List<string>();
        foreach (var (file, bytes) in whole)
            for (var length = 0; length < bytes.Length; length += length < 8 || length > bytes.Length - 8 ? 1 : Math.Min(step, bytes.Length - 8 - length + 1))
            {
                foreach (var (other, content) in whole) File.Delete(other);
                foreach (var (other, content) in whole) File.WriteAllBytes(other, other == file ? content[..length] : content);
                var (verdict, what) = Recovery.Of(graph, built => built.DifferenceFrom(expected, true));
                if (verdict == Verdict.Wrong) wrong.Add($"{Path.GetRelativePath(graph.Root, file)} cut at {length} of {bytes.Length}: {what}");
            }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(10)));
    }
}
