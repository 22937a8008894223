using System.CommandLine;
using System.Runtime.InteropServices;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>The main program of every tool: parse, call the verb, report (DESIGN 5).</summary>
/// <param name="Name">Such as <c>vox-audio</c>.</param>
/// <param name="Summary">One line for <c>--help</c>.</param>
/// <param name="Verbs">What it can do.</param>
/// <param name="Versions">Outside programs and libraries that a verb uses, with their versions; throws a <see cref="ToolException"/> that says what to install where one is missing.</param>
public sealed record ToolProgram(string Name, string Summary, IReadOnlyList<Verb> Verbs, Func<string, IReadOnlyDictionary<string, string>> Versions)
{
    /// <summary>Whether the host started this process. What it writes to standard error then goes to a log, where a stack trace is of use.</summary>
    internal static bool UnderHost => Environment.GetEnvironmentVariable(HostLink.Variable) is not null;

    /// <summary>What can be asked of this tool before anything is started; the host's preflight does.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>Runs it; the result is the exit code.</summary>
    public int Run(string[] args)
    {
        var root = new RootCommand(Summary);
        root.Subcommands.Add(CommandOf(new Check("versions", "prints the outside programs and libraries that verbs use (VERBS: names with commas; else all), as JSON; exits 2 and says what to install where one is missing", ["[VERBS]"], verbs =>
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(new StartedEvent(Name, "versions", VersionsOf(verbs[0])), ProtocolJson.Default.ToolEvent)))));
        foreach (var check in Checks) root.Subcommands.Add(CommandOf(check));
        foreach (var verb in Verbs) root.Subcommands.Add(CommandOf(verb));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return parsed.Invoke();
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"{Name}: {error.Message}");
        Console.Error.WriteLine($"Try '{Name} {string.Join(' ', parsed.CommandResult.Command == root ? [] : new[] { parsed.CommandResult.Command.Name, "" })}--help'.");
        return ExitCode.BadInput;
    }

    /// <param name="verbs">Their names, with commas between them; empty for all.</param>
    private SortedDictionary<string, string> VersionsOf(string verbs)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in verbs.Length == 0 ? Verbs.Select(verb => verb.Name) : verbs.Split(','))
        {
            var verb = Verbs.FirstOrDefault(verb => verb.Name == name) ?? throw new ToolException($"there is no verb '{name}'") { Try = $"name one of {string.Join(", ", Verbs.Select(verb => verb.Name))}" };
            foreach (var (library, version) in Versions(verb.Name)) versions[library] = version;
        }
        return versions;
    }

    private Command CommandOf(Check check)
    {
        var command = new Command(check.Name, check.Summary);
        var arguments = check.Arguments.Select(ArgumentOf).ToList();
        var json = new Option<bool>("--json") { Description = "what is wrong as a JSON line on standard output" };
        foreach (var argument in arguments) command.Arguments.Add(argument);
        command.Options.Add(json);
        command.SetAction(parsed => Guard(parsed.GetValue(json), () =>
        {
            check.Ask([.. arguments.Select(argument => parsed.GetValue(argument)!)]);
            return ExitCode.Done;
        }, inWords: !parsed.GetValue(json)));
        return command;
    }

    private static Argument<string> ArgumentOf(string name) => name is ['[', .. var inner, ']'] ? new(inner) { DefaultValueFactory = _ => "" } : new(name);

    private Command CommandOf(Verb verb)
    {
        var command = new Command(verb.Name, verb.Summary);
        var order = new Option<string?>("--order") { Description = "a work order of the host (order.json); nothing else is needed then", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = verb.Prints is null ? "events as JSON lines on standard output, as with --order"
            : "results as JSON, one line each; with --output events, as with --order" };
        var threads = new Option<int>("--threads") { Description = "threads to keep busy", DefaultValueFactory = _ => Environment.ProcessorCount };
        var hand = new HandCommand(verb, command);
        command.Options.Add(order);
        command.Options.Add(threads);
        command.Options.Add(json);
        command.SetAction(parsed => Guard(json: parsed.GetValue(order) is not null || parsed.GetValue(json), () =>
        {
            if (parsed.GetValue(order) is { } file) return Execute(verb, LoadedOrder.Read(file, Name, verb), new EventLines());
            var loaded = hand.Order(parsed, Math.Max(1, parsed.GetValue(threads)));
            return Execute(verb, loaded, hand.Prints(parsed) ? new HandPrinter(loaded, verb.Prints!, parsed.GetValue(json), Console.Out)
                : parsed.GetValue(json) ? new EventLines()
                : new HandReporter(loaded, verb.OutputPattern));
        }));
        return command;
    }

    private int Execute(Verb verb, LoadedOrder order, IReporter reporter)
    {
        var cancel = new CancellationTokenSource(); // never disposed: it may be cancelled up to the end of the process
        if (reporter is EventLines lines) lines.Unheard = cancel.Cancel;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        if (UnderHost) new HostWatch(Console.OpenStandardInput(), HostLink.Patience(verb.KeepsState), cancel.Cancel, () => Environment.Exit(ExitCode.Cancelled)).Start();
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancel.Cancel();
        }

        var tally = new Tally();
        using (reporter)
        {
            var counted = new CountingReporter(reporter, tally);
            reporter.Event(new StartedEvent(Name, verb.Name, Versions(verb.Name)));
            verb.Run(order, counted, cancel.Token);
            reporter.Event(tally.Finished);
        }
        return tally.Finished.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Turns what goes wrong into one clear message and an exit code.</summary>
    /// <param name="inWords">Whether it is said on standard error too.</param>
    private int Guard(bool json, Func<int> run, bool inWords = true)
    {
        try { return run(); }
        catch (ToolException error) { return Say(new ErrorEvent(error.Message, error.File, error.Field, error.Try), error.ExitCode); }
        catch (OperationCanceledException) { return ExitCode.Cancelled; }
        catch (Exception error) when (FullDisk.Caused(error))
        {
            return Say(new ErrorEvent($"the disk is full: {error.Message}", Try: "free some space and run again; what is done is kept"), ExitCode.Failed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return Say(new ErrorEvent(error.Message), ExitCode.Failed); }
        catch (Exception error)
        {
            if (UnderHost) Console.Error.WriteLine(error);
            return Say(new ErrorEvent($"a fault in {Name} itself: {error.GetType().Name}: {error.Message}", Try: "please report it, with the order or the command line"), ExitCode.Failed);
        }

        int Say(ErrorEvent error, int code)
        {
            if (json)
            {
                using var lines = new EventLines();
                lines.Event(error);
            }
            if (!inWords) return code;
            var where = string.Join(", ", new[] { error.File, error.Field }.Where(part => part is not null));
            Console.Error.WriteLine($"{Name}: {(where == "" ? "" : where + ": ")}{error.Message}{(error.Try is null ? "" : $"\n  {error.Try}")}");
            return code;
        }
    }

    private sealed class CountingReporter(IReporter inner, Tally tally) : IReporter
    {
        public void Event(ToolEvent happened)
        {
            tally.Count(happened);
            inner.Event(happened);
        }

        public void Dispose() { }
    }
}
