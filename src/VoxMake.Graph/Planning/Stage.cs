using VoxMake.Protocol;
using VoxMake.Graph.Storage;
using System.Text.Json;

namespace VoxMake.Graph.Planning;

/// <summary>The three kinds of stage (DESIGN 3).</summary>
public enum StageKind
{
    /// <summary>One item in, one out, a key for each.</summary>
    ForEach,

    /// <summary>One item in, a list of children out, under the parent's key.</summary>
    Expand,

    /// <summary>All items in, one result out, one key.</summary>
    Collect,
}

/// <summary>One node of the build graph: what is run over what. Its edges are the stages that its inputs name, so they cannot be misspelt.</summary>
public sealed record Stage
{
    /// <summary>Name of the target, such as <c>Preprocess</c>.</summary>
    public required string Name { get; init; }

    public required StageKind Kind { get; init; }

    /// <summary>Program, such as <c>vox-audio</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>What the program is to do, such as <c>preprocess</c>.</summary>
    public required string Verb { get; init; }

    public Settings Settings { get; init; } = Settings.None;

    /// <summary>The items: exactly one query for ForEach and Expand; any number for Collect, which sees them one after the other.</summary>
    public required IReadOnlyList<ItemQuery> Items { get; init; }

    /// <summary>Files that belong to no item, by role. Where items have keys of their own, these files are in the key of each.</summary>
    public IReadOnlyList<FileInput> Files { get; init; } = [];

    /// <summary>The files that each item gets, and how people see them.</summary>
    public IReadOnlyList<ItemFile> Outputs { get; init; } = [];

    /// <summary>Processor cores that one start of its tool can use; 0 means all that are free.</summary>
    public int Cores { get; init; }

    /// <summary>GPUs that one start of its tool works on and shares with nobody, where the machine has any.</summary>
    public int Gpus { get; init; }

    /// <summary>Memory that one start of its tool takes, in GB (10⁹ bytes); 0 where that is not worth counting.</summary>
    public double MemoryGb { get; init; }

    /// <summary>Whether the stage writes its own tables, so that the view adds no metadata.csv.</summary>
    public bool OwnTables { get; init; }

    /// <summary>
    /// Whether its tool keeps checkpoints in a folder that outlives a stopped run, and goes on from there (Collect only). The folder is that of the lineage: what <see cref="Settings.Lineage"/>, tool
    /// and inputs name.
    /// </summary>
    public bool KeepsState { get; init; }

    /// <summary>Whether a run goes on when all items are rejected: they are told of, and nobody works on them.</summary>
    public bool MayRejectAll { get; init; }

    /// <summary>Why two builds of the same may differ in their bytes: it measures time, or its numbers depend on the machine. Null: they may not.</summary>
    public string? Varies { get; init; }

    /// <summary>The same with all that it is made of: its own reason, or the first of a stage on the way, with that one's name.</summary>
    public string? MayVary => Varies ?? Needs.Select(needed => needed.Varies is { } why ? $"{needed.Name}: {why}" : needed.MayVary).FirstOrDefault(why => why is not null);

    /// <summary>The stages that must have a result before this one can start, each once, in the order in which they are named.</summary>
    public IEnumerable<Stage> Needs =>
        Items.SelectMany(query => query.Joined.Prepend(query.Driving)).Select(part => part.From)
            .Concat(Files.OfType<StageFiles>().Select(files => files.From))
            .Concat(Files.OfType<HostText>().SelectMany(text => text.Of))
            .OfType<Stage>().Distinct();

    /// <summary>Folders of people that it reads.</summary>
    public IEnumerable<FileTree> Trees => Items.Select(query => query.Driving.Tree).Concat(Files.OfType<PersonFolder>().Select(folder => folder.Tree)).OfType<FileTree>();

    public override string ToString() => Name;
    public bool Equals(Stage? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => Name.GetHashCode();
}

/// <summary>Settings of a stage, each part canonical JSON (names sorted): what is in the key, and what cannot change a result.</summary>
public sealed record Settings(string InKey, string NotInKey)
{
    public static Settings None { get; } = new("{}", "{}");

    /// <summary>What is in the key, less what only says how far the stage goes (epochs): what its lineage is named by.</summary>
    public string Lineage { get; init; } = InKey;

    /// <summary>Both parts in one object, as the tool gets them.</summary>
    public JsonElement ForTool()
    {
        var merged = System.Text.Json.Nodes.JsonNode.Parse(InKey)!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(NotInKey)!.AsObject()) merged[name] = value?.DeepClone();
        using var document = JsonDocument.Parse(merged.ToJsonString());
        return document.RootElement.Clone();
    }
}

/// <summary>A file of each item, as in <c>audio/{id}.wav</c>.</summary>
/// <param name="Name">The output's name in the tool's events: the pattern's first part.</param>
/// <param name="Pattern">How the view names it: <c>{id}</c>, and any column of the item in braces.</param>
public sealed record ItemFile(string Name, string Pattern)
{
    /// <summary>The name that the view gives to an item's file.</summary>
    public string NameOf(Row row)
    {
        var name = Pattern.Replace("{id}", row.Id, StringComparison.Ordinal);
        foreach (var (column, value) in row.Columns) name = name.Replace("{" + column + "}", value.ToString(), StringComparison.Ordinal);
        return name;
    }
}

/// <summary>Where items come from: the rows of a stage, or the files of a folder.</summary>
/// <param name="Driving">Its rows decide which items there are.</param>
/// <param name="Joined">Joined by id, or, above an Expand stage, by the parent's id. An item that one of these rejected is left out.</param>
/// <param name="WithRejected">Hands rejected rows of <paramref name="Driving"/> on too (reports).</param>
public sealed record ItemQuery(ItemPart Driving, IReadOnlyList<ItemPart> Joined, bool WithRejected = false);

/// <summary>What is taken from one origin.</summary>
/// <param name="Files">Names of outputs that become roles, each under its own name.</param>
/// <param name="Columns">Names of columns; <c>*</c> takes all.</param>
/// <param name="Optional">Joined only: an item without a row here is still an item.</param>
public sealed record ItemPart(Stage? From, FileTree? Tree, IReadOnlyList<string> Files, IReadOnlyList<string> Columns, bool Optional = false)
{
    /// <summary>What people call it.</summary>
    public string Name => From?.Name ?? Tree!.Name;
}

/// <summary>Files of a role that belong to no item.</summary>
public abstract record FileInput(string Role);

/// <summary>A single file of a person, such as the transcripts.</summary>
public sealed record PersonFile(string Role, string Path) : FileInput(Role);

/// <summary>All files of a folder of a person, such as edits/.</summary>
public sealed record PersonFolder(string Role, FileTree Tree) : FileInput(Role);

/// <summary>Files that a Collect stage made.</summary>
/// <param name="Names">Those that are taken, by name; a name that ends with <c>/</c> takes all in that folder. A name that the stage did not make takes nothing. Null takes all files.</param>
public sealed record StageFiles(string Role, Stage From, IReadOnlyList<string>? Names = null) : FileInput(Role)
{
    /// <summary>Whether a file of this name is among them: only those are in the key of the action, so that the stage's other files do not stale it.</summary>
    public bool Takes(string name) => Names is null || Names.Any(wanted => wanted.EndsWith('/') ? name.StartsWith(wanted, StringComparison.Ordinal) : name == wanted);
}

/// <summary>Text that the host itself writes, such as the list of stages in a report. It is part of the key.</summary>
/// <param name="Content">Made when the stage is planned, from what is known of the stages before it.</param>
public sealed record HostText(string Role, string Name, Func<StageSummaries, string> Content) : FileInput(Role)
{
    /// <summary>The stages that it tells of, where the stage does not need them already for its items or files.</summary>
    public IReadOnlyList<Stage> Of { get; init; } = [];
}

/// <summary>What a <see cref="HostText"/> may tell of the stages before its own; null of one without a result.</summary>
public delegate StageSummary? StageSummaries(Stage stage);

/// <summary>What is told of a stage's result: nothing that differs between two equal runs on one machine.</summary>
/// <param name="Key">Under which the result is found: a digest of all that went in.</param>
/// <param name="Digest">Of the result.</param>
/// <param name="Versions">Of the libraries and programs that its tool used, where they are known.</param>
public sealed record StageSummary(Digest Key, Digest Digest, StageResult Result, IReadOnlyDictionary<string, string> Versions);

/// <summary>A person's folder, by reference: its files are read where they are.</summary>
/// <param name="Name">Short and the same on every machine, such as <c>source</c>.</param>
/// <param name="Root">Absolute path.</param>
/// <param name="Endings">Only files with these endings, lower-case with the dot; null takes all. Names that begin with a dot are never taken.</param>
/// <param name="Optional">Whether the folder may be missing.</param>
public sealed record FileTree(string Name, string Root, IReadOnlyList<string>? Endings = null, bool Optional = false);
