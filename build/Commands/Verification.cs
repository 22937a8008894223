using System.Globalization;
using System.Text.Json.Nodes;
using VoxMake.Build.Terminal;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>Reads every byte of the cache and of the views again (<c>--verify</c>), and says and removes what is damaged.</summary>
internal static class Verification
{
    private const long Megabyte = 1_000_000;
    private const int Named = 20;

    public static int Run(Session session)
    {
        var screen = session.Screen;
        using var shared = CacheHold.Join(session.Space);
        CheckReport report;
        using (var line = new CountLine(screen, "verify", "MB"))
            report = new CacheCheck(session.Space, [.. session.Tasks.Select(task => task.Stage)]) { Progress = (done, total) => line.Moved(done / Megabyte, total / Megabyte) }.Run(session.Cancel);
        if (session.Request.Json) Console.WriteLine(Told(report).ToJsonString());
        List("damaged, removed from the cache", report.Contents);
        List($"under {Path.GetRelativePath(Directory.GetCurrentDirectory(), session.Space.Out)} missing or not what its target made", report.Views);
        var found = report.IsWhole ? "all are whole" : $"{report.Contents.Count} damaged in the cache, {report.Views.Count} under out/";
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{report.Files:n0} files, {report.Bytes / 1e6:n1} MB were read: {found}"));
        if (report.LostRecords > 0)
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"{report.LostRecords:n0} items have results that the cache no longer holds; what of them is asked for is made again"));
        if (report.IsWhole) return ExitCode.Done;
        screen.Line($"nothing else is lost; to make it again: {session.CommandFor(session.Target)}");
        return ExitCode.Failed;

        void List(string head, IReadOnlyList<Damage> damages)
        {
            if (damages.Count == 0) return;
            screen.Line(head);
            foreach (var damage in damages.Take(Named)) screen.Line($"  {damage.What}  {(damage.ShownBy.Count > 0 ? string.Join("; ", damage.ShownBy) : "no present result names it")}");
            if (damages.Count > Named) screen.Line($"  and {damages.Count - Named} more");
        }
    }

    private static JsonObject Told(CheckReport report) => new()
    {
        ["files"] = report.Files,
        ["bytes"] = report.Bytes,
        ["damaged"] = Damages(report.Contents),
        ["views"] = Damages(report.Views),
        ["lost_records"] = report.LostRecords,
    };

    private static JsonArray Damages(IReadOnlyList<Damage> damages) =>
        new([.. damages.Select(damage => (JsonNode)new JsonObject { ["what"] = damage.What, ["shown_by"] = Json.Strings(damage.ShownBy) })]);
}
