namespace VoxMake.Yaml;

/// <summary>One thing that is wrong in a file.</summary>
/// <param name="File">The file as the user would name it; for an override of the command line the option itself, such as <c>--set audio.channels=9</c>.</param>
/// <param name="Line">From 1; 0 for an override, which has no lines.</param>
/// <param name="Column">From 1, in UTF-16 units as editors count; 0 for an override.</param>
/// <param name="Field">The dotted name, such as <c>audio.sample_rate</c>; empty where the file as a whole is at fault, or the message names the key.</param>
/// <param name="Message">What was found, what was expected, what to do.</param>
public sealed record YamlError(string File, int Line, int Column, string Field, string Message)
{
    /// <summary>More than anyone would read.</summary>
    private const int Shown = 50;

    /// <summary>The line at fault, without its end; null where it cannot or, holding a secret, must not be shown.</summary>
    public string? SourceLine { get; init; }

    /// <summary>As compilers say it: <c>file:line:column: field: message</c>, then the line and a caret.</summary>
    public override string ToString() =>
        $"{File}{(Line > 0 ? $":{Line}:{Column}" : "")}: {(Field.Length > 0 ? $"{Field}: " : "")}{Message}{(string.IsNullOrEmpty(SourceLine) ? "" : $"\n{Excerpt.OfLine(SourceLine, Line, Column)}")}";

    /// <summary>The first errors, one below the other, and how many more there are.</summary>
    public static string Text(IReadOnlyList<YamlError> errors) =>
        string.Join('\n', errors.Take(Shown)) + (errors.Count > Shown ? $"\nand {errors.Count - Shown} more" : "");
}
