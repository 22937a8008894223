using System.Globalization;
using Spectre.Console;
using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Build.Terminal;

/// <summary>Past results of a target: a line each, what differed from the one before under it; then the numbers, a column a result.</summary>
internal static class HistoryTable
{
    private const int Indent = 2;

    public static void Write(Screen screen, string target, History history, IReadOnlyList<PastResult> results)
    {
        if (results.Count == 0)
        {
            screen.Line($"{target} has no result here yet");
            return;
        }
        screen.Ansi.Write(new Text($"{"Key",-12}  {"When",-16}  {"Ok",9}  {"Rejected",8}  {"Took",12}", new Style(decoration: Decoration.Dim)));
        screen.Line();
        for (var i = 0; i < results.Count; i++)
        {
            var (line, past) = (results[i].Line, results[i]);
            var took = ProgressLines.Duration(TimeSpan.FromSeconds(line.Seconds));
            var counts = string.Create(CultureInfo.InvariantCulture, $"{line.Counts.Ok,9:n0}  {line.Counts.Rejected,8:n0}");
            screen.Line($"{history.NameOf(line),-12}  {line.At.ToLocalTime():yyyy-MM-dd HH:mm}  {counts}  {took,12}{(past.Present ? "  present" : "")}");
            foreach (var text in About(past, first: i == results.Count - 1)) screen.Ansi.Write(new Padder(new Text(text), new Padding(Indent, 0, 0, 0)));
        }
        Numbers(screen, history, results);
    }

    private static IEnumerable<string> About(PastResult past, bool first)
    {
        if (past.Note is { } note) yield return note;
        if (!past.Held) yield return past.Result is null ? "the cache no longer holds it" : "the cache no longer holds its files";
        if (first) yield return "the first that is known";
        else if (past.Differs is null) yield return "what it or the one before was made of is no longer known";
        else if (past.Differs.Count == 0) yield return "made again of the same";
        else foreach (var reason in past.Differs) yield return reason.Text;
    }

    private static void Numbers(Screen screen, History history, IReadOnlyList<PastResult> results)
    {
        var told = results.Where(past => past.Result is { Columns.Count: > 0 }).ToList();
        var names = told.SelectMany(past => past.Result!.Columns.Select(column => column.Key)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0) return;
        var room = (screen.Ansi.Profile.Width - names.Max(name => name.Length) - 2) / 14;
        var shown = told.Take(Math.Max(1, room)).ToList();
        screen.Line();
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var header in shown.Select(past => history.NameOf(past.Line)).Prepend(""))
        {
            var head = new Text(header, new Style(decoration: Decoration.Dim));
            table.AddColumn(new TableColumn(head) { NoWrap = true, Padding = new Padding(0, 0, 2, 0), Alignment = header == "" ? Justify.Left : Justify.Right });
        }
        foreach (var name in names) table.AddRow(shown.Select(past => new Text(Words(past.Result!.Columns[name]))).Prepend(new Text(name)));
        screen.Ansi.Write(table);
        if (shown.Count < told.Count) screen.Line($"and {told.Count - shown.Count} older: --json has all");
    }

    private static string Words(Value value)
    {
        if (value.Kind == ValueKind.Real) return value.AsReal!.Value.ToString("G5", CultureInfo.InvariantCulture);
        return value.ToString() is { Length: > 12 } text ? text[..11] + "…" : value.ToString();
    }
}
