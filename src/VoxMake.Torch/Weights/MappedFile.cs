using System.IO.MemoryMappedFiles;

namespace VoxMake.Torch.Weights;

/// <summary>
/// A whole file in memory, read-only, paged in by the kernel as it is touched. Every access is checked against the length at opening. The mapping goes when it is disposed of
/// and all leases are. A file that someone shortens while it is mapped kills the process (SIGBUS): weights are replaced by renaming, never changed in place.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private bool _disposed;

    private MappedFile(string path, MemoryMappedViewAccessor view, long length)
    {
        (Path, _view, Length) = (path, view, length);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a regular file of at least <paramref name="leastLength"/> bytes, at least 1.</summary>
    public static MappedFile Open(string path, int leastLength)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("weights are read on little-endian machines only");
        try
        {
            var named = new FileInfo(path);
            var info = named.Exists ? named.ResolveLinkTarget(returnFinalTarget: true) ?? named : named;
            if (info is not FileInfo { Exists: true, Length: var size }) throw new WeightsException(path, null, Directory.Exists(path) ? "a folder, where a file was expected" : "no such file");
            // A pipe has length 0 and is refused here: opening it could wait for ever.
            if (size < leastLength) throw TooShort(path, size, leastLength);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var length = file.Length;
            if (length < leastLength) throw TooShort(path, length, leastLength);
            using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(path, map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new WeightsException(path, null, $"cannot be read: {error.Message}", error);
        }
    }

    /// <summary>A part of the file; a <see cref="WeightsException"/> where it does not lie inside. Dangles once the file is closed.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Length - length) throw new WeightsException(Path, null, $"ends early: {length} bytes were expected at byte {offset}, the file has {Length}");
        return new ReadOnlySpan<byte>((byte*)At(offset), length);
    }

    /// <summary>The address of a byte of the file (or of the one behind its end); dangles once the file is closed.</summary>
    public nint At(long offset)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        return (nint)(_start + offset);
    }

    /// <summary>Keeps the bytes mapped, also after <see cref="Dispose"/>, until the lease is disposed of.</summary>
    public IDisposable Lease()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new Hold(_view);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    private static WeightsException TooShort(string path, long length, int leastLength) =>
        new(path, null, $"{length} bytes: too short, at least {leastLength} were expected; was the download cut?");

    /// <summary>A count on the handle of the mapping: it is unmapped when the last is gone.</summary>
    private sealed class Hold : IDisposable
    {
        private MemoryMappedViewAccessor? _view;

        public Hold(MemoryMappedViewAccessor view)
        {
            var held = false;
            view.SafeMemoryMappedViewHandle.DangerousAddRef(ref held);
            _view = view;
        }

        public void Dispose() => Interlocked.Exchange(ref _view, null)?.SafeMemoryMappedViewHandle.DangerousRelease();
    }
}
