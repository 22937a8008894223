using System.Globalization;
using System.Text.Json.Nodes;
using VoxMake.Graph;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>Removes from the cache what nothing names any more (<c>--gc</c>), and says what went and why the rest stays.</summary>
internal static class Removal
{
    public static int Run(Session session)
    {
        var (request, space) = (session.Request, session.Space);
        if (request.Forget is { } root && !request.DryRun) Forget(space, Path.GetFullPath(root));
        var limits = new SweepLimits(request.KeepGb is { } gb ? (long)(gb * 1e9) : null, request.OlderThan is { } age ? Age(age) : null);
        using var hold = request.DryRun ? null : CacheHold.Take(space);
        var gone = space.Roots.All().Where(other => space.Disk.Stat(other) is null).ToList();
        if (!request.DryRun) gone.ForEach(other => space.Roots.Forget(other));
        var report = new CacheBudget(space).Sweep(limits, request.DryRun);
        if (request.Json) Console.WriteLine(Told(report, request.DryRun, gone).ToJsonString());
        else Say(session, report, gone);
        return ExitCode.Done;
    }

    private static void Forget(Workspace space, string root)
    {
        if (!space.Roots.Forget(root)) throw new VoxException($"--forget: {root} does not use {space.Cache}") { Try = "these do: " + string.Join(", ", space.Roots.All()) };
    }

    /// <summary>An age as people write it: 30d, 12h, 2w.</summary>
    private static TimeSpan Age(string text)
    {
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            switch (text[^1])
            {
                case 'h': return TimeSpan.FromHours(number);
                case 'd': return TimeSpan.FromDays(number);
                case 'w': return TimeSpan.FromDays(7 * number);
            }
        throw new VoxException($"--older-than={text}: expected a number of hours, days or weeks") { Try = "as in --older-than=12h, 30d or 4w" };
    }

    private static void Say(Session session, SweepReport report, List<string> gone)
    {
        var (screen, dry) = (session.Screen, session.Request.DryRun);
        foreach (var root in gone) screen.Line($"{root} is gone; what it used {(dry ? "would count" : "counts")} no longer");
        Lines(dry ? "would be freed" : "freed", report.Freed, "nothing");
        Lines(dry ? "would stay" : "stays", report.Kept, "nothing");
        var users = session.Space.Roots.All().Except(gone).ToList();
        if (users.Count > 1) screen.Line($"{session.Space.Cache} is used by\n  {string.Join("\n  ", users)}");
        if (!dry) return;
        if (CacheHold.WhoWorks(session.Space) is { } works) screen.Line($"now nothing would be removed, since {works}");
        screen.Line("dry run: nothing was touched");

        void Lines(string head, IReadOnlyList<Amount> amounts, string none)
        {
            screen.Line(head);
            foreach (var (what, files, bytes) in amounts) screen.Line(string.Create(CultureInfo.InvariantCulture, $"  {what,-36} {files,9:n0} files  {bytes / 1e6,12:n1} MB"));
            if (amounts.Count == 0) screen.Line("  " + none);
        }
    }

    private static JsonObject Told(SweepReport report, bool dryRun, List<string> gone) => new()
    {
        ["dry_run"] = dryRun,
        ["freed"] = Amounts(report.Freed),
        ["kept"] = Amounts(report.Kept),
        ["gone"] = Json.Strings(gone),
    };

    private static JsonArray Amounts(IReadOnlyList<Amount> amounts) =>
        new([.. amounts.Select(amount => (JsonNode)new JsonObject { ["what"] = amount.What, ["files"] = amount.Files, ["bytes"] = amount.Bytes })]);
}
