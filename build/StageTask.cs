using VoxMake.Build.Frosting;
using VoxMake.Graph.Planning;

namespace VoxMake.Build;

/// <summary>A target that makes data: its stage is its whole description, and its edges are the artifacts that its call names.</summary>
public abstract class StageTask : FrostingTask<BuildContext>
{
    private ToolCall? _call;
    private Stage? _stage;

    /// <summary>What is run over what.</summary>
    public Stage Stage => _stage ??= Said.Stage(Name);

    /// <summary>The keys of servers that it needs: a missing one is not to be found hours later, when the target at last asks.</summary>
    public IReadOnlyList<ServerKey> Keys => Said.Keys;

    public sealed override IEnumerable<string> Dependencies => Stage.Needs.Select(stage => stage.Name);

    public sealed override void Run(BuildContext context) => context.Add(Stage);

    /// <summary>Said by each target.</summary>
    protected abstract ToolCall Call { get; }

    private ToolCall Said => _call ??= Call;

    /// <summary>A call of one of our tools.</summary>
    protected static ToolCall Tool(string name, string verb) => new(name, verb);

    /// <summary>A file of a person; null where the configuration names none.</summary>
    protected static PersonFile? OwnFile(string role, string? path) => path is null ? null : new(role, path);

    /// <summary>A folder of a person; null where there is none.</summary>
    protected static PersonFolder? OwnFolder(string role, FileTree? tree) => tree is null ? null : new(role, tree);

    /// <summary>An output of this target that others read.</summary>
    protected ItemSet Items(string output) => new(Stage, [output], []);

    /// <summary>Columns of this target that others read.</summary>
    protected ItemSet Columns(params string[] names) => new(Stage, [], names);

    /// <summary>Files of this target that belong to no item, for others to read.</summary>
    /// <param name="role">What they are to the stage that reads them.</param>
    /// <param name="names">As people see them under out/; a name that ends with <c>/</c> takes a folder. None: all files.</param>
    protected StageFiles Files(string role, params string[] names) => new(role, Stage, names.Length == 0 ? null : names);

    /// <summary>Everything that this target says of its items.</summary>
    public ItemSet All => new(Stage, [.. Stage.Outputs.Select(output => output.Name)], ["*"]);
}
