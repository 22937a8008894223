namespace VoxMake.Graph;

/// <summary>Something that a person can mend. Shown as one message, never with a stack trace.</summary>
/// <param name="message">The file, field or line, and what was expected.</param>
public class VoxException(string message) : Exception(message)
{
    /// <summary>What to do about it.</summary>
    public string? Try { get; init; }

    /// <summary>2 for bad input or settings, 1 for what failed on the way (DESIGN 5).</summary>
    public int ExitCode { get; init; } = Protocol.ExitCode.BadInput;
}
