namespace VoxMake.Text.Markdown;

/// <summary>Mark-up that is not known, with its place in the text.</summary>
internal sealed class MarkdownFaults(string markdown)
{
    private readonly List<(int At, string Name, string Message)> _found = [];

    public void Add(int at, string name, string message) => _found.Add((Math.Clamp(at, 0, markdown.Length), name, message));

    /// <exception cref="MarkdownException">There is some.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count == 0) return;
        throw new MarkdownException([.. _found.Distinct().OrderBy(fault => fault.At).Select(fault =>
        {
            var before = markdown.AsSpan(0, fault.At);
            return new MarkdownFault(before.Count('\n') + 1, fault.At - before.LastIndexOf('\n'), fault.Name, fault.Message);
        })]);
    }
}
