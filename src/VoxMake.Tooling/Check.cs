namespace VoxMake.Tooling;

/// <summary>A question to a tool about something that a long run depends on, which it answers in seconds and without writing anything: silence and exit 0, or what is wrong and what to do.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Summary">One line for <c>--help</c>.</param>
/// <param name="Arguments">What has to be said, such as <c>FOLDER</c>; in brackets what need not be, and is empty then.</param>
/// <param name="Ask">Gets the arguments; throws a <see cref="Protocol.ToolException"/> where something is wrong.</param>
public sealed record Check(string Name, string Summary, IReadOnlyList<string> Arguments, Action<IReadOnlyList<string>> Ask);
