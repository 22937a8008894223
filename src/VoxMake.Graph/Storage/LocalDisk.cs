using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>The machine's own file systems (Linux).</summary>
public sealed partial class LocalDisk : IDisk
{
    private const int LongestPath = 4096; // PATH_MAX, with the zero at its end
    private const UnixFileMode ReadOnlyMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public FileStat? Stat(string path)
    {
        Span<byte> bytes = stackalloc byte[Math.Min(3 * path.Length, LongestPath)];
        return Encoding.UTF8.TryGetBytes(path, bytes, out var length) ? Stat(bytes[..length]) : throw Fault(Native.NameTooLong, path);
    }

    public unsafe FileStat? Stat(ReadOnlySpan<byte> path)
    {
        if (path.Length >= LongestPath) throw Fault(Native.NameTooLong, Encoding.UTF8.GetString(path));
        var name = stackalloc byte[path.Length + 1];
        path.CopyTo(new Span<byte>(name, path.Length));
        name[path.Length] = 0;
        Native.Statx buffer;
        if (Native.statx(Native.AtFdCwd, name, 0, Native.BasicStats, &buffer) == 0) return buffer.ToStat();
        var error = Marshal.GetLastPInvokeError();
        return error is Native.NoEntry or Native.NotFolder or Native.LinksInCircle ? null : throw Fault(error, Encoding.UTF8.GetString(path));
    }

    /// <summary>Of an open file.</summary>
    private static unsafe FileStat StatOf(int file, string path)
    {
        byte none = 0;
        Native.Statx buffer;
        return Native.statx(file, &none, Native.EmptyPath, Native.BasicStats, &buffer) == 0 ? buffer.ToStat() : throw Fault(Marshal.GetLastPInvokeError(), path);
    }

    public IReadOnlyList<FolderEntry> List(string folder)
    {
        var entries = new List<FolderEntry>();
        try
        {
            foreach (var entry in new System.IO.Enumeration.FileSystemEnumerable<FolderEntry>(
                folder,
                static (ref entry) => new FolderEntry(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
                new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })) entries.Add(entry);
        }
        catch (DirectoryNotFoundException) { return []; }
        return entries;
    }

    public IEnumerable<FolderNames> ListNames(string folder)
    {
        var descriptor = Native.open(folder, Native.OpenFolder, 0);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() is var error)
        {
            if (error is Native.NoEntry or Native.NotFolder) yield break;
            throw error == Native.AccessDenied ? new UnauthorizedAccessException($"{folder}: {new Win32Exception(error).Message}") : Fault(error, folder);
        }
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        while (ReadNames(handle, folder) is { } names) yield return names;
    }

    /// <summary>The next names of an open folder, or null at its end.</summary>
    private static unsafe FolderNames? ReadNames(SafeFileHandle folder, string path)
    {
        const int size = 1 << 15;
        var read = stackalloc byte[size];
        var length = (int)Native.getdents64(folder, read, size);
        if (length < 0) throw Fault(Marshal.GetLastPInvokeError(), path);
        if (length == 0) return null;
        Span<byte> packed = stackalloc byte[length]; // what is packed is less than what was read: there is no inode number
        var end = 0;
        for (var at = 0; at < length;)
        {
            var entry = (Native.Entry*)(read + at);
            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry->Name);
            end = FolderNames.Pack(packed, end, entry->Type switch { 8 => NameKind.File, 4 => NameKind.Folder, _ => NameKind.Other }, name);
            at += entry->Length;
        }
        return new FolderNames(packed[..end].ToArray());
    }

    public Stream OpenRead(string path) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);

    /// <summary>Six system calls a small file, in place of ten: .NET's own open asks for more, locks and unlocks.</summary>
    public unsafe Digest DigestOf(string path, out FileStat after)
    {
        var file = Native.open(path, Native.OpenRead, 0);
        if (file < 0) throw Unread(Marshal.GetLastPInvokeError(), path);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        try
        {
            var length = Read(file, buffer, path);
            var more = length == 0 ? 0 : Read(file, buffer.AsSpan(length), path);
            if (more == 0 && length < buffer.Length)
            {
                after = StatOf(file, path);
                return Digest.Of(buffer.AsSpan(0, length));
            }
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (length += more; length > 0; length = Read(file, buffer, path)) hash.AppendData(buffer, 0, length);
            after = StatOf(file, path);
            return Digest.FromBytes(hash.GetHashAndReset());
        }
        finally
        {
            Native.close(file);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Up to as many bytes as there is room for; 0 at the end, or where there is no room.</summary>
    private static unsafe int Read(int file, Span<byte> room, string path)
    {
        if (room.IsEmpty) return 0;
        fixed (byte* bytes = room)
            while (true)
            {
                var length = Native.read(file, bytes, (nuint)room.Length);
                if (length >= 0) return (int)length;
                if (Marshal.GetLastPInvokeError() is var error and not Native.Interrupted) throw Unread(error, path);
            }
    }

    private static Exception Unread(int error, string path) => error switch
    {
        Native.NoEntry or Native.NotFolder or Native.IsFolder => new FileNotFoundException($"{path}: {new Win32Exception(error).Message}", path),
        Native.AccessDenied => new UnauthorizedAccessException($"{path}: {new Win32Exception(error).Message}"),
        _ => Fault(error, path),
    };

    public SafeFileHandle OpenRandom(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public Stream Create(string path) => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1 << 16);

    public Stream OpenAppend(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    public void Flush(Stream file)
    {
        if (file is FileStream stream) stream.Flush(flushToDisk: true);
        else file.Flush();
    }

    public void FlushAll(string folder)
    {
        using var handle = OpenFolder(folder);
        if (Native.syncfs(handle) != 0) throw Fault(Marshal.GetLastPInvokeError(), folder);
    }

    public void FlushFolder(string folder)
    {
        using var handle = OpenFolder(folder);
        if (Native.fsync(handle) != 0) throw Fault(Marshal.GetLastPInvokeError(), folder);
    }

    public void Rename(string from, string to)
    {
        if (Native.rename(from, to) != 0) throw Fault(Marshal.GetLastPInvokeError(), to);
    }

    public void Truncate(string path, long length)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
    }

    public void Delete(string path)
    {
        if (Native.unlink(path) != 0 && Marshal.GetLastPInvokeError() is var error and not Native.NoEntry) throw Fault(error, path);
    }

    public void DeleteFolder(string path)
    {
        try { Directory.Delete(path, recursive: true); }
        catch (DirectoryNotFoundException) { }
    }

    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public void Link(string from, string to)
    {
        if (TryReflink(from, to)) return;
        if (Native.link(from, to) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        // Another file system, no links there, or a file with too many names already: a copy shows the same bytes.
        if (error is not (Native.CrossDevice or Native.NotPermitted or Native.NotSupported or Native.TooManyLinks or Native.AccessDenied)) throw Fault(error, to);
        File.Copy(from, to, overwrite: false);
        MakeReadOnly(to);
    }

    public void MakeReadOnly(string path) => File.SetUnixFileMode(path, ReadOnlyMode);

    public void SetModified(string path, long ns) => Directory.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick));

    public long FreeSpace(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    private bool _noReflinks; // asked once: on a file system without them each try would cost three system calls

    private bool TryReflink(string from, string to)
    {
        if (_noReflinks) return false;
        bool done;
        using (var source = File.OpenHandle(from))
        using (var target = File.OpenHandle(to, FileMode.CreateNew, FileAccess.ReadWrite))
            done = Native.ioctl(target, Native.FiClone, source) == 0;
        if (done)
        {
            MakeReadOnly(to);
            return true;
        }
        Native.unlink(to);
        _noReflinks = true;
        return false;
    }

    private static SafeFileHandle OpenFolder(string folder)
    {
        var descriptor = Native.open(folder, Native.OpenFolder, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Fault(Marshal.GetLastPInvokeError(), folder);
    }

    private static IOException Fault(int error, string path) => new($"{path}: {new Win32Exception(error).Message}", error);

    private static unsafe partial class Native
    {
        public const int AtFdCwd = -100, EmptyPath = 0x1000;
        public const uint BasicStats = 0x7ff;
        public const int OpenRead = 0x80000 | 0x800; // O_RDONLY | O_CLOEXEC | O_NONBLOCK: a pipe that took a file's place is not waited for
        public static readonly int OpenFolder = 0x80000 | (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000); // O_RDONLY | O_CLOEXEC | O_DIRECTORY
        public const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, AccessDenied = 13, CrossDevice = 18, NotFolder = 20, IsFolder = 21, TooManyLinks = 31, NameTooLong = 36, LinksInCircle = 40, NotSupported = 95;
        public const nuint FiClone = 0x40049409;

        [StructLayout(LayoutKind.Sequential)]
        public struct Time
        {
            private readonly long _seconds;
            private readonly uint _nanoseconds;
            private readonly int _reserved;
            public readonly long Nanoseconds => _seconds * 1_000_000_000 + _nanoseconds;
        }

        /// <summary>struct statx of linux/stat.h: the same on every architecture.</summary>
        [StructLayout(LayoutKind.Sequential, Size = 256)]
        public struct Statx
        {
            public uint Mask, BlockSize;
            public ulong Attributes;
            public uint Links, User, Group;
            public ushort Mode, Spare;
            public ulong Inode, Size, Blocks, AttributesMask;
            public Time Accessed, Born, Changed, Modified;
            public uint SpecialMajor, SpecialMinor, DeviceMajor, DeviceMinor;

            public readonly FileStat ToStat() => new(
                (long)Size, Modified.Nanoseconds, Changed.Nanoseconds, Inode, ((ulong)DeviceMajor << 32) | DeviceMinor, IsFolder: (Mode & 0xF000) == 0x4000, IsFile: (Mode & 0xF000) == 0x8000);
        }

        /// <summary>struct linux_dirent64.</summary>
        [StructLayout(LayoutKind.Sequential, Pack = 1)]
        public struct Entry
        {
            public ulong Inode;
            public long Next;
            public ushort Length;
            public byte Type;
            public fixed byte Name[1];
        }

        [LibraryImport("libc", SetLastError = true)]
        public static partial int statx(int folder, byte* path, int flags, uint mask, Statx* buffer);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint getdents64(SafeFileHandle folder, byte* buffer, nuint size);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int open(string path, int flags, int mode);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint read(int file, byte* buffer, nuint size);

        [LibraryImport("libc")]
        public static partial int close(int file);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int rename(string from, string to);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int link(string from, string to);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int unlink(string path);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int fsync(SafeFileHandle file);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int syncfs(SafeFileHandle file);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int ioctl(SafeFileHandle file, nuint request, SafeFileHandle source);
    }
}
