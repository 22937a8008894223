using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Contents by their digests, <c>.vox/cache/blobs/ab/cdef…</c>, read-only. A blob is believed only when a record or a stage's result names it
/// (DESIGN 4): a crash may leave half a blob here, and the next import of the same digest replaces it.
/// </summary>
public sealed class BlobStore(IDisk disk, string root)
{
    private readonly HashSet<string> _folders = [];
    private readonly Dictionary<Digest, byte[]> _held = [];

    /// <summary>The folder that holds the blobs.</summary>
    public string Root => root;

    /// <summary>Where a digest's content is, or would be.</summary>
    public string PathOf(Digest digest) => root + "/" + NameOf(digest);

    /// <summary>The same below <see cref="Root"/>.</summary>
    public static string NameOf(Digest digest) => digest.ToString().Insert(2, "/");

    /// <summary>Whether there is a file of the right size. Its content is checked when it is read.</summary>
    public bool Has(Digest digest, long? size = null) => disk.Stat(PathOf(digest)) is { IsFile: true } stat && (size is null || stat.Size == size);

    /// <summary>Takes over a finished file by renaming it. It is safe only after <see cref="Flush"/>.</summary>
    public void Import(string file, Digest digest)
    {
        var path = Prepare(digest);
        disk.MakeReadOnly(file);
        disk.Rename(file, path);
    }

    /// <summary>Adds content from memory. It is safe only after <see cref="Flush"/>.</summary>
    public Digest Add(ReadOnlySpan<byte> content)
    {
        var digest = Digest.Of(content);
        var path = Prepare(digest);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp"; // another run that shares the cache may add the same at this moment
        using (var file = disk.Create(temporary)) file.Write(content);
        disk.MakeReadOnly(temporary);
        disk.Rename(temporary, path);
        return digest;
    }

    /// <summary>Keeps content in memory, where <see cref="Read"/> finds it: whoever plans writes nothing.</summary>
    public Digest Hold(ReadOnlySpan<byte> content)
    {
        var digest = Digest.Of(content);
        if (!_held.ContainsKey(digest)) _held[digest] = content.ToArray();
        return digest;
    }

    /// <summary>Writes what was held under a digest, if anything.</summary>
    public void Store(Digest digest)
    {
        if (_held.Remove(digest, out var content)) Add(content);
    }

    /// <summary>Everything added so far is on the disk itself when this returns.</summary>
    public void Flush() => disk.FlushAll(root);

    /// <summary>Content that is read whole, checked against its digest.</summary>
    /// <exception cref="DamagedCacheException">It is missing or is not what its name says.</exception>
    public byte[] Read(Digest digest)
    {
        if (_held.TryGetValue(digest, out var held)) return held;
        var content = disk.ReadWhole(PathOf(digest));
        return content is not null && Digest.Of(content) == digest ? content : throw new DamagedCacheException(digest);
    }

    /// <summary>The digest that a file should have, if it is a blob that is not what its name says; else null.</summary>
    public Digest? IfDamaged(string path) =>
        path.StartsWith(root + "/", StringComparison.Ordinal) && Digest.TryParse(path[(root.Length + 1)..].Replace("/", "", StringComparison.Ordinal), out var digest)
        && (disk.Stat(path) is null || disk.DigestOf(path, out _) != digest) ? digest : null;

    private string Prepare(Digest digest)
    {
        var path = PathOf(digest);
        var folder = Path.GetDirectoryName(path)!;
        if (_folders.Add(folder)) disk.CreateFolder(folder);
        return path;
    }
}

/// <summary>A blob that the graph believed in is not there, or not what it was. What needs it is to be made again.</summary>
public sealed class DamagedCacheException(Digest digest) : Exception($"the cache has lost or damaged {digest}")
{
    public Digest Digest { get; } = digest;
}
