using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Shows a stage's result as files, <c>out/&lt;config&gt;/&lt;stage&gt;/</c>: links into the cache, read-only, with metadata.csv and rejects.csv. Brought up to date by the
/// difference to what it showed before. A person's own files are never linked or moved: metadata.csv names where they are.
/// </summary>
public sealed class View(Workspace space)
{
    /// <summary>Makes the view of a stage show this result. Nothing is done if it does already.</summary>
    public void Update(StageState state)
    {
        var stage = state.Stage;
        var folder = Path.Combine(space.Out, stage.Name);
        var stamp = Path.Combine(space.State, "views", stage.Name);
        var shown = Shown(stamp);
        var there = space.Disk.Stat(folder) is { IsFolder: true };
        if (there && shown == (state.Digest, Form(stage))) return;

        var before = there && shown is { } old && old.Form == Form(stage) ? space.TryRead(old.Result) : null;
        var difference = before is null ? null : Difference(stage, before, state.Result!);
        space.Disk.CreateFolder(Path.GetDirectoryName(stamp)!);
        space.Disk.Delete(stamp); // a view that is cut off on the way is made anew, not trusted
        if (difference is null) space.Disk.DeleteFolder(folder);
        space.Disk.CreateFolder(folder);
        Show(state, folder, difference);
        space.Disk.WriteWhole(stamp, Encoding.ASCII.GetBytes($"{state.Digest!.Value} {Form(stage)}"));
    }

    /// <summary>Shows any result in a new folder (<c>--checkout</c>).</summary>
    /// <exception cref="VoxException">The folder exists already.</exception>
    public void Checkout(StageState state, string folder)
    {
        if (space.Disk.Stat(folder) is not null) throw new VoxException($"{folder}: it exists already") { Try = "name a folder that does not exist yet" };
        space.Disk.CreateFolder(folder);
        Show(state, folder, null);
    }

    /// <summary>Links of rows that differ between two results, by name; null if what the older one showed can no longer be read.</summary>
    private (Dictionary<string, Digest> Before, Dictionary<string, Digest> Now)? Difference(Stage stage, StageResult before, StageResult now)
    {
        try
        {
            var changes = space.Rows.Changes(before.Rows, now.Rows).ToList();
            return (Names(stage, before.Files, changes.Select(change => change.Before).OfType<Row>()), Names(stage, now.Files, changes.Select(change => change.Now).OfType<Row>()));
        }
        catch (DamagedCacheException) { return null; }
    }

    /// <summary>Makes the folder show a result, given what differs from what it shows, or null where it shows nothing yet.</summary>
    private void Show(StageState state, string folder, (Dictionary<string, Digest> Before, Dictionary<string, Digest> Now)? difference)
    {
        var stage = state.Stage;
        var all = Names(stage, state.Result!.Files, state.Rows); // also says where two results have one name
        var (before, names) = difference ?? ([], all);
        foreach (var (name, digest) in before)
            if (!names.TryGetValue(name, out var now) || now != digest) space.Disk.Delete(Path.Combine(folder, name));
        var folders = new HashSet<string>();
        foreach (var (name, digest) in names)
        {
            if (before.TryGetValue(name, out var old) && old == digest) continue;
            var path = Path.Combine(folder, name);
            if (folders.Add(Path.GetDirectoryName(path)!)) space.Disk.CreateFolder(Path.GetDirectoryName(path)!);
            space.Disk.Delete(path);
            if (!space.Blobs.Has(digest)) throw new DamagedCacheException(digest);
            space.Disk.Link(space.Blobs.PathOf(digest), path);
        }
        if (!stage.OwnTables) WriteTables(state, folder);
    }

    /// <summary>The names of the view's links and what each shows.</summary>
    private static Dictionary<string, Digest> Names(Stage stage, IReadOnlyList<RowFile> files, IEnumerable<Row> rows)
    {
        var names = new Dictionary<string, Digest>();
        foreach (var file in files)
            if (file.Source is null) Add(file.Name, file.Digest);
        if (stage.Outputs.Count == 0) return names;
        foreach (var row in rows)
            foreach (var output in stage.Outputs)
                if (row.Outcome == Outcome.Ok && row.File(output.Name) is { Source: null } file) Add(output.NameOf(row), file.Digest);
        return names;

        void Add(string name, Digest digest)
        {
            if (Path.IsPathRooted(name) || name.Split('/').Any(part => part is "" or "." or "..") || name.Contains('\0'))
                throw new VoxException($"{stage.Name}: '{name}' is no name for a file") { ExitCode = ExitCode.Failed };
            if (!names.TryAdd(name, digest)) throw new VoxException($"{stage.Name}: two results would be shown as '{name}'") { ExitCode = ExitCode.Failed };
        }
    }

    private void WriteTables(StageState state, string folder)
    {
        var found = new HashSet<string>();
        foreach (var row in state.Rows)
            for (var i = 0; i < row.Columns.Count; i++) found.Add(row.Columns[i].Key);
        List<string> columns = [.. found.Order(StringComparer.Ordinal)];
        var output = state.Stage.Outputs.Count > 0 ? state.Stage.Outputs[0] : null;
        Table(Path.Combine(folder, "metadata.csv"), Outcome.Ok, row => [FileName(row, output), row.Id, .. columns.Select(name => row.Columns[name].ToString())], ["file_name", "id", .. columns]);
        Table(Path.Combine(folder, "rejects.csv"), Outcome.Rejected, row => [row.Id, row.Reason, row.Message, .. columns.Select(name => row.Columns[name].ToString())], ["id", "reason", "message", .. columns]);

        void Table(string path, Outcome outcome, Func<Row, IEnumerable<string?>> fields, IEnumerable<string> header)
        {
            using (var csv = new CsvWriter(new StreamWriter(space.Disk.Create(path + ".tmp"), new UTF8Encoding(false)), CultureInfo.InvariantCulture))
            {
                foreach (var name in header) csv.WriteField(name);
                csv.NextRecord();
                foreach (var row in state.Rows)
                {
                    if (row.Outcome != outcome) continue;
                    foreach (var field in fields(row)) csv.WriteField(field);
                    csv.NextRecord();
                }
            }
            space.Disk.Rename(path + ".tmp", path);
        }
    }

    private string? FileName(Row row, ItemFile? output)
    {
        if (output is null || row.File(output.Name) is not { } file) return null;
        return file.Source is null ? output.NameOf(row) : space.Locate(file);
    }

    /// <summary>Removes views of targets that the graph no longer has. Only what this class made is touched: it left a stamp.</summary>
    public void Prune(IReadOnlySet<string> targets)
    {
        foreach (var entry in space.Disk.List(Path.Combine(space.State, "views")))
        {
            if (targets.Contains(entry.Name)) continue;
            space.Disk.DeleteFolder(Path.Combine(space.Out, entry.Name));
            space.Disk.Delete(Path.Combine(space.State, "views", entry.Name));
        }
    }

    /// <summary>How a stage wants its files to be named: a host that names them otherwise shows them anew.</summary>
    private static string Form(Stage stage) => Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', stage.Outputs.Select(output => output.Pattern).Append(stage.OwnTables ? "own" : "")))).Short;

    private (Digest Result, string Form)? Shown(string stamp) =>
        space.Disk.ReadWhole(stamp) is { } text && Encoding.ASCII.GetString(text).Split(' ') is [var result, var form] && Digest.TryParse(result, out var digest) ? (digest, form) : null;
}
