namespace VoxMake.Text.Rules;

/// <summary>One thing that is wrong in a file of rules.</summary>
/// <param name="File">As the caller named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Message">What was found, and what was expected.</param>
public sealed record TextRulesError(string File, int Line, int Column, string Message)
{
    /// <summary>As compilers say it: <c>file:line:column: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>A file of rules cannot be used. The message is all that is wrong with it, a line each.</summary>
public sealed class TextRulesException(IReadOnlyList<TextRulesError> errors) : Exception(string.Join('\n', errors.Take(50)))
{
    /// <summary>All that is wrong, in the order of the file.</summary>
    public IReadOnlyList<TextRulesError> Errors { get; } = errors;
}
