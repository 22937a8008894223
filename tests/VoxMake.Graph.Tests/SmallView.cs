using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

/// <summary>One stage's rows, and the view of them. Each update is that of a new host.</summary>
internal sealed class SmallView : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Workspace _space;
    private Digest? _shown;
    private int _checkouts;

    public SmallView(params string[] patterns)
    {
        Stage = new Stage { Name = "Show", Kind = StageKind.Collect, Tool = "small", Verb = "show", Items = [], Outputs = [.. patterns.Select(pattern => new ItemFile("text", pattern))] };
        _space = Open();
    }

    public Stage Stage { get; set; }
    public FaultyDisk Disk { get; } = new(new LocalDisk());
    public SortedDictionary<string, Row> Rows { get; } = new(StringComparer.Ordinal);
    public List<(string Name, string Text)> Files { get; } = [];
    public string SourceRoot { get; set; } = "/recordings";
    public string Folder => Path.Combine(_space.Out, Stage.Name);
    public string Stamp => Path.Combine(_space.State, "views", Stage.Name);
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>A row; with <paramref name="text"/>, a file of it.</summary>
    public Row Ok(string id, string? text = null, params (string, Value)[] columns) =>
        Rows[id] = new Row(id, null, null, Outcome.Ok, text is null ? [] : [new RowFile("text", Blob(text), text.Length)], Columns.Of(columns));

    public Row Rejected(string id, string reason, string message, params (string, Value)[] columns) => Rows[id] = new Row(id, null, null, Outcome.Rejected, [], Columns.Of(columns), reason, message);

    public Digest Blob(string text) => _space.Blobs.Add(Encoding.UTF8.GetBytes(text));

    /// <summary>Shows the present rows; how many disk operations that took.</summary>
    public int Update(int failAt = 0, bool lasting = false)
    {
        _space = Open();
        var state = Result();
        _space = Open();
        Disk.Start(failAt, lasting);
        try { new View(_space).Update(state); }
        finally { Disk.FailAt = 0; }
        return Disk.Count;
    }

    /// <summary>Names and contents of the view.</summary>
    public SortedDictionary<string, string> Shown() => Contents(Folder);

    /// <summary>The same of the present rows in a new folder.</summary>
    public SortedDictionary<string, string> Anew()
    {
        var folder = _folder.File($"new/{_checkouts++}");
        new View(_space).Checkout(Result(), folder);
        var contents = Contents(folder);
        Directory.Delete(folder, recursive: true);
        return contents;
    }

    /// <summary>The tables as they must be: all rows through one writer.</summary>
    public (string Metadata, string Rejects) Tables()
    {
        var columns = Rows.Values.SelectMany(row => row.Columns.Select(column => column.Key)).Distinct().Order(StringComparer.Ordinal).ToList();
        return (
            Table(["file_name", "id", .. columns], Outcome.Ok, row =>
                [row.File("text") is { } file ? file.Source?.Replace("source:", SourceRoot + "/") ?? Stage.Outputs[0].NameOf(row) : null, row.Id]),
            Table(["id", "reason", "message", .. columns], Outcome.Rejected, row => [row.Id, row.Reason, row.Message]));

        string Table(IEnumerable<string> header, Outcome outcome, Func<Row, IEnumerable<string?>> fields)
        {
            using var text = new StringWriter();
            using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
            {
                foreach (var record in Rows.Values.Where(row => row.Outcome == outcome).Select(row => fields(row).Concat(columns.Select(name => row.Columns[name].ToString()))).Prepend(header))
                {
                    foreach (var field in record) csv.WriteField(field);
                    csv.NextRecord();
                }
            }
            return text.ToString();
        }
    }

    /// <summary>Holds the view to one that is made anew, and its tables to their rows.</summary>
    public void Check()
    {
        var shown = Shown();
        Assert.Equal(Anew(), shown);
        Assert.Equal(Tables(), (shown["metadata.csv"], shown["rejects.csv"]));
    }

    /// <summary>The result of the present rows. They are edited into the table of before, as a run does it.</summary>
    private StageState Result()
    {
        var ids = Rows.Keys.Union(_shown is { } shown ? _space.Rows.Read(shown).Select(row => row.Id) : []).Order(StringComparer.Ordinal).ToList();
        var rows = _space.Rows.Edit(_shown, ids.Select(id => (id, Rows.GetValueOrDefault(id))));
        _shown = rows;
        var result = new StageResult(Stage.Name, rows, [.. Files.Select(file => new RowFile(file.Name, Blob(file.Text), file.Text.Length))], Columns.Empty, _space.Rows.Counts(rows));
        var digest = _space.Blobs.Add(JsonSerializer.SerializeToUtf8Bytes(result, StorageJson.Default.StageResult));
        return StageState.Done(Stage, digest, digest, result, _space.Rows);
    }

    private Workspace Open()
    {
        var space = new Workspace(Disk, _folder.Path, "test", 2);
        space.Create();
        space.Register(new FileTree("source", SourceRoot));
        return space;
    }

    private static SortedDictionary<string, string> Contents(string folder) =>
        new(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText), StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();
}
