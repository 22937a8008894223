using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Where records lie, on the disk (<c>records.map</c>), so that one is found by reading one page and no start reads them all. It is made of the records file and may be thrown away at any time.
/// Pages of 4 KiB hold places in the order of their keys. A key belongs to the page that is as far into all pages as the key is into all keys; where that is full, to the next. Pages are made
/// three quarters full. Each ends with a checksum, and one after them says of which records file the map is, and how far it goes.
/// </summary>
internal sealed class RecordMap
{
    private const int PageSize = 4096;
    private const int Capacity = PageSize / RecordPlace.Size - 1;
    private const int CountAt = PageSize - 8;
    private const int ChecksumAt = PageSize - 4;
    private const int PagesAtOnce = 64;
    private const int NumbersAt = 32;
    private static ReadOnlySpan<byte> Magic => "voxmake records map 1\n"u8;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _pages;
    private readonly long _homes;

    private RecordMap(SafeFileHandle file, string path, long pages, ReadOnlySpan<long> numbers)
    {
        (_file, _path, _pages) = (file, path, pages);
        Mark = new RowsMark((ulong)numbers[0], numbers[1], numbers[2], (ulong)numbers[3]);
        (Replaced, Count, _homes) = (numbers[4], numbers[5], numbers[6]);
    }

    /// <summary>How far in which records file it goes.</summary>
    public RowsMark Mark { get; }

    /// <summary>Bytes of the rows up to there that later ones replaced.</summary>
    public long Replaced { get; }

    /// <summary>How many keys it knows.</summary>
    public long Count { get; }

    /// <summary>Opens a map; null if there is none, or none that is whole.</summary>
    public static RecordMap? Open(IDisk disk, string path)
    {
        if (disk.Stat(path) is not { IsFile: true } stat || stat.Size < PageSize || stat.Size % PageSize != 0) return null;
        var file = disk.OpenRandom(path);
        var pages = stat.Size / PageSize - 1;
        Span<byte> last = stackalloc byte[PageSize];
        if (!Read(file, last, pages) || !IsWhole(last) || !last.StartsWith(Magic)) return null;
        return new RecordMap(file, path, pages, MemoryMarshal.Cast<byte, long>(last[NumbersAt..]));
    }

    /// <summary>Writes a map in place of the one that is there.</summary>
    /// <param name="mark">How far in which records file it goes.</param>
    /// <param name="places">Each key once, in the order of the keys.</param>
    /// <param name="atMost">No fewer than there are.</param>
    /// <param name="replaced">Bytes of replaced rows; asked after the last place.</param>
    public static void Write(IDisk disk, string path, RowsMark mark, IEnumerable<RecordPlace> places, long atMost, Func<long> replaced) => disk.WriteWhole(path, file =>
    {
        var homes = atMost / (Capacity * 3 / 4) + 1;
        long number = 0, count = 0;
        var page = new byte[PageSize];
        var inPage = 0;
        foreach (var place in places)
        {
            while (number < place.Home(homes) || inPage == Capacity) EndPage();
            MemoryMarshal.Write(page.AsSpan(inPage++ * RecordPlace.Size), in place);
            count++;
        }
        while (number < homes || inPage > 0) EndPage();
        Magic.CopyTo(page);
        long[] numbers = [(long)mark.Inode, mark.End, mark.LastRow, (long)mark.LastHead, replaced(), count, homes];
        MemoryMarshal.AsBytes(numbers.AsSpan()).CopyTo(page.AsSpan(NumbersAt));
        EndPage();

        void EndPage()
        {
            BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(CountAt), inPage);
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(ChecksumAt), RowReader.Checksum(page.AsSpan(0, ChecksumAt)));
            file.Write(page);
            Array.Clear(page);
            (number, inPage) = (number + 1, 0);
        }
    });

    /// <summary>The place of a key, or none.</summary>
    /// <exception cref="InvalidDataException">The map is damaged.</exception>
    public RecordPlace Find(RecordPlace key)
    {
        Span<byte> page = stackalloc byte[PageSize];
        for (var number = key.Home(_homes); number < _pages; number++)
        {
            if (!Read(_file, page, number)) throw Damaged();
            var places = PlacesOf(page);
            foreach (var place in places)
                if (place.IsOf(key)) return place;
            if (places.Length < Capacity) break;
        }
        return default;
    }

    /// <summary>All places, in the order of their keys.</summary>
    /// <exception cref="InvalidDataException">The map is damaged.</exception>
    public IEnumerable<RecordPlace> Places()
    {
        var pages = new byte[PagesAtOnce * PageSize];
        var places = new RecordPlace[Capacity];
        for (long number = 0; number < _pages; number += PagesAtOnce)
        {
            var bytes = (int)Math.Min(PagesAtOnce, _pages - number) * PageSize;
            if (!Read(_file, pages.AsSpan(0, bytes), number)) throw Damaged();
            for (var at = 0; at < bytes; at += PageSize)
            {
                var inPage = PlacesOf(pages.AsSpan(at, PageSize));
                inPage.CopyTo(places);
                for (int i = 0, count = inPage.Length; i < count; i++) yield return places[i];
            }
        }
    }

    private ReadOnlySpan<RecordPlace> PlacesOf(ReadOnlySpan<byte> page)
    {
        if (!IsWhole(page)) throw Damaged();
        return MemoryMarshal.Cast<byte, RecordPlace>(page)[..BinaryPrimitives.ReadInt32LittleEndian(page[CountAt..])];
    }

    private static bool IsWhole(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ChecksumAt..]) == RowReader.Checksum(page[..ChecksumAt]);

    /// <summary>Reads pages; false where they are not all there, or the disk cannot read them.</summary>
    private static bool Read(SafeFileHandle file, Span<byte> pages, long number)
    {
        try
        {
            for (var at = 0; at < pages.Length;)
            {
                var read = RandomAccess.Read(file, pages[at..], number * PageSize + at);
                if (read == 0) return false;
                at += read;
            }
            return true;
        }
        catch (IOException) { return false; }
    }

    private InvalidDataException Damaged() => new($"{_path} is damaged");
}
