using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>A file that was met in a folder and is not known as it stands.</summary>
public sealed class FoundFile(string path, in FileStat stat)
{
    /// <summary>Relative to the folder.</summary>
    public string Path => path;
    public FileStat Stat { get; private set; } = stat;

    /// <summary>Null until it is read.</summary>
    public Digest? Digest { get; private set; }

    /// <summary>Whether it is to be read again next time (<see cref="SteadyFile"/>).</summary>
    public bool Racy { get; private set; }

    public void Take(SteadyFile read) => (Stat, Digest, Racy) = (read.Stat, read.Digest, read.Racy);
}

/// <summary>
/// What was last seen in one folder of a person: for each file its digest and what the kernel said of it, as git's index has it, and the listing that all of them make. It is one array, which is
/// the file that it is read from and written to, so that a million files cost no million objects: a heading, what it is an index of, a hash table, and the entries, sorted by path (ordinal).
/// Written by one run for the next, and believed only whole: another version, another folder or a changed bit make it as good as none, and every file is read again.
/// </summary>
public sealed class TreeIndex
{
    private const int HeadingSize = 72, CheckedFrom = 24, EntrySize = 80;
    private const int SmallestEntry = EntrySize + 8; // an entry's place divided by this is a number that no other has

    /// <summary>The number counts the form of this file and of <see cref="PagedTable{T}"/>, since a listing is remembered by its digest.</summary>
    private static ReadOnlySpan<byte> Version => "voxmake tree 1\n\0"u8;

    private readonly byte[] _about;
    private byte[] _bytes;
    private int _end;
    private bool[] _met = [];
    private bool _changed;

    /// <summary>What comes first; behind it what it is an index of, and the hash table: for each entry its place, in units of eight bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = HeadingSize)]
    private struct Heading
    {
        private readonly ulong _version, _restOfVersion;
        public ulong Checksum; // of all that follows
        public Digest Listing;
        public int HasListing, Count, Slots, AboutLength;
    }

    /// <summary>A file; behind it its path.</summary>
    [StructLayout(LayoutKind.Sequential, Size = EntrySize)]
    private struct Entry
    {
        public Digest Digest;
        public long Size, ModifiedNs, ChangedNs;
        public ulong Inode, Device;
        public int PathLength, Racy;

        public FileStat Stat
        {
            readonly get => new(Size, ModifiedNs, ChangedNs, Inode, Device, IsFolder: false, IsFile: true);
            set => (Size, ModifiedNs, ChangedNs, Inode, Device) = (value.Size, value.ModifiedNs, value.ChangedNs, value.Inode, value.Device);
        }

        /// <summary>Bytes, with the path.</summary>
        public readonly int Room => RoomFor(PathLength);
    }

    /// <param name="about">What it is an index of.</param>
    private TreeIndex(byte[] about, byte[] bytes) => (_about, _bytes, _end) = (about, bytes, bytes.Length);

    /// <summary>An index that knows nothing.</summary>
    public static TreeIndex None(FileTree tree)
    {
        var index = new TreeIndex(About(tree), []);
        index.Clear(0, 0);
        return index;
    }

    /// <summary>What the last run left; an index that knows nothing where there is none or it cannot be believed.</summary>
    public static TreeIndex Load(IDisk disk, string path, FileTree tree)
    {
        if (disk.ReadWhole(path) is not { } bytes || bytes.Length < HeadingSize || !bytes.AsSpan(0, Version.Length).SequenceEqual(Version)) return None(tree);
        var index = new TreeIndex(About(tree), bytes);
        return index.Head.Checksum == index.Checksum() && index.AboutAsWritten.SequenceEqual(index._about) ? index : None(tree);
    }

    public int Count => Head.Count;

    /// <summary>The listing that the entries make; null where it is not known.</summary>
    public Digest? Listing
    {
        get => Head.HasListing != 0 ? Head.Listing : null;
        set
        {
            if (Listing == value) return;
            (Head.HasListing, Head.Listing) = (value is null ? 0 : 1, value.GetValueOrDefault());
            _changed = true;
        }
    }

    /// <summary>The files, sorted by path.</summary>
    public IEnumerable<TreeFile> Files
    {
        get
        {
            for (var at = FirstEntry; at < _end; at += At(at).Room) yield return FileAt(at);
        }
    }

    /// <summary>The file of a path, or null.</summary>
    public TreeFile? Find(string path) => PlaceOf(path) is >= 0 and var at ? FileAt(at) : null;

    /// <summary>Before a folder is gone through: nothing was met yet.</summary>
    public void Begin() => _met = new bool[_end / SmallestEntry + 1];

    /// <summary>Notes that a file is there; whether it is known as it stands, and need not be read. Safe to call from several threads.</summary>
    /// <param name="path">In UTF-8, relative to the folder.</param>
    public bool Meets(ReadOnlySpan<byte> path, in FileStat stat)
    {
        var at = PlaceOf(path);
        if (at < 0 || At(at).Racy != 0 || At(at).Stat != stat) return false;
        return _met[at / SmallestEntry] = true;
    }

    /// <summary>Whether a file is still as it was when it was last looked at, with this digest.</summary>
    /// <param name="racy">Whether it may have changed all the same, for it had only just changed when it was read.</param>
    public bool Holds(ReadOnlySpan<char> path, in FileStat stat, Digest digest, out bool racy)
    {
        var at = PlaceOf(path);
        racy = at >= 0 && At(at).Racy != 0;
        return at >= 0 && At(at).Stat == stat && At(at).Digest == digest;
    }

    /// <summary>After a folder was gone through: takes in files that were read, and drops those that were neither met nor read.</summary>
    /// <param name="read">Sorted by path.</param>
    /// <returns>What this changes of the listing that was known, by path (null: gone).</returns>
    public IReadOnlyList<(string Path, TreeFile? Now)> Learn(IReadOnlyList<FoundFile> read)
    {
        var stand = _met.AsSpan().Count(true);
        if (read.Count == 0 && stand == Count) return [];
        var listed = Listing is not null;
        var changes = new List<(string Path, TreeFile? Now)>();
        var added = new List<FoundFile>();
        foreach (var file in read)
        {
            var at = PlaceOf(file.Path);
            if (listed && (at < 0 || At(at).Digest != file.Digest || At(at).Size != file.Stat.Size)) changes.Add((file.Path, new TreeFile(file.Path, file.Digest!.Value, file.Stat.Size)));
            if (at < 0) added.Add(file);
            else
            {
                Put(ref At(at), file);
                _met[at / SmallestEntry] = true;
                stand++;
            }
        }
        _changed = true;
        if (added.Count == 0 && stand == Count) return changes;
        var gone = Merge(stand, added);
        if (listed)
        {
            foreach (var path in gone) changes.Add((path, null));
            changes.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        }
        return changes;
    }

    /// <summary>Writes what was learned, if anything.</summary>
    public void Save(IDisk disk, string path)
    {
        if (!_changed) return;
        Head.Checksum = Checksum();
        disk.CreateFolder(Path.GetDirectoryName(path)!);
        disk.WriteWhole(path, _bytes.AsSpan(0, _end));
        _changed = false;
    }

    /// <summary>Puts together what stands and what is new, both sorted by path.</summary>
    /// <param name="stand">How many entries were met.</param>
    /// <returns>The paths of the entries that were not.</returns>
    private List<string> Merge(int stand, List<FoundFile> added)
    {
        var (old, met) = (new TreeIndex(_about, _bytes) { _end = _end }, _met);
        Clear(stand + added.Count, old._end - old.FirstEntry + added.Sum(static file => (long)RoomFor(Encoding.UTF8.GetByteCount(file.Path))));
        Head.Listing = old.Head.Listing;
        Head.HasListing = old.Head.HasListing;
        var gone = new List<string>();
        var next = 0;
        var nextPath = NextPath();
        for (var at = old.FirstEntry; at < old._end;)
        {
            ref var entry = ref old.At(at);
            if (met[at / SmallestEntry])
            {
                var path = old.PathAt(at);
                while (nextPath is not null && Order(nextPath, path) < 0) Add();
                old._bytes.AsSpan(at, entry.Room).CopyTo(_bytes.AsSpan(_end));
                Enter(path);
            }
            else gone.Add(Encoding.UTF8.GetString(old.PathAt(at)));
            at += entry.Room;
        }
        while (nextPath is not null) Add();
        return gone;

        byte[]? NextPath() => next < added.Count ? Encoding.UTF8.GetBytes(added[next].Path) : null;

        void Add()
        {
            ref var entry = ref At(_end);
            entry.PathLength = nextPath!.Length;
            Put(ref entry, added[next++]);
            nextPath.CopyTo(_bytes, _end + EntrySize);
            Enter(nextPath);
            nextPath = NextPath();
        }
    }

    /// <summary>An empty one, with room for some entries.</summary>
    private void Clear(int count, long room)
    {
        var slots = BitOperations.RoundUpToPowerOf2((uint)count * 2 + 1);
        var size = HeadingSize + Padded(_about.Length) + 4 * (long)slots + room;
        if (size > Array.MaxLength)
            throw new VoxException($"{Encoding.UTF8.GetString(_about)}: it holds more files than can be remembered of one folder")
            {
                Try = "divide it into several folders, each with a configuration of its own",
            };
        (_bytes, _met) = (new byte[size], []);
        Version.CopyTo(_bytes);
        (Head.Slots, Head.AboutLength) = ((int)slots, _about.Length);
        _about.CopyTo(_bytes, HeadingSize);
        _end = FirstEntry;
    }

    /// <summary>Counts the entry at the end in.</summary>
    private void Enter(ReadOnlySpan<byte> path)
    {
        var slot = SlotOf(path);
        while (InSlot(slot) != 0) slot = (slot + 1) & (Head.Slots - 1);
        InSlot(slot) = _end / 8;
        _end += At(_end).Room;
        Head.Count++;
    }

    /// <summary>Where the entry of a path begins; -1 if there is none.</summary>
    private int PlaceOf(ReadOnlySpan<byte> path)
    {
        for (var slot = SlotOf(path); InSlot(slot) is not 0 and var eighth; slot = (slot + 1) & (Head.Slots - 1))
            if (PathAt(8 * eighth).SequenceEqual(path)) return 8 * eighth;
        return -1;
    }

    private int PlaceOf(ReadOnlySpan<char> path)
    {
        Span<byte> bytes = stackalloc byte[3 * path.Length];
        return PlaceOf(bytes[..Encoding.UTF8.GetBytes(path, bytes)]);
    }

    private TreeFile FileAt(int at) => new(Encoding.UTF8.GetString(PathAt(at)), At(at).Digest, At(at).Size);
    private ReadOnlySpan<byte> PathAt(int at) => _bytes.AsSpan(at + EntrySize, At(at).PathLength);
    private int SlotOf(ReadOnlySpan<byte> path) => (int)Hash(path) & (Head.Slots - 1);
    private ref int InSlot(int slot) => ref Unsafe.As<byte, int>(ref _bytes[HeadingSize + Padded(Head.AboutLength) + 4 * slot]);
    private ref Heading Head => ref Unsafe.As<byte, Heading>(ref _bytes[0]);
    private ref Entry At(int at) => ref Unsafe.As<byte, Entry>(ref _bytes[at]);
    private int FirstEntry => HeadingSize + Padded(Head.AboutLength) + 4 * Head.Slots;
    private ReadOnlySpan<byte> AboutAsWritten => _bytes.AsSpan(HeadingSize, Head.AboutLength);
    private ulong Checksum() => Hash(_bytes.AsSpan(CheckedFrom, _end - CheckedFrom));

    private static void Put(ref Entry entry, FoundFile file) => (entry.Digest, entry.Stat, entry.Racy) = (file.Digest!.Value, file.Stat, file.Racy ? 1 : 0);
    private static int RoomFor(int pathLength) => EntrySize + Padded(pathLength);
    private static int Padded(int length) => (length + 7) & ~7;
    private static byte[] About(FileTree tree) => Encoding.UTF8.GetBytes(tree.Root + (tree.Endings is null ? "" : '\0' + string.Join('\0', tree.Endings)));

    /// <summary>The order of <see cref="string.CompareOrdinal(string, string)"/>, which goes by UTF-16: there what lies beyond its first plane comes before U+E000.</summary>
    private static int Order(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length) return a.Length - b.Length;
        var (x, y) = (a[same], b[same]);
        return x >= 0xEE && y >= 0xEE && x >= 0xF0 != y >= 0xF0 ? y - x : x - y;
    }

    /// <summary>For finding and for checking. Each word is taken in by a step that can be undone, so that no change of one word is lost on the way.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong odd = 0x9E3779B97F4A7C15;
        var hash = (ulong)bytes.Length * odd;
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), 29) * odd;
        ulong last = 0;
        foreach (var one in bytes) last = (last << 8) | one;
        hash = BitOperations.RotateLeft(hash ^ last, 29) * odd;
        hash = (hash ^ (hash >> 32)) * odd;
        return hash ^ (hash >> 29);
    }
}
