using System.CommandLine;
using VoxMake.Protocol;

namespace VoxMake.ReviewTool;

/// <summary>The options.</summary>
internal static class CommandLine
{
    /// <summary>Parses the command line and hands the request on; the result is the exit code.</summary>
    public static int Run(string[] args, Func<ReviewRequest, int> run)
    {
        var table = new Argument<string>("VIEW") { Description = "the view whose files are the clips' sound, such as out/anna/Segment, or any folder with a metadata.csv" };
        var with = new Option<string[]>("--with") { Description = "further views of the same clips: their columns, why they were rejected, and (.json files) when words are spoken",
            HelpName = "VIEW", AllowMultipleArgumentsPerToken = true };
        var edits = new Option<string>("--edits") { Description = "the folder of corrections, or the file in it that is written; review.csv if not said", HelpName = "DIR", Required = true };
        var sort = new Option<string?>("--sort") { Description = "the column that says how sure a text is, lowest first; if not said the first of alignment_score, align_score, score, confidence", HelpName = "COLUMN" };
        var host = new Option<string>("--host") { Description = "the address to listen on", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ADDRESS" };
        var port = new Option<int>("--port") { Description = "the port to listen on; any that is free if not said", HelpName = "N" };
        port.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 0 or > 65535) result.AddError("--port: expected 0 to 65535");
        });
        var hosts = new Option<string?>("--allowed-hosts") { Description = "further names by which the page may be called, as a proxy's, parted by commas", HelpName = "NAMES" };
        var root = new RootCommand("A page on which people listen to clips, least certain first, and correct texts and speakers. What they correct is added to a file of edits, which Review applies.");
        root.Arguments.Add(table);
        foreach (var option in new Option[] { with, edits, sort, host, port, hosts }) root.Options.Add(option);
        root.SetAction(parsed => run(new ReviewRequest(parsed.GetValue(table)!, parsed.GetValue(with) ?? [], parsed.GetValue(edits)!, parsed.GetValue(sort), parsed.GetValue(host)!,
            parsed.GetValue(port),
            parsed.GetValue(hosts)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))));
        var read = root.Parse(args);
        if (read.Errors.Count == 0) return read.Invoke();
        foreach (var error in read.Errors) Console.Error.WriteLine($"vox-review: {error.Message}");
        Console.Error.WriteLine("Try 'vox-review --help'.");
        return ExitCode.BadInput;
    }
}
