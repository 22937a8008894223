using VoxMake.Build.Frosting;
using VoxMake.Graph.Planning;

namespace VoxMake.Build;

/// <summary>A target that makes data: its stage is its whole description, and its edges are the artifacts that its call names.</summary>
public abstract class StageTask : FrostingTask<BuildContext>
{
    private Stage? _stage;

    /// <summary>What is run over what.</summary>
    public Stage Stage => _stage ??= Call.Stage(Name);

    public sealed override IEnumerable<string> Dependencies => Stage.Needs.Select(stage => stage.Name);

    public sealed override void Run(BuildContext context) => context.RunStage(Stage);

    /// <summary>Said by each target.</summary>
    protected abstract ToolCall Call { get; }

    /// <summary>A call of one of our tools.</summary>
    protected static ToolCall Tool(string name, string verb) => new(name, verb);

    /// <summary>An output of this target that others read.</summary>
    protected ItemSet Items(string output) => new(Stage, [output], []);

    /// <summary>Columns of this target that others read.</summary>
    protected ItemSet Columns(params string[] names) => new(Stage, [], names);

    /// <summary>Everything that this target says of its items.</summary>
    public ItemSet All => new(Stage, [.. Stage.Outputs.Select(output => output.Name)], ["*"]);
}
