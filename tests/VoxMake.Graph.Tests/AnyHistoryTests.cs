using FsCheck;
using FsCheck.Fluent;
using VoxMake.Graph.Running;

namespace VoxMake.Graph.Tests;

/// <summary>Whatever happened before, a build ends as one from scratch would, and a second one does nothing.</summary>
public class AnyHistoryTests
{
    private abstract record Edit
    {
        public sealed record Write(string Name, string Text) : Edit;
        public sealed record Remove(string Name) : Edit;
        public sealed record Rename(string From, string To) : Edit;
        public sealed record Touch(string Name) : Edit;
        public sealed record SetBack(string Name, string Text) : Edit;
        public sealed record Suffix(string Text) : Edit;
        public sealed record Tool(string Name, string Version) : Edit;
        public sealed record LoseView(string Stage) : Edit;
        public sealed record LoseBlobs(int Every) : Edit;
    }

    private static readonly string[] Names = ["a.txt", "b.txt", "c.txt", "sub/d.txt"];

    private static Gen<Edit> AnyEdit()
    {
        var name = Gen.Elements(Names);
        var text = Gen.Elements("one", "two\nthree", "four\nfive\nsix", "bad", "one\nbad", "äöü");
        return Gen.OneOf(
            name.SelectMany(n => text.Select(t => (Edit)new Edit.Write(n, t))),
            name.SelectMany(n => text.Select(t => (Edit)new Edit.Write(n, t))),
            name.Select(n => (Edit)new Edit.Remove(n)),
            name.SelectMany(a => name.Select(b => (Edit)new Edit.Rename(a, b))),
            name.Select(n => (Edit)new Edit.Touch(n)),
            name.SelectMany(n => text.Select(t => (Edit)new Edit.SetBack(n, t))),
            Gen.Elements("!", "?").Select(s => (Edit)new Edit.Suffix(s)),
            Gen.Elements("small", "ruler").SelectMany(t => Gen.Elements("1", "2").Select(v => (Edit)new Edit.Tool(t, v))),
            Gen.Elements("List", "Shout", "Measure", "Book").Select(s => (Edit)new Edit.LoseView(s)),
            Gen.Choose(1, 4).Select(n => (Edit)new Edit.LoseBlobs(n)));
    }

    [Theory]
    [InlineData(false, 8192)]
    [InlineData(true, 8192)]
    [InlineData(true, 1)]
    public void Any_history_of_edits_ends_as_a_build_from_scratch(bool cut, int batch)
    {
        Prop.ForAll(Gen.NonEmptyListOf(AnyEdit()).Resize(12).ToArbitrary(), edits =>
        {
            using var lived = new SmallGraph(cut) { Remembers = false, BatchSize = batch };
            lived.Write("always.txt", "here");
            lived.Build();
            foreach (var edit in edits)
            {
                Apply(lived, edit);
                if (edit is not Edit.LoseBlobs) lived.Build();
            }
            lived.Build();
            lived.Build();
            Assert.Empty(lived.Executor.Calls);

            using var fresh = new SmallGraph(cut) { Remembers = false, ShoutSuffix = lived.ShoutSuffix };
            foreach (var file in Directory.EnumerateFiles(lived.Source.Root, "*", SearchOption.AllDirectories)) fresh.Write(Path.GetRelativePath(lived.Source.Root, file), File.ReadAllText(file));
            fresh.Build();
            Assert.Equal(fresh.Snapshot(), lived.Snapshot());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private static void Apply(SmallGraph graph, Edit edit)
    {
        string PathOf(string name) => Path.Combine(graph.Source.Root, name);
        switch (edit)
        {
            case Edit.Write write: graph.Write(write.Name, write.Text); break;
            case Edit.Remove remove when File.Exists(PathOf(remove.Name)): graph.Remove(remove.Name); break;
            case Edit.Rename rename when File.Exists(PathOf(rename.From)) && rename.From != rename.To:
                graph.Write(rename.To, "");
                File.Move(PathOf(rename.From), PathOf(rename.To), overwrite: true);
                break;
            case Edit.Touch touch when File.Exists(PathOf(touch.Name)): File.SetLastWriteTimeUtc(PathOf(touch.Name), DateTime.UtcNow); break;
            case Edit.SetBack back when File.Exists(PathOf(back.Name)):
                var time = File.GetLastWriteTimeUtc(PathOf(back.Name));
                graph.Write(back.Name, back.Text);
                File.SetLastWriteTimeUtc(PathOf(back.Name), time);
                break;
            case Edit.Suffix suffix: graph.ShoutSuffix = suffix.Text; break;
            case Edit.Tool tool: graph.Tools.Versions[tool.Name] = tool.Version; break;
            case Edit.LoseView view when Directory.Exists(graph.Out(view.Stage)): Directory.Delete(graph.Out(view.Stage), recursive: true); break;
            case Edit.LoseBlobs lose:
                var blobs = Directory.EnumerateFiles(Path.Combine(graph.Root, ".vox", "cache", "blobs"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
                for (var i = 0; i < blobs.Count; i += lose.Every) File.Delete(blobs[i]);
                break;
        }
    }
}
