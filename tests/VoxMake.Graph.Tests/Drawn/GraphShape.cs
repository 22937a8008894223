using VoxMake.Graph.Planning;

namespace VoxMake.Graph.Tests;

/// <summary>What a stage of a drawn graph does; <see cref="DrawnTools"/> does it.</summary>
internal enum Doing
{
    /// <summary>Collect: a row for each item, its file passed on, its id without <c>.txt</c>.</summary>
    List,

    /// <summary>ForEach: the item's text in upper case.</summary>
    Upper,

    /// <summary>ForEach: only a column.</summary>
    Measure,

    /// <summary>ForEach: the item's file passed on as it is.</summary>
    Pass,

    /// <summary>Expand: a child for each line, or for each word where there is one line.</summary>
    Cut,

    /// <summary>Collect with rows and files of its own.</summary>
    Sort,

    /// <summary>Collect: all in one file.</summary>
    Book,

    /// <summary>The same, and it remembers what came first: what it makes depends on history.</summary>
    Roll,
}

/// <summary>A stage whose rows are joined to those of another.</summary>
internal sealed record JoinShape(string Stage, bool Optional)
{
    public override string ToString() => Optional ? Stage + "?" : Stage;
}

/// <summary>Where items come from: a stage, or a folder by its name.</summary>
internal sealed record QueryShape(string Over, IReadOnlyList<JoinShape> Joined, bool WithRejected)
{
    public override string ToString() => string.Join(" + ", Joined.Select(join => join.ToString()).Prepend(WithRejected ? Over + " with rejected" : Over));
}

/// <summary>A stage of a drawn graph.</summary>
/// <param name="Files">Stages whose own files it reads; <see cref="GraphShape.Notes"/> is a person's file, the name of a folder all files in it.</param>
internal sealed record StageShape(string Name, Doing Does, string Tool, IReadOnlyList<QueryShape> Items, IReadOnlyList<string> Files, bool MayRejectAll)
{
    public IEnumerable<string> Needs => Items.SelectMany(query => query.Joined.Select(join => join.Stage).Prepend(query.Over)).Concat(Files).Distinct();
    public bool HasRows => Does is not (Doing.Book or Doing.Roll);

    public override string ToString() =>
        $"{Name} = {Does.ToString().ToLowerInvariant()} by {Tool}({string.Join("; ", Items.Select(query => query.ToString()).Concat(Files.Select(file => "files of " + file)))})"
        + (MayRejectAll ? "" : " of at least one");
}

/// <summary>A graph that was drawn: stages in an order in which each stands behind those that it needs.</summary>
internal sealed record GraphShape(IReadOnlyList<StageShape> Stages, bool KeepGoing)
{
    public const string Texts = "texts", Others = "others", Notes = "notes.txt";
    public static readonly IReadOnlyList<string> Tools = ["red", "blue"];

    public override string ToString() => string.Join("\n  ", Stages.Select(stage => stage.ToString()).Prepend(KeepGoing ? "keeps going" : "stops at a failure"));

    /// <summary>A stage and all that it is made of.</summary>
    public HashSet<string> NeededBy(string name) => Stages.FirstOrDefault(stage => stage.Name == name) is { } stage ? [name, .. stage.Needs.SelectMany(NeededBy)] : [];

    /// <summary>What every verb hands on: the name of its output, and of its column.</summary>
    public static (string? File, string? Column) Gives(Doing does) => does switch
    {
        Doing.List => ("text", "origin"),
        Doing.Upper => ("loud", null),
        Doing.Measure => (null, "length"),
        Doing.Pass => ("same", null),
        Doing.Cut => ("piece", "line"),
        Doing.Sort => ("page", "rank"),
        _ => (null, null),
    };

    /// <summary>The stages as the engine takes them.</summary>
    /// <param name="settings">Of a stage by its name.</param>
    /// <param name="together">Whether several tools fit on the machine at a time: each takes one core, the blue ones a GPU.</param>
    public IReadOnlyList<Stage> ToStages(IReadOnlyDictionary<string, FileTree> trees, string notes, bool together, Func<string, Settings> settings)
    {
        var made = new Dictionary<string, Stage>();
        var does = Stages.ToDictionary(stage => stage.Name, stage => stage.Does);
        foreach (var shape in Stages)
        {
            var (file, _) = Gives(shape.Does);
            made[shape.Name] = new Stage
            {
                Name = shape.Name,
                Kind = shape.Does switch { Doing.Upper or Doing.Measure or Doing.Pass => StageKind.ForEach, Doing.Cut => StageKind.Expand, _ => StageKind.Collect },
                Tool = shape.Tool,
                Verb = shape.Does.ToString().ToLowerInvariant(),
                Settings = settings(shape.Name),
                Items = [.. shape.Items.Select(QueryOf)],
                Files = [.. shape.Files.Select(FileOf)],
                Outputs = file is null ? [] : [new ItemFile(file, file + "/{id}.out")],
                Cores = together ? 1 : 0,
                Gpus = together && shape.Tool == "blue" ? 1 : 0,
                MayRejectAll = shape.MayRejectAll,
                OwnTables = shape.Does == Doing.Book,
            };
        }
        return [.. Stages.Select(shape => made[shape.Name])];

        ItemQuery QueryOf(QueryShape query)
        {
            var taken = new HashSet<string>();
            ItemPart Part(string name, bool optional)
            {
                if (trees.TryGetValue(name, out var tree)) return new ItemPart(null, tree, ["file"], []);
                var (file, column) = Gives(does[name]);
                return new ItemPart(made[name], null, file is not null && taken.Add(file) ? [file] : [], column is not null && taken.Add(column) ? [column] : [], optional);
            }
            return new ItemQuery(Part(query.Over, false), [.. query.Joined.Select(join => Part(join.Stage, join.Optional))], query.WithRejected);
        }

        FileInput FileOf(string name) =>
            name == Notes ? new PersonFile("notes", notes)
            : trees.TryGetValue(name, out var tree) ? new PersonFolder("folder", tree)
            : new StageFiles(name, made[name], ["book.txt"]);
    }
}
