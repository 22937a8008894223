namespace VoxMake.Text.Espeak;

/// <summary>espeak-ng is missing, or cannot do what was asked of it.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="Try">What to do about it.</param>
public sealed class EspeakException(string message, string? Try = null) : Exception(message)
{
    public string? Try { get; } = Try;
}
