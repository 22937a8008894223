using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Graph.Tests;

/// <summary>Something that happens between two runs.</summary>
internal abstract record Edit
{
    public sealed record Write(string Folder, string Name, string Text) : Edit;

    /// <summary>Other content, and the time of the change set back to what it was.</summary>
    public sealed record SetBack(string Folder, string Name, string Text) : Edit;

    /// <summary>Other content of the same size, the time of the change as it was; where no time has passed meanwhile nothing but the content tells.</summary>
    public sealed record Swap(string Folder, string Name) : Edit;

    /// <summary>What the file held before it was last written.</summary>
    public sealed record Revert(string Folder, string Name) : Edit;

    /// <summary>The same content with a new time.</summary>
    public sealed record Touch(string Folder, string Name) : Edit;

    public sealed record Delete(string Folder, string Name) : Edit;
    public sealed record Rename(string Folder, string From, string To) : Edit;

    /// <summary>A folder inside another gets another name.</summary>
    public sealed record MoveFolder(string From, string To) : Edit;

    /// <summary>The folder <see cref="GraphShape.Others"/>, which may be missing, is.</summary>
    public sealed record RemoveOthers : Edit;

    /// <summary>Takes the word that makes items fail out of all files.</summary>
    public sealed record Mend : Edit;

    public sealed record Note(string Text) : Edit;

    /// <summary>A setting of a stage that changes what it makes.</summary>
    public sealed record Mark(int Stage, string Text) : Edit;

    /// <summary>A setting of a stage that cannot change what it makes.</summary>
    public sealed record Pace(int Stage, string Text) : Edit;

    public sealed record Tool(string Name, int Version) : Edit;

    /// <summary>A folder of <c>out/</c> is gone.</summary>
    public sealed record LoseView(int Stage) : Edit;

    /// <summary>The cache is swept of all that is not in use.</summary>
    public sealed record Sweep : Edit;

    /// <summary>The clock is set back by a day.</summary>
    public sealed record ClockBack : Edit;

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        PrintMembers(text);
        return $"{GetType().Name} {text.Replace("\n", "⏎")}".TrimEnd();
    }
}

/// <summary>Some time passes, some things happen, then a run.</summary>
internal sealed record Step(int Wait, IReadOnlyList<Edit> Edits)
{
    public override string ToString() => $"\n  {Wait} ms later: {string.Join(" | ", Edits)}";
}

/// <summary>How the work of a run is spread: nothing of it may show in what comes of it.</summary>
/// <param name="Together">Whether tools of several stages, and several of one, run at a time.</param>
/// <param name="Batch">Items of one start of a tool, at most.</param>
internal sealed record Way(bool Together, int Batch)
{
    public static Way Plain { get; } = new(false, 8192);
    public Way Other => this == Plain ? new Way(true, 2) : Plain;
    public override string ToString() => $"{(Together ? "tools run together" : "one tool at a time")}, at most {Batch} items each";
}

/// <summary>A graph, and what happens to it.</summary>
/// <param name="FileTick">How coarse the times of the file system are, in milliseconds.</param>
internal sealed record DrawnHistory(GraphShape Shape, Way Way, int FileTick, IReadOnlyList<Step> Steps)
{
    public override string ToString() => $"{Shape}\n  {Way}, files' times are whole {FileTick} ms{string.Concat(Steps)}";
}

/// <summary>Draws histories, and makes a drawn one smaller.</summary>
internal static class Histories
{
    private const string Composed = "\u00e9.txt", Decomposed = "e\u0301.txt"; // one name to people, two to Linux
    private static readonly Gen<string> Folder = Gen.Frequency((3, Gen.Constant(GraphShape.Texts)), (1, Gen.Constant(GraphShape.Others)));

    /// <summary>Names of which some begin others, also as children of a cut are named.</summary>
    private static readonly Gen<string> Name = Gen.Frequency(
        (20, Gen.Elements("a.txt", "b.txt", "a-1.txt", "ab.txt", "sub/a.txt", "sub/c.txt", Composed, Decomposed)), (1, Gen.Elements("a-0000.txt", "a", "sub.txt")));

    private static readonly Gen<string> Text = Gen.Elements(
        "", "one", "one", "two\nthree", "four five six", "four five\nsix", "one\none", "bad", "one\nbad", "worst", "broken", "two\nbroken", "äöü\nx");

    /// <param name="remembers">Whether there may be stages whose result depends on history.</param>
    public static Gen<DrawnHistory> Any(bool remembers) =>
        from shape in GraphShapes.Any(remembers)
        from way in Gen.Elements(Way.Plain, Way.Plain.Other, new Way(false, 1))
        from tick in Gen.Elements(1, 10, 2000)
        from first in Gen.ListOf(Written, 5)
        from count in Gen.Choose(1, 6)
        from rest in Gen.ListOf(AnyStep, count)
        select new DrawnHistory(shape, way, tick, [new Step(0, [new Edit.Write(GraphShape.Texts, "a.txt", "one two"), .. first]), .. rest]);

    public static Gen<Step> AnyStep =>
        from wait in Gen.Elements(0, 0, 1, 1999, 2000, 60_000)
        from count in Gen.Frequency((4, Gen.Constant(1)), (1, Gen.Choose(2, 3)))
        from edits in Gen.ListOf(AnyEdit, count)
        select new Step(wait, [.. edits]);

    public static IEnumerable<DrawnHistory> Smaller(DrawnHistory history)
    {
        for (var i = 1; i < history.Steps.Count; i++) yield return history with { Steps = [.. history.Steps.Where((_, at) => at != i)] };
        if (history.Way != Way.Plain) yield return history with { Way = Way.Plain };
        foreach (var shape in GraphShapes.Smaller(history.Shape)) yield return history with { Shape = shape };
        for (var i = 0; i < history.Steps.Count; i++)
        {
            var step = history.Steps[i];
            DrawnHistory With(Step changed) => history with { Steps = [.. history.Steps.Select((other, at) => at == i ? changed : other)] };
            if (step.Wait > 0) yield return With(step with { Wait = 0 });
            if (step.Edits.Count > 1)
                for (var edit = 0; edit < step.Edits.Count; edit++) yield return With(step with { Edits = [.. step.Edits.Where((_, at) => at != edit)] });
        }
    }

    private static Gen<Edit> Written => Folder.SelectMany(folder => Name.SelectMany(name => Text.Select(text => (Edit)new Edit.Write(folder, name, text))));

    private static Gen<Edit> AnyEdit
    {
        get
        {
            var stage = Gen.Choose(0, 6);
            return Gen.Frequency<Edit>(
                (6, Written),
                (2, Folder.SelectMany(folder => Name.SelectMany(name => Text.Select(text => (Edit)new Edit.SetBack(folder, name, text))))),
                (4, Named((folder, name) => new Edit.Swap(folder, name))),
                (3, Named((folder, name) => new Edit.Revert(folder, name))),
                (2, Named((folder, name) => new Edit.Touch(folder, name))),
                (3, Named((folder, name) => new Edit.Delete(folder, name))),
                (4, Folder.SelectMany(folder => Name.SelectMany(from => Name.Select(to => (Edit)new Edit.Rename(folder, from, to))))),
                (1, Gen.Elements("sub", "sub2").SelectMany(from => Gen.Elements("sub", "sub2", "other").Select(to => (Edit)new Edit.MoveFolder(from, to)))),
                (1, Gen.Constant((Edit)new Edit.RemoveOthers())),
                (2, Gen.Constant((Edit)new Edit.Mend())),
                (1, Text.Select(text => (Edit)new Edit.Note(text))),
                (4, stage.SelectMany(number => Gen.Elements("", "!", "?").Select(mark => (Edit)new Edit.Mark(number, mark)))),
                (1, stage.SelectMany(number => Gen.Elements("slow", "fast").Select(pace => (Edit)new Edit.Pace(number, pace)))),
                (3, Gen.Elements<string>(GraphShape.Tools).SelectMany(tool => Gen.Choose(1, 3).Select(version => (Edit)new Edit.Tool(tool, version)))),
                (1, stage.Select(number => (Edit)new Edit.LoseView(number))),
                (1, Gen.Constant((Edit)new Edit.Sweep())),
                (1, Gen.Constant((Edit)new Edit.ClockBack())));
        }
    }

    private static Gen<Edit> Named(Func<string, string, Edit> edit) => Folder.SelectMany(folder => Name.Select(name => edit(folder, name)));
}
