namespace VoxMake.Training;

/// <summary>Training cannot go on: the message names what, what was expected and what was found.</summary>
/// <param name="message">What is wrong.</param>
public sealed class TrainingException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The file at fault.</summary>
    public string? File { get; init; }

    /// <summary>The setting at fault.</summary>
    public string? Field { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Try { get; init; }

    /// <summary>Whether the machine is at fault (disk, memory) and not what was put in.</summary>
    public bool Machine { get; init; }
}
