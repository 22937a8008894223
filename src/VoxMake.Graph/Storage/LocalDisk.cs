using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VoxMake.Graph.Storage;

/// <summary>The machine's own file systems (Linux).</summary>
public sealed partial class LocalDisk : IDisk
{
    private const UnixFileMode ReadOnlyMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public unsafe FileStat? Stat(string path)
    {
        Native.Statx buffer;
        if (Native.statx(Native.AtFdCwd, path, 0, Native.BasicStats, &buffer) == 0)
        {
            var type = buffer.Mode & 0xF000;
            return new FileStat(
                (long)buffer.Size, buffer.Modified.Nanoseconds, buffer.Changed.Nanoseconds, buffer.Inode,
                ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor, type == 0x4000, type == 0x8000);
        }
        var error = Marshal.GetLastPInvokeError();
        return error is Native.NoEntry or Native.NotFolder or Native.LinksInCircle ? null : throw Fault(error, path);
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

    public Stream OpenRead(string path) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);

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
        var descriptor = Native.open(folder, 0x10000 | 0x80000, 0); // O_RDONLY | O_DIRECTORY | O_CLOEXEC
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Fault(Marshal.GetLastPInvokeError(), folder);
    }

    private static IOException Fault(int error, string path) => new($"{path}: {new Win32Exception(error).Message}", error);

    private static unsafe partial class Native
    {
        public const int AtFdCwd = -100;
        public const uint BasicStats = 0x7ff;
        public const int NotPermitted = 1, NoEntry = 2, AccessDenied = 13, CrossDevice = 18, NotFolder = 20, TooManyLinks = 31, LinksInCircle = 40, NotSupported = 95;
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
        }

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int statx(int folder, string path, int flags, uint mask, Statx* buffer);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int open(string path, int flags, int mode);

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
