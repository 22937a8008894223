using System.Text;

namespace VoxMake.Config;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="File">The file as the user would name it; for an override the option itself, such as <c>--set audio.channels=9</c>.</param>
/// <param name="Line">From 1; 0 for an override, which has no lines.</param>
/// <param name="Column">From 1, in UTF-16 units as editors count; 0 for an override.</param>
/// <param name="Field">The dotted name, such as <c>audio.sample_rate</c>; empty where the file as a whole is at fault.</param>
/// <param name="Message">What was found, what was expected, what to do.</param>
public sealed record ConfigError(string File, int Line, int Column, string Field, string Message)
{
    /// <summary>The line at fault, without its end; null where it cannot or, holding a secret, must not be shown.</summary>
    public string? SourceLine { get; init; }

    /// <summary>As compilers say it: <c>file:line:column: field: message</c>, then the line and a caret.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(File);
        if (Line > 0) text.Append(':').Append(Line).Append(':').Append(Column);
        text.Append(": ");
        if (Field.Length > 0) text.Append(Field).Append(": ");
        text.Append(Message);
        if (SourceLine is not null) AppendSource(text, SourceLine);
        return text.ToString();
    }

    /// <summary>A window of a line that is too long for a screen.</summary>
    private const int Before = 60, Width = 120;

    private void AppendSource(StringBuilder text, string line)
    {
        var at = Math.Clamp(Column - 1, 0, line.Length);
        var from = line.Length <= Width ? 0 : Math.Max(0, at - Before);
        var to = Math.Min(line.Length, from + Width);
        var margin = $"  {Line} | ";
        text.Append('\n').Append(margin).Append(line.AsSpan(from, to - from));
        text.Append('\n').Append(' ', margin.Length - 2).Append("| ");
        for (var i = from; i < at; i++)
            if (!char.IsLowSurrogate(line[i])) text.Append(line[i] == '\t' ? '\t' : ' ');
        text.Append('^');
    }
}
