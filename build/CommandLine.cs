using System.CommandLine;

namespace VoxMake.Build;

/// <summary>What a person asked for.</summary>
public sealed record Request
{
    public string? Target { get; init; }
    public string? Config { get; init; }
    public IReadOnlyList<string> Set { get; init; } = [];
    public RunMode Mode { get; init; } = RunMode.Build;
    public bool Exclusive { get; init; }
    public IReadOnlySet<string> Force { get; init; } = new HashSet<string>();
    public IReadOnlySet<string> Adopt { get; init; } = new HashSet<string>();
    public string? History { get; init; }
    public string? Checkout { get; init; }
    public string? Rollback { get; init; }
    public string? CheckoutFolder { get; init; }
    public bool DryRun { get; init; }
    public double? KeepGb { get; init; }
    public string? OlderThan { get; init; }
    public string? Forget { get; init; }
    public int Jobs { get; init; }
    public bool KeepGoing { get; init; }
    public bool Locked { get; init; }
    public bool Json { get; init; }
    public bool Verbose { get; init; }
    public string? Filter { get; init; }
    public string? Bin { get; init; }
}

/// <summary>The ways to go over the graph.</summary>
public enum RunMode { Build, DryRun, Status, Explain, Tree, Graph, Description, History, Checkout, Rollback, Gc, Verify, Repair, Review }

/// <summary>The options: Cake's own names where Cake has them.</summary>
public static class CommandLine
{
    /// <summary>Parses the command line and hands the request on; the result is the exit code.</summary>
    public static int Run(string[] args, Func<Request, int> run)
    {
        var target = new Option<string?>("--target", "-t") { Description = "the target to bring up to date; the configuration's last one if not said", HelpName = "NAME" };
        var config = new Option<string?>("--config", "-c") { Description = "the voice: a YAML file (configs/quickstart.yaml)", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "overrides a setting, as in --set audio.target_db=-23", HelpName = "KEY=VALUE" };
        var tree = new Option<bool>("--tree") { Description = "shows the graph" };
        var graph = new Option<bool>("--graph") { Description = "prints the graph as Mermaid, to be pasted into Markdown: what is fresh, and what each target hands on" };
        var history = new Option<string?>("--history") { Description = "a target's past results, newest first: what differed, and their numbers side by side", HelpName = "NAME" };
        var dryrun = new Option<bool>("--dryrun", "--dry-run", "--noop", "--whatif") { Description = "says what would run; touches nothing" };
        var status = new Option<bool>("--status") { Description = "a table of all targets: fresh or not, items, when, key; touches nothing" };
        var explain = new Option<bool>("--explain") { Description = "a tree of reasons: why each target would run, down to the file, setting or tool part; touches nothing" };
        var description = new Option<bool>("--description") { Description = "lists the targets with a line about each" };
        var exclusive = new Option<bool>("--exclusive", "-e") { Description = "only the target itself, on the present results of those before it" };
        var force = new Option<string[]>("--force") { Description = "runs a target again though it is fresh", HelpName = "NAME" };
        var adopt = new Option<string[]>("--adopt") { Description = "takes a target's present result over under its new key, once", HelpName = "NAME" };
        var checkout = new Option<string?>("--checkout")
        {
            Description = "shows a result in the folder that is named behind it; the key as --status prints it, or the beginning of it",
            HelpName = "STAGE@KEY",
        };
        var rollback = new Option<string?>("--rollback")
        {
            Description = "makes an older result the present one, until something that it is made of is changed; without @KEY takes that back",
            HelpName = "STAGE@KEY",
        };
        var folder = new Argument<string?>("FOLDER") { Description = "for --checkout", Arity = ArgumentArity.ZeroOrOne };
        var gc = new Option<bool>("--gc") { Description = "removes what nothing names any more from the cache, old logs and work folders; with --dryrun only says what" };
        var keepGb = new Option<double?>("--keep-gb") { Description = "for --gc: oldest first, until no more than this is left", HelpName = "N" };
        var olderThan = new Option<string?>("--older-than") { Description = "for --gc: only what was last used longer ago, as 12h, 30d or 4w", HelpName = "AGE" };
        var forget = new Option<string?>("--forget") { Description = "for --gc: a folder that shares the cache and cannot be read no longer counts", HelpName = "FOLDER" };
        var verify = new Option<bool>("--verify") { Description = "reads every byte of the cache and of out/ again; removes what is damaged, and ends with 1 if anything was" };
        var repair = new Option<bool>("--repair") { Description = "makes the index of records and out/ anew from what the cache holds" };
        var review = new Option<bool>("--review") { Description = "opens a page on which to listen to the clips and to correct texts and speakers; what is corrected goes to edits/ beside the configuration" };
        var jobs = new Option<int>("--jobs", "-j") { Description = "processor cores to use; all if not said", HelpName = "N" };
        var keepGoing = new Option<bool>("--keep-going", "-k") { Description = "later targets run without the items that failed; the exit code is 1 all the same" };
        var locked = new Option<bool>("--locked") { Description = "fails where a result is not the one that vox.lock names" };
        var json = new Option<bool>("--json") { Description = "the end table (or the plan) as JSON on standard output; all else on standard error" };
        var verbosity = new Option<string>("--verbosity", "-v") { Description = "quiet, normal or verbose (all reasons)", DefaultValueFactory = _ => "normal", HelpName = "LEVEL" };
        var filter = new Option<string?>("--filter") { Description = "for --target=Test: only tests whose names hold this", HelpName = "TEXT" };
        var bin = new Option<string?>("--bin") { Description = "the folder with the tools; beside this program if not said", HelpName = "FOLDER", Hidden = true };

        var root = new RootCommand("VoxMake: make for voices. Recordings go in, a text-to-speech voice comes out; only what is stale runs again.");
        foreach (var option in new Option[]
        {
            target, config, set, tree, graph, dryrun, status, explain, history, description, exclusive, force, adopt, checkout, rollback,
            gc, keepGb, olderThan, forget, verify, repair, review, jobs, keepGoing, locked, json, verbosity, filter, bin,
        }) root.Options.Add(option);
        root.Arguments.Add(folder);
        // Else a misspelt option would be taken for the folder, and the build would run without it.
        folder.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && given.GetValue(checkout) is null) given.AddError($"there is no option '{given.Tokens[0].Value}'");
        });
        foreach (var only in new Option[] { keepGb, olderThan, forget })
            only.Validators.Add(given =>
            {
                if (!given.GetValue(gc)) given.AddError($"{only.Name} belongs to --gc");
            });
        keepGb.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && (!double.TryParse(given.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var size) || !(size >= 0)))
                given.AddError($"--keep-gb={given.Tokens[0].Value}: expected a number of GB (10⁹ bytes) from 0 on");
        });
        jobs.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && (!int.TryParse(given.Tokens[0].Value, out var count) || count < 1))
                given.AddError($"--jobs={given.Tokens[0].Value}: expected a number of processor cores from 1 on");
        });
        var commands = new Option[] { tree, graph, status, explain, description, history, checkout, rollback, gc, verify, repair, review };
        root.Validators.Add(given =>
        {
            var asked = commands.Where(command => given.GetResult(command) is { Implicit: false }).Select(command => command.Name).ToList();
            if (asked.Count > 1) given.AddError($"{string.Join(" and ", asked)}: one at a time");
        });
        root.SetAction(parsed => run(new Request
        {
            Target = parsed.GetValue(target),
            Config = parsed.GetValue(config),
            Set = parsed.GetValue(set) ?? [],
            Mode = parsed.GetValue(checkout) is not null ? RunMode.Checkout
                : parsed.GetValue(gc) ? RunMode.Gc
                : parsed.GetValue(verify) ? RunMode.Verify
                : parsed.GetValue(repair) ? RunMode.Repair
                : parsed.GetValue(review) ? RunMode.Review
                : parsed.GetValue(rollback) is not null ? RunMode.Rollback
                : parsed.GetValue(history) is not null ? RunMode.History
                : parsed.GetValue(tree) ? RunMode.Tree
                : parsed.GetValue(graph) ? RunMode.Graph
                : parsed.GetValue(description) ? RunMode.Description
                : parsed.GetValue(explain) ? RunMode.Explain
                : parsed.GetValue(status) ? RunMode.Status
                : parsed.GetValue(dryrun) ? RunMode.DryRun
                : RunMode.Build,
            Exclusive = parsed.GetValue(exclusive),
            Force = new HashSet<string>(parsed.GetValue(force) ?? [], StringComparer.OrdinalIgnoreCase),
            Adopt = new HashSet<string>(parsed.GetValue(adopt) ?? [], StringComparer.OrdinalIgnoreCase),
            History = parsed.GetValue(history),
            Checkout = parsed.GetValue(checkout),
            Rollback = parsed.GetValue(rollback),
            CheckoutFolder = parsed.GetValue(folder),
            KeepGb = parsed.GetValue(keepGb),
            OlderThan = parsed.GetValue(olderThan),
            Forget = parsed.GetValue(forget),
            DryRun = parsed.GetValue(dryrun),
            Jobs = parsed.GetValue(jobs),
            KeepGoing = parsed.GetValue(keepGoing),
            Locked = parsed.GetValue(locked),
            Json = parsed.GetValue(json),
            Verbose = parsed.GetValue(verbosity) is "verbose" or "diagnostic",
            Filter = parsed.GetValue(filter),
            Bin = parsed.GetValue(bin),
        }));
        var result = root.Parse(args);
        if (result.Errors.Count == 0) return result.Invoke();
        foreach (var error in result.Errors) Console.Error.WriteLine($"vox: {error.Message}");
        Console.Error.WriteLine("Try 'vox --help'.");
        return Protocol.ExitCode.BadInput;
    }
}
