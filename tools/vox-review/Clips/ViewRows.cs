using VoxMake.Corpus;

namespace VoxMake.ReviewTool.Clips;

/// <summary>The rows of a metadata.csv or rejects.csv, by id.</summary>
internal sealed class ViewRows
{
    private readonly Dictionary<string, string[]> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];
    private int _file = -1;

    private ViewRows(string path, string[] header) => (Path, Header) = (path, header);

    public string Path { get; }
    public string[] Header { get; }
    public bool IsRejects => System.IO.Path.GetFileName(Path) == "rejects.csv";

    /// <summary>In the order of the table.</summary>
    public IReadOnlyList<string> Ids => _ids;

    public string[]? Of(string id) => _rows.GetValueOrDefault(id);

    /// <summary>The path of a row's file, relative to the table; null where it has none.</summary>
    public string? File(string id) => _file >= 0 && Of(id) is { } row && row[_file].Length > 0 ? System.IO.Path.GetFullPath(row[_file],
        System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!) : null;

    /// <summary>Reads a table.</summary>
    /// <param name="path">The table, or a folder.</param>
    /// <param name="name">Of the table in that folder.</param>
    /// <exception cref="CorpusException">It is not there although it is needed, or is none.</exception>
    public static ViewRows? Read(string path, string name, bool needed)
    {
        if (Directory.Exists(path)) path = System.IO.Path.Combine(path, name);
        if (!System.IO.File.Exists(path)) return needed ? throw new CorpusException("there is no such table") { File = path,
            Try = "name a folder with a metadata.csv, such as out/anna/Segment" } : null;
        using var stream = System.IO.File.OpenRead(path);
        ViewRows? table = null;
        var id = -1;
        foreach (var record in CsvRecords.Read(TextLines.Read(stream, path)))
        {
            if (record.Fields is not { } fields) throw new CorpusException(record.Fault!.Message) { File = $"{path}:{record.Line}" };
            if (table is null)
            {
                table = new ViewRows(path, fields) { _file = Array.IndexOf(fields, "file_name") };
                id = Array.IndexOf(fields, "id");
                if (id < 0 && table._file < 0) throw new CorpusException("the first line names neither a column 'id' nor 'file_name'") { File = path };
                continue;
            }
            if (fields.Length != table.Header.Length) throw new CorpusException($"the row has {fields.Length} columns, the header has {table.Header.Length}") { File = $"{path}:{record.Line}" };
            var own = id >= 0 ? fields[id] : System.IO.Path.ChangeExtension(fields[table._file], null);
            if (own.Length > 0 && table._rows.TryAdd(own, fields)) table._ids.Add(own);
        }
        return table ?? (needed ? throw new CorpusException("it is empty") { File = path } : null);
    }
}
