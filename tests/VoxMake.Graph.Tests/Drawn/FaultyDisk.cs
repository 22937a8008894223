using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Tests;

/// <summary>A disk whose N-th operation fails, once or from then on (SQLite's way of testing).</summary>
internal sealed class FaultyDisk(IDisk disk) : PassingDisk(disk)
{
    /// <summary>The operation that fails, counted from 1; 0: none.</summary>
    public int FailAt { get; set; }

    /// <summary>Whether every later one fails too.</summary>
    public bool Lasting { get; set; }

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

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
}
