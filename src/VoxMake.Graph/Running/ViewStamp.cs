using System.Text;
using System.Text.Json;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>What a view shows and how it was left. It is removed before the view is touched and written last: a view without one is made anew.</summary>
/// <param name="Form">How its files were named.</param>
/// <param name="Folders">Its folders (names below the view; its own is empty), as they were left: a name that comes or goes moves its folder's mtime.</param>
/// <param name="Tables">Null where the stage writes its own.</param>
internal sealed record ViewStamp(Digest Result, string Form, IReadOnlyList<Standing> Folders, ShownTables? Tables)
{
    /// <summary>Its number is raised when names, tables or this record are written otherwise, so that nothing is built upon a view of before.</summary>
    private const string Head = "voxmake view 2 ";

    /// <summary>The stamp that stands at a path; null where there is none, or it is not whole.</summary>
    public static ViewStamp? Read(IDisk disk, string path)
    {
        if (disk.ReadWhole(path) is not { } bytes) return null;
        var start = bytes.AsSpan().IndexOf((byte)'\n') + 1;
        return bytes.AsSpan(0, start).SequenceEqual(FirstLine(bytes.AsSpan(start))) ? JsonSerializer.Deserialize(bytes.AsSpan(start), StorageJson.Default.ViewStamp) : null;
    }

    public void Write(IDisk disk, string path)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(this, StorageJson.Default.ViewStamp);
        disk.WriteWhole(path, [.. FirstLine(content), .. content]);
    }

    private static byte[] FirstLine(ReadOnlySpan<byte> content) => Encoding.ASCII.GetBytes($"{Head}{Digest.Of(content)}\n");
}

/// <summary>How a file or folder of a view stood. Without its device: some file systems are numbered anew at each start of the machine.</summary>
/// <param name="Name">Below the view.</param>
internal sealed record Standing(string Name, long Size, long ModifiedNs, long ChangedNs, ulong Inode)
{
    /// <summary>How it stands now; null if nothing does.</summary>
    public static Standing? Of(IDisk disk, string folder, string name) =>
        disk.Stat(Path.Combine(folder, name)) is { } stat ? new Standing(name, stat.Size, stat.ModifiedNs, stat.ChangedNs, stat.Inode) : null;
}

/// <summary>
/// How metadata.csv and rejects.csv were left, and where in them the rows of each page are: behind the header, in the order of the pages. Plain lists of numbers, since every run reads them.
/// </summary>
/// <param name="Roots">Says where people's folders were: tables name their files by absolute path.</param>
/// <param name="Columns">The different sets of columns that pages have, each in order; together they are the header.</param>
/// <param name="PageColumns">Which of these sets each page has.</param>
/// <param name="PageMetadata">Bytes of each page in metadata.csv.</param>
/// <param name="PageRejects">Bytes of each page in rejects.csv.</param>
internal sealed record ShownTables(
    string Roots, Standing Metadata, Standing Rejects, IReadOnlyList<IReadOnlyList<string>> Columns, IReadOnlyList<int> PageColumns, IReadOnlyList<long> PageMetadata, IReadOnlyList<long> PageRejects);
