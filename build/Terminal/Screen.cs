using Spectre.Console;

namespace VoxMake.Build.Terminal;

/// <summary>Where text for people goes: standard output, or standard error where that is taken for data (JSON, Mermaid). Colours only on a terminal that wants them (NO_COLOR).</summary>
public sealed class Screen
{
    public Screen(bool outputIsData)
    {
        var writer = outputIsData ? Console.Error : Console.Out;
        var redirected = outputIsData ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        Live = !redirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = Live ? AnsiSupport.Detect : AnsiSupport.No, Interactive = InteractionSupport.No });
        if (!Live) Ansi.Profile.Width = 400; // a log is not to be wrapped
        Writer = writer;
    }

    /// <summary>Whether somebody watches: lines can be drawn over.</summary>
    public bool Live { get; }

    public IAnsiConsole Ansi { get; }
    public TextWriter Writer { get; }

    public void Line(string text = "") => Writer.WriteLine(text);
}
