namespace VoxMake.Text.Romanization;

/// <summary>ICU is missing, or cannot do what was asked of it.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="Try">What to do about it.</param>
public sealed class RomanizerException(string message, string? Try = null) : Exception(message)
{
    public string? Try { get; } = Try;
}
