using System.Text.Json.Nodes;
using VoxMake.Config;
using VoxMake.Graph.Planning;
using VoxMake.Secrets;

namespace VoxMake.Build;

/// <summary>
/// What a target says of its stage (DESIGN 3): which tool and verb, over which items, with what settings. A path reaches the tool only by being declared here, so command and
/// graph cannot disagree.
/// </summary>
public sealed class ToolCall(string tool, string verb)
{
    private Stage _stage = new() { Name = "", Kind = StageKind.Collect, Tool = tool, Verb = verb, Items = [] };
    private SettingsJson _settings = SettingsJson.None;
    private readonly List<ServerKey> _keys = [];

    /// <summary>One item in, one out; a key for each.</summary>
    public ToolCall ForEach(ItemSet items) => Driven(StageKind.ForEach, items.Part());

    /// <summary>One item in, a list of children out.</summary>
    public ToolCall Expand(ItemSet items) => Driven(StageKind.Expand, items.Part());

    /// <summary>All items in, one result out.</summary>
    public ToolCall Collect(ItemSet items) => Driven(StageKind.Collect, items.Part());

    /// <summary>All files of a person's folder in, one result out.</summary>
    public ToolCall Collect(FileTree tree) => Driven(StageKind.Collect, new ItemPart(null, tree, ["file"], []));

    /// <summary>No items: all that goes in are files (<see cref="In"/>).</summary>
    public ToolCall Collect() => this;

    /// <summary>Items of a stage with those that it rejected, one after the other set of the same call (reports).</summary>
    public ToolCall CollectAll(ItemSet items) => Is(_stage with { Items = [.. _stage.Items, new ItemQuery(items.Part(), [], WithRejected: true)] });

    /// <summary>Adds files or columns that another stage has for the same items; items that it rejected are left out.</summary>
    /// <param name="more">Null where the graph has no such stage: then nothing is added.</param>
    /// <param name="optional">Items that it rejected, or does not have, stay, without these files and columns.</param>
    public ToolCall With(ItemSet? more, bool optional = false) => more is null ? this : Joined(more.Part(optional));

    /// <summary>Files that belong to no item.</summary>
    /// <param name="files">Null where there are none: then nothing is added.</param>
    public ToolCall In(FileInput? files) => files is null ? this : Is(_stage with { Files = [.. _stage.Files, files] });

    /// <summary>A file that each item gets; the pattern is how people see it, its first folder the output's name.</summary>
    public ToolCall Out(string pattern) => Out(pattern[..pattern.IndexOf('/')], pattern);

    /// <summary>Settings: a section of the configuration. What is in the record is in the key, unless marked [NotInKey]; [Extends] says what only carries the result further. Several calls add up.</summary>
    public ToolCall Params(object section) => Params(SettingsJson.Of(section));

    /// <summary>Settings that are put together from several sections.</summary>
    public ToolCall Params(params (string Name, object? Value)[] values) => Params(SettingsJson.Of(values));

    /// <summary>The key of a server: the tool is told which environment variable holds it. In no key and no record, as any other key opens the same server.</summary>
    /// <param name="field">The setting that names it, as in the configuration.</param>
    /// <param name="key">Null where the server wants none.</param>
    public ToolCall Key(string field, Secret? key)
    {
        if (key is not null) _keys.Add(new ServerKey(field, key));
        return Params(new SettingsJson([], [], new JsonObject { ["api_key_env"] = key?.Variable }));
    }

    /// <summary>The keys of servers that the tool will ask for.</summary>
    internal IReadOnlyList<ServerKey> Keys => _keys;

    /// <summary>What one start of the tool takes of the machine.</summary>
    /// <param name="cores">Processor cores that it can use; 0: all that are free.</param>
    /// <param name="gpus">GPUs that it shares with nobody, where there are any.</param>
    /// <param name="memoryGb">Memory, in GB; 0 where that is not worth counting.</param>
    public ToolCall Needs(int cores = 0, int gpus = 0, double memoryGb = 0) => Is(_stage with { Cores = cores, Gpus = gpus, MemoryGb = memoryGb });

    /// <summary>A file that each item gets, under a name of its own choosing: <c>{id}</c> and any column of the item in braces.</summary>
    public ToolCall Out(string name, string pattern) => Is(_stage with { Outputs = [.. _stage.Outputs, new ItemFile(name, pattern)] });

    /// <summary>The tool keeps checkpoints in a folder that outlives a stopped run, and goes on from there.</summary>
    public ToolCall KeepsState() => Is(_stage with { KeepsState = true });

    /// <summary>The stage writes its own tables; the view adds none.</summary>
    public ToolCall WritesItsTables() => Is(_stage with { OwnTables = true });

    /// <summary>The run goes on when all items are rejected: they are told of, and nobody works on them.</summary>
    public ToolCall MayRejectAll() => Is(_stage with { MayRejectAll = true });

    /// <summary>Two builds of the same may differ in their bytes; why.</summary>
    public ToolCall Varies(string why) => Is(_stage with { Varies = why });

    internal Stage Stage(string name) => _stage with { Name = name, Settings = SettingsOf(_settings) };

    private ToolCall Driven(StageKind kind, ItemPart part) => Is(_stage with { Kind = kind, Items = [.. _stage.Items, new ItemQuery(part, [])] });

    private ToolCall Joined(ItemPart part) => Is(_stage with { Items = [.. _stage.Items.SkipLast(1), _stage.Items[^1] with { Joined = [.. _stage.Items[^1].Joined, part] }] });

    private ToolCall Is(Stage stage)
    {
        _stage = stage;
        return this;
    }

    /// <summary>Settings that are put together.</summary>
    public ToolCall Params(SettingsJson settings)
    {
        _settings = _settings.With(settings);
        return this;
    }

    private static Settings SettingsOf(SettingsJson settings) => new(settings.InKey.ToJsonString(), settings.NotInKey.ToJsonString()) { Lineage = settings.Lineage.ToJsonString() };
}

/// <summary>The key of a server that a target asks.</summary>
/// <param name="Field">The setting that names it, as in the configuration.</param>
public sealed record ServerKey(string Field, Secret Key);
