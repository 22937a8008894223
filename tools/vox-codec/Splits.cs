using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.CodecTool;

/// <summary>The parts of a dataset, by the names that it gives them.</summary>
internal static class Splits
{
    public const string Train = "train", Validation = "validation", Test = "test";

    /// <summary>Those that examples are made of; nothing looks at test before the evaluation.</summary>
    public static IReadOnlyList<string> Made { get; } = [Train, Validation];

    /// <summary>The split of a clip: train where it says nothing.</summary>
    /// <exception cref="ToolException">There is no such split.</exception>
    public static string Of(WorkItem item) => item.Columns["split"].ToString() switch
    {
        "" or Train => Train,
        Validation => Validation,
        Test => Test,
        var other => throw new ToolException($"the clip '{item.Id}' is of split '{other}'; expected {Train}, {Validation} or {Test}"),
    };
}
