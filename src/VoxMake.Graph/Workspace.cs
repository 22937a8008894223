using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph;

/// <summary>
/// Where one configuration's work lies: <c>.vox/cache</c> (contents and records, shared by all configurations of the folder, and on wish by several folders), <c>.vox/&lt;config&gt;</c> (log, what was seen, work in
/// progress) and <c>out/&lt;config&gt;</c> (views).
/// </summary>
public sealed class Workspace
{
    /// <summary>Below <see cref="State"/>.</summary>
    internal const string LineagesFolder = "lineages", WorkFolder = "work", LogsFolder = "logs", LogFile = "runs";

    /// <summary>Below the root.</summary>
    internal const string StateFolder = ".vox";

    private readonly Dictionary<string, FileTree> _trees = [];

    /// <param name="root">The folder that holds <c>.vox</c> and <c>out</c>, absolute.</param>
    /// <param name="name">Of the configuration.</param>
    /// <param name="cache">A cache that several roots share, absolute; null: the root's own, <c>.vox/cache</c>.</param>
    public Workspace(IDisk disk, string root, string name, int threads, TimeProvider? clock = null, string? cache = null)
    {
        Disk = disk;
        Clock = clock ?? TimeProvider.System;
        Name = name;
        Root = root;
        State = Path.Combine(root, StateFolder, name);
        Cache = cache ?? Path.Combine(root, StateFolder, "cache");
        Out = Path.Combine(root, "out", name);
        Work = cache is null ? Path.Combine(State, WorkFolder) : Path.Combine(cache, WorkFolder, CacheRoots.NameOf(root), name);
        Logs = Path.Combine(State, LogsFolder);
        Roots = new CacheRoots(disk, Cache);
        Blobs = new BlobStore(disk, Path.Combine(Cache, "blobs"));
        Records = new RecordIndex(disk, Path.Combine(Cache, "records"));
        Rows = new PagedTable<Row>(Blobs, StorageJson.Default.Row);
        Log = new RunLog(disk, Path.Combine(State, LogFile));
        Lineages = new Lineages(disk, Path.Combine(State, LineagesFolder));
        Seen = new SeenFiles(disk, Path.Combine(State, "seen"), Clock);
        Trees = new TreeLooker(disk, Path.Combine(State, "trees"), new PagedTable<TreeFile>(Blobs, StorageJson.Default.TreeFile), Clock, threads);
    }

    public IDisk Disk { get; }
    public TimeProvider Clock { get; }
    public string Name { get; }

    /// <summary>The folder that holds <c>.vox</c> and <c>out</c>.</summary>
    public string Root { get; }

    /// <summary><c>.vox/&lt;config&gt;</c></summary>
    public string State { get; }

    /// <summary><c>.vox/cache</c>, or the one that several roots share.</summary>
    public string Cache { get; }

    /// <summary>Who uses the cache.</summary>
    public CacheRoots Roots { get; }

    /// <summary><c>out/&lt;config&gt;</c></summary>
    public string Out { get; }

    /// <summary>Where tools write, on the file system of the cache; emptied at the start of a run that has something to do.</summary>
    public string Work { get; }

    /// <summary>What tools wrote to standard error.</summary>
    public string Logs { get; }

    public BlobStore Blobs { get; }
    public RecordIndex Records { get; }
    public PagedTable<Row> Rows { get; }
    public RunLog Log { get; }
    public Lineages Lineages { get; }
    public SeenFiles Seen { get; }
    public TreeLooker Trees { get; }

    /// <summary>Makes the folders. A dry run does not call it: it touches nothing.</summary>
    public void Create()
    {
        foreach (var folder in new[] { State, Blobs.Root, Work, Logs, Out }) Disk.CreateFolder(folder);
        Roots.Register(Root);
    }

    /// <summary>The log of any configuration, as it stands on the disk now; null if it has none.</summary>
    /// <param name="state">Its <c>.vox/&lt;config&gt;</c>.</param>
    internal RunLog? LogOf(string state) => Path.Combine(state, LogFile) is var path && Disk.Stat(path) is not null ? new RunLog(Disk, path) : null;

    /// <summary>Tells where the files of a tree are, for rows that name them by reference.</summary>
    public void Register(FileTree tree)
    {
        _trees[tree.Name] = tree;
        Trees.Register(tree);
    }

    /// <summary>Writes what was learned of files outside the cache, for the next run.</summary>
    public void Remember()
    {
        Seen.Save();
        Trees.Save();
    }

    /// <summary>Says where the registered trees are: as long as it is the same, so is what <see cref="Locate"/> says of a row's file.</summary>
    public string TreeRoots => string.Join('\n', _trees.Values.Select(tree => $"{tree.Name}:{tree.Root}").Order(StringComparer.Ordinal));

    /// <summary>Where a row's file can be read.</summary>
    public string Locate(RowFile file)
    {
        var (root, path) = Place(file);
        return root + "/" + path;
    }

    /// <summary>The same in two parts: the folder that holds it among many others, and its path below that.</summary>
    public (string Root, string Path) Place(RowFile file)
    {
        if (file.Source is null) return (Blobs.Root, BlobStore.NameOf(file.Digest));
        var colon = file.Source.IndexOf(':');
        return (_trees[file.Source[..colon]].Root, file.Source[(colon + 1)..]);
    }

    /// <summary>The result of a digest with its rows at hand, or null if the cache has lost it.</summary>
    public StageResult? TryRead(Digest digest)
    {
        try
        {
            var result = JsonSerializer.Deserialize(Blobs.Read(digest), StorageJson.Default.StageResult)!;
            return Blobs.Has(result.Rows) ? result : null;
        }
        catch (DamagedCacheException) { return null; }
    }

    /// <summary>Whether a result's own files are at hand. Those of its items are asked for where they are needed: they may be a million.</summary>
    public bool HasFiles(StageResult result) => result.Files.All(file => file.Source is not null || Blobs.Has(file.Digest, file.Size));

    /// <summary>What a result was made of, or null if the cache has lost it.</summary>
    public Made? TryReadMade(Digest digest)
    {
        try { return JsonSerializer.Deserialize(Blobs.Read(digest), StorageJson.Default.Made); }
        catch (DamagedCacheException) { return null; }
    }

    /// <summary>What has changed in a folder since an older listing of it; all of it where there is none, or the cache has lost it.</summary>
    public IReadOnlyList<(TreeFile? Before, TreeFile? Now)> ChangesSince(Digest? listing, FileTree tree)
    {
        var now = Trees.Look(tree);
        try { return [.. now.Changes(listing)]; }
        catch (DamagedCacheException) { return [.. now.Changes(null)]; }
    }

    /// <summary>Where a text of the host lies once it is written: the planner only names it, the runner writes it.</summary>
    public string HostTextPath(byte[] content) => Blobs.PathOf(Blobs.Hold(content));
}
