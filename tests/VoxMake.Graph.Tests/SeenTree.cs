using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

/// <summary>A person's folder, and what is remembered of it; each look is that of a new host.</summary>
internal sealed class SeenTree : IDisposable
{
    private sealed class Clock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + ahead;
    }

    private readonly TemporaryFolder _folder = new();

    public SeenTree()
    {
        Tree = new FileTree("source", Path.GetDirectoryName(_folder.File("texts/x"))!);
        Directory.CreateDirectory(Tree.Root);
    }

    public FileTree Tree { get; set; }
    public FaultyDisk Disk { get; } = new(new LocalDisk());
    public List<string> Skipped { get; } = [];
    public int Threads { get; set; } = 2;

    /// <summary>How far ahead the clock of the host is, so that files have rested.</summary>
    public TimeSpan Ahead { get; set; } = TimeSpan.FromMinutes(1);
    public string Cache => _folder.Path + "/cache";
    public string IndexPath => _folder.Path + "/trees/source";
    public string PathOf(string name) => Path.Combine(Tree.Root, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    public TreeLooker New(string memory = "trees")
    {
        var looker = new TreeLooker(Disk, Path.Combine(_folder.Path, memory), new PagedTable<TreeFile>(new BlobStore(Disk, Cache), StorageJson.Default.TreeFile), new Clock(Ahead), Threads) { Skipped = Skipped.Add };
        looker.Register(Tree);
        return looker;
    }

    public TreeListing Look()
    {
        var looker = New();
        try { return looker.Look(Tree); }
        finally { looker.Save(); }
    }

    /// <summary>The listing as one finds it who remembers nothing.</summary>
    public Digest LookAfresh()
    {
        var read = Disk.Read.Count;
        var digest = New("nothing").Look(Tree).Digest;
        Disk.Read.RemoveRange(read, Disk.Read.Count - read);
        return digest;
    }

    /// <summary>The files that were read since this was asked last, sorted.</summary>
    public IReadOnlyList<string> TakeRead()
    {
        string[] read = [.. Disk.Read.Select(path => Path.GetRelativePath(Tree.Root, path)).Order(StringComparer.Ordinal)];
        Disk.Read.Clear();
        return read;
    }

    public int Blobs() => !Directory.Exists(Cache) ? 0 : Directory.EnumerateFiles(Cache, "*", SearchOption.AllDirectories).Count();
    public void Dispose() => _folder.Dispose();
}
