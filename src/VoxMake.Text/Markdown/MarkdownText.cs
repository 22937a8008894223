namespace VoxMake.Text.Markdown;

/// <summary>A stretch of what is spoken: text, or silence.</summary>
/// <param name="Text">Lines of text; null for silence.</param>
/// <param name="Pause">Seconds of silence, up to 10; 0 for text.</param>
public sealed record SpokenPart(string? Text, double Pause);

/// <summary>Markdown as it is to be spoken.</summary>
/// <param name="Parts">Text and silence in turn.</param>
public sealed record MarkdownText(IReadOnlyList<SpokenPart> Parts)
{
    /// <summary>All text; a line's end is a sentence's end, and silence is a line's end.</summary>
    public string Text => string.Join('\n', Parts.Where(part => part.Text is not null).Select(part => part.Text));
}

/// <summary>Mark-up that is not spoken.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Name">What it is, such as <c>&lt;prosody&gt;</c> or <c>a formula</c>.</param>
/// <param name="Message">What was expected.</param>
public sealed record MarkdownFault(int Line, int Column, string Name, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}: {Name}: {Message}";
}

/// <summary>A text has mark-up that would be read out, or cannot be read at all. The message has all of it, a line each.</summary>
public sealed class MarkdownException(IReadOnlyList<MarkdownFault> faults) : Exception(string.Join('\n', faults.Take(20)))
{
    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<MarkdownFault> Faults { get; } = faults;
}
