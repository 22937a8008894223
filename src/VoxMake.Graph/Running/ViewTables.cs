using System.Globalization;
using System.Text;
using CsvHelper;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// metadata.csv and rejects.csv of a view. They are sorted by id, as the pages of rows are, so that each page is a stretch of bytes in each of them: the stretches of pages that stay are
/// copied from the tables that stand there, and only new pages are read.
/// </summary>
internal sealed class ViewTables(Workspace space, Stage stage, string folder)
{
    private const string Metadata = "metadata.csv", Rejects = "rejects.csv";

    /// <summary>What the tables are called in the view: no link can have these names.</summary>
    public static readonly string[] Names = [Metadata, Rejects];

    private readonly ItemFile? _output = stage.Outputs.Count > 0 ? stage.Outputs[0] : null;

    /// <summary>Whether the tables stand as they were left, and name people's files where they are. Null is what is left where the stage writes its own.</summary>
    public bool AreAsLeft(ShownTables? shown) =>
        shown is null || (shown.Roots == Roots && Standing.Of(space.Disk, folder, Metadata) == shown.Metadata && Standing.Of(space.Disk, folder, Rejects) == shown.Rejects);

    /// <summary>Writes the tables of some rows, unless the stage writes its own.</summary>
    /// <param name="before">The rows of the tables that stand there as they were left, and these tables; null where there are none.</param>
    /// <exception cref="DamagedCacheException">The cache has lost rows.</exception>
    public ShownTables? Write(Digest rows, (Digest Rows, ShownTables Tables)? before)
    {
        if (stage.OwnTables) return null;
        if (before is { } same && same.Rows == rows) return same.Tables;
        var pages = space.Rows.Pages(rows);
        var kept = before is { } shown ? Stretches(space.Rows.Pages(shown.Rows), shown.Tables) : [];
        var columns = before is { } last ? Header(last.Tables.Columns) : pages.Count > 0 ? Header(space.Rows.Entries(pages[0].Digest).Select(ColumnNames)) : [];
        while (true)
        {
            // Which columns there are is known when all pages were seen; nearly always they are those of the first page, or those of before.
            var layout = Write(pages, columns, kept);
            var found = Header(layout.Sets);
            if (!found.SequenceEqual(columns))
            {
                (columns, kept) = (found, []);
                continue;
            }
            foreach (var name in Names) space.Disk.Rename(Temporary(name), Path.Combine(folder, name));
            return new ShownTables(Roots, Standing.Of(space.Disk, folder, Metadata)!, Standing.Of(space.Disk, folder, Rejects)!, layout.Sets, layout.PageSets, layout.Metadata, layout.Rejects);
        }
    }

    /// <summary>Writes both tables under their temporary names.</summary>
    private Layout Write(IReadOnlyList<Page> pages, IReadOnlyList<string> columns, Dictionary<Digest, Stretch> kept)
    {
        var layout = new Layout();
        using var metadata = new Table(space.Disk, Temporary(Metadata), kept.Count > 0 ? Path.Combine(folder, Metadata) : null);
        using var rejects = new Table(space.Disk, Temporary(Rejects), kept.Count > 0 ? Path.Combine(folder, Rejects) : null);
        metadata.Add(["file_name", "id", .. columns]);
        rejects.Add(["id", "reason", "message", .. columns]);
        metadata.Cut();
        rejects.Cut();
        foreach (var page in pages)
        {
            if (kept.TryGetValue(page.Digest, out var stretch))
            {
                metadata.Copy(stretch.Metadata, stretch.MetadataBytes);
                rejects.Copy(stretch.Rejects, stretch.RejectsBytes);
                layout.Add(stretch.MetadataBytes, stretch.RejectsBytes, stretch.Columns);
                continue;
            }
            var rows = space.Rows.Entries(page.Digest);
            foreach (var row in rows)
            {
                var values = columns.Select(name => row.Columns[name].ToString());
                if (row.Outcome == Outcome.Ok) metadata.Add([FileName(row), row.Id, .. values]);
                else if (row.Outcome == Outcome.Rejected) rejects.Add([row.Id, row.Reason, row.Message, .. values]);
            }
            layout.Add(metadata.Cut(), rejects.Cut(), Header(rows.Select(ColumnNames)));
        }
        return layout;
    }

    /// <summary>Where the rows of pages are in the tables that stand there.</summary>
    private static Dictionary<Digest, Stretch> Stretches(IReadOnlyList<Page> pages, ShownTables tables)
    {
        var stretches = new Dictionary<Digest, Stretch>(pages.Count);
        var (metadata, rejects) = (tables.Metadata.Size - tables.PageMetadata.Sum(), tables.Rejects.Size - tables.PageRejects.Sum());
        for (var i = 0; i < pages.Count; i++)
        {
            stretches.Add(pages[i].Digest, new Stretch(metadata, tables.PageMetadata[i], rejects, tables.PageRejects[i], tables.Columns[tables.PageColumns[i]]));
            metadata += tables.PageMetadata[i];
            rejects += tables.PageRejects[i];
        }
        return stretches;
    }

    private static List<string> Header(IEnumerable<IEnumerable<string>> sets)
    {
        var all = new HashSet<string>();
        foreach (var set in sets) all.UnionWith(set);
        return [.. all.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> ColumnNames(Row row) => row.Columns.Select(column => column.Key);

    private string? FileName(Row row)
    {
        if (_output is null || row.File(_output.Name) is not { } file) return null;
        return file.Source is null ? _output.NameOf(row) : space.Locate(file);
    }

    private string Roots => _output is null ? "" : space.TreeRoots;

    private string Temporary(string name) => Path.Combine(folder, name + ".tmp");

    /// <summary>The rows of a page: where they begin in each table, how many bytes they are, and their columns.</summary>
    private sealed record Stretch(long Metadata, long MetadataBytes, long Rejects, long RejectsBytes, IReadOnlyList<string> Columns);

    /// <summary>What was written of each page.</summary>
    private sealed class Layout
    {
        public List<IReadOnlyList<string>> Sets { get; } = [];
        public List<int> PageSets { get; } = [];
        public List<long> Metadata { get; } = [];
        public List<long> Rejects { get; } = [];

        public void Add(long metadata, long rejects, IReadOnlyList<string> columns)
        {
            var set = Sets.FindIndex(known => known.SequenceEqual(columns));
            if (set < 0)
            {
                set = Sets.Count;
                Sets.Add(columns);
            }
            PageSets.Add(set);
            Metadata.Add(metadata);
            Rejects.Add(rejects);
        }
    }

    /// <summary>A table that is being written, and the one that it takes stretches of.</summary>
    private sealed class Table : IDisposable
    {
        private readonly Stream _to;
        private readonly Stream? _from;
        private readonly CsvWriter _csv;
        private readonly byte[] _buffer = new byte[1 << 17];
        private long _cut;

        public Table(IDisk disk, string to, string? from)
        {
            _from = from is null ? null : disk.OpenRead(from);
            _to = disk.Create(to);
            _csv = new CsvWriter(new StreamWriter(_to, new UTF8Encoding(false)), CultureInfo.InvariantCulture);
        }

        public void Add(IEnumerable<string?> fields)
        {
            foreach (var field in fields) _csv.WriteField(field);
            _csv.NextRecord();
        }

        /// <summary>Bytes that were written since the last cut.</summary>
        public long Cut()
        {
            _csv.Flush();
            var bytes = _to.Position - _cut;
            _cut = _to.Position;
            return bytes;
        }

        /// <summary>Takes bytes over, directly behind a cut.</summary>
        public void Copy(long start, long length)
        {
            if (length == 0) return;
            _from!.Position = start;
            for (var left = length; left > 0;)
            {
                var part = _buffer.AsSpan(0, (int)Math.Min(left, _buffer.Length));
                _from.ReadExactly(part);
                _to.Write(part);
                left -= part.Length;
            }
            _cut += length;
        }

        public void Dispose()
        {
            _csv.Dispose();
            _from?.Dispose();
        }
    }
}
