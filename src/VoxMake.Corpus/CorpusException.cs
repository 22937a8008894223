namespace VoxMake.Corpus;

/// <summary>Data or a setting cannot be used as a whole; the message says what is wrong and what was expected.</summary>
public sealed class CorpusException(string message) : Exception(message)
{
    /// <summary>The file at fault, with <c>:line</c> where there is one.</summary>
    public string? File { get; init; }

    /// <summary>The setting at fault.</summary>
    public string? Field { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Try { get; init; }
}
