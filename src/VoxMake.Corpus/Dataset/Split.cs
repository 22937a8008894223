namespace VoxMake.Corpus;

/// <summary>What a clip is for.</summary>
public enum Split : byte { Train, Validation, Test }

/// <summary>Names of splits.</summary>
public static class SplitNames
{
    /// <summary>In the order of their names in this house.</summary>
    public static IReadOnlyList<Split> All { get; } = [Split.Train, Split.Validation, Split.Test];

    /// <summary>The folder: <c>train</c>, <c>validation</c>, <c>test</c>, as Hugging Face names them.</summary>
    public static string Folder(this Split split) => split switch { Split.Train => "train", Split.Validation => "validation", _ => "test" };
}
