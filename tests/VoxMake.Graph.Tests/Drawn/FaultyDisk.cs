using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

/// <summary>A disk whose N-th operation fails, once or from then on (SQLite's way of testing).</summary>
internal sealed class FaultyDisk(IDisk disk) : PassingDisk(disk)
{
    /// <summary>The operation that fails, counted from 1; 0: none.</summary>
    public int FailAt { get; set; }

    /// <summary>Whether every later one fails too.</summary>
    public bool Lasting { get; set; }

    /// <summary>How seldom its clock ticks, nanoseconds.</summary>
    public long TickNs { get; set; } = 1;

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>Files that were read for their digests.</summary>
    public List<string> Read { get; } = [];

    /// <summary>The name of a file that cannot be read, or null.</summary>
    public string? FailsToRead { get; set; }

    public void Start(int failAt, bool lasting) => (FailAt, Lasting, Count) = (failAt, lasting, 0);

    protected override IDisk Below
    {
        get
        {
            lock (this)
            {
                Count++;
                return FailAt > 0 && (Count == FailAt || (Lasting && Count > FailAt)) ? throw new IOException("the disk fails", 5) : base.Below;
            }
        }
    }

    /// <summary>What stands at a path, its times as a disk with this tick has them.</summary>
    public override FileStat? Stat(string path) => base.Stat(path) is { } stat ? Coarse(stat) : null;

    private FileStat Coarse(FileStat stat) => stat with { ModifiedNs = stat.ModifiedNs / TickNs * TickNs, ChangedNs = stat.ChangedNs / TickNs * TickNs };

    public override Digest DigestOf(string path, out FileStat after)
    {
        lock (Read) Read.Add(path);
        if (Path.GetFileName(path) == FailsToRead) throw new IOException("the disk fails", 5);
        var digest = base.DigestOf(path, out after);
        after = Coarse(after);
        return digest;
    }
}
