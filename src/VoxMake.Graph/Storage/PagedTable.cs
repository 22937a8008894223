using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>What a <see cref="PagedTable{T}"/> holds.</summary>
public interface IEntry
{
    /// <summary>Unique in its table, and what the table is sorted by (ordinal).</summary>
    string Name { get; }

    /// <summary>For counting.</summary>
    Outcome Outcome { get; }
}

/// <summary>A part of a table: a blob of JSON lines.</summary>
/// <param name="First">The name of its first entry.</param>
/// <param name="Counts">Of its entries.</param>
public sealed record Page(string First, Digest Digest, Counts Counts);

/// <summary>
/// Lists of entries, sorted by name, as blobs: a list of pages, and each page some hundreds of JSON lines. A page ends behind an entry whose name says so by its hash, so that equal entries make
/// equal pages however the list came about: one entry changed among a million costs one page, and two lists are compared by their pages' digests.
/// </summary>
public sealed class PagedTable<T>(BlobStore blobs, JsonTypeInfo<T> type) where T : class, IEntry
{
    /// <summary>Entries of a page, on average. Pages of half a hundred would make a million entries twenty thousand files; pages of thousands would cost more at each change.</summary>
    private const int PageSize = 512;
    private readonly Kept<T[]> _pages = new(16);
    private readonly Kept<Page[]> _lists = new(32); // a join asks all the tables that it joins, for each item

    /// <summary>The pages of a table.</summary>
    /// <exception cref="DamagedCacheException">The list is missing or damaged.</exception>
    public IReadOnlyList<Page> Pages(Digest table) => _lists.Of(table, ReadList);

    /// <summary>How many entries a table has, by outcome.</summary>
    public Counts Counts(Digest table) => Pages(table).Aggregate(default(Counts), static (sum, page) => sum + page.Counts);

    /// <summary>Whether its list and all its pages are there, or, where they are to be read, whether each holds what its digest says.</summary>
    public bool IsWhole(Digest table, bool read)
    {
        try
        {
            foreach (var page in Pages(table))
                if (!blobs.Has(page.Digest) || (read && Digest.OfFile(blobs.PathOf(page.Digest)) != page.Digest)) return false;
            return true;
        }
        catch (DamagedCacheException) { return false; }
    }

    /// <summary>All entries, in the order of their names; a page at a time is in memory.</summary>
    /// <exception cref="DamagedCacheException">A blob is missing or damaged.</exception>
    public IEnumerable<T> Read(Digest table) => Pages(table).SelectMany(page => Entries(page.Digest));

    /// <summary>The entries whose names begin with <paramref name="prefix"/>.</summary>
    public IEnumerable<T> WithPrefix(Digest table, string prefix)
    {
        var pages = Pages(table);
        for (var at = Math.Max(0, PageOf(pages, prefix)); at < pages.Count && (string.CompareOrdinal(pages[at].First, prefix) <= 0 || pages[at].First.StartsWith(prefix, StringComparison.Ordinal)); at++)
            foreach (var entry in Entries(pages[at].Digest))
                if (entry.Name.StartsWith(prefix, StringComparison.Ordinal)) yield return entry;
    }

    /// <summary>The entry of a name, or null.</summary>
    public T? Find(Digest table, string name)
    {
        var pages = Pages(table);
        var at = PageOf(pages, name);
        return at < 0 ? null : Find(Entries(pages[at].Digest), name);
    }

    /// <summary>The entries that differ between two tables, by name: as they were (null: added) and as they are (null: removed). Pages that both have are not opened.</summary>
    /// <param name="before">Null: a table without entries.</param>
    public IEnumerable<(T? Before, T? Now)> Changes(Digest? before, Digest now)
    {
        if (before == now) yield break;
        var old = new Side(this, before is { } digest ? Pages(digest) : []);
        var current = new Side(this, Pages(now));
        while (old.Any || current.Any)
        {
            if (old.SkipsWith(current)) continue;
            var order = !old.Any ? 1 : !current.Any ? -1 : string.CompareOrdinal(old.Name, current.Name);
            var (was, stands) = (order <= 0 ? old.Take() : null, order >= 0 ? current.Take() : null);
            if (was is null || stands is null || !Line(was).AsSpan().SequenceEqual(Line(stands))) yield return (was, stands);
        }
    }

    /// <summary>Writes a table of entries that come in the order of their names. It is safe only after <see cref="BlobStore.Flush"/>.</summary>
    /// <exception cref="VoxException">Two entries have one name.</exception>
    public Digest Write(IEnumerable<T> sorted, bool hold = false) => Edit(null, sorted.Select(entry => (entry.Name, (T?)entry)), hold);

    /// <summary>Writes what is held of a table.</summary>
    public void Store(Digest table)
    {
        foreach (var page in Pages(table)) blobs.Store(page.Digest);
        blobs.Store(table);
    }

    /// <summary>Writes the table that another one becomes by some changes, in the order of their names: an entry in place of the one of that name, or null: it is gone.</summary>
    /// <param name="hold">Whether it is only held in memory, for reading and until <see cref="Store"/>: a planner writes nothing.</param>
    /// <exception cref="VoxException">Two changes have one name.</exception>
    public Digest Edit(Digest? before, IEnumerable<(string Name, T? Now)> changes, bool hold = false)
    {
        var pages = before is { } table ? Pages(table) : [];
        var writer = new PageWriter(this, hold);
        using var change = changes.GetEnumerator();
        var more = change.MoveNext();
        string? last = null;
        for (var i = 0; i < Math.Max(1, pages.Count); i++)
        {
            var end = i + 1 < pages.Count ? pages[i + 1].First : null; // changes before this name belong here
            bool Here() => more && (end is null || string.CompareOrdinal(change.Current.Name, end) < 0);
            if (i < pages.Count && writer.IsEmpty && !Here())
            {
                writer.Keep(pages[i]);
                continue;
            }
            foreach (var entry in i < pages.Count ? Entries(pages[i].Digest) : [])
            {
                while (Here() && string.CompareOrdinal(change.Current.Name, entry.Name) < 0) Change();
                if (Here() && change.Current.Name == entry.Name) Change();
                else writer.Add(entry);
            }
            while (Here()) Change();
        }
        return writer.Finish();

        void Change()
        {
            var (name, now) = change.Current;
            if (last == name) throw Doubled(name);
            if (last is not null && string.CompareOrdinal(last, name) > 0) throw new ArgumentException($"'{name}' came behind '{last}'");
            last = name;
            if (now is not null) writer.Add(now);
            more = change.MoveNext();
        }
    }

    internal static VoxException Doubled(string name) => new($"two items have the id '{name}'") { ExitCode = ExitCode.Failed };

    /// <summary>The page that a name is on, if it is anywhere: the last that begins at or before it; -1 where none does.</summary>
    private static int PageOf(IReadOnlyList<Page> pages, string name)
    {
        int low = 0, high = pages.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(pages[middle].First, name) <= 0) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }

    private static T? Find(T[] entries, string name)
    {
        int low = 0, high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(entries[middle].Name, name);
            if (order == 0) return entries[middle];
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    /// <summary>The entries of a page; those of the last few pages are remembered, since joins ask for one id after the other.</summary>
    public T[] Entries(Digest page) => _pages.Of(page, ReadPage);

    private Page[] ReadList(Digest table) => [.. Lines(blobs.Read(table)).Select(line => JsonSerializer.Deserialize(line.Span, StorageJson.Default.Page)!)];
    private T[] ReadPage(Digest page) => [.. Lines(blobs.Read(page)).Select(line => JsonSerializer.Deserialize(line.Span, type)!)];
    private byte[] Line(T entry) => JsonSerializer.SerializeToUtf8Bytes(entry, type);

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] content)
    {
        for (var at = 0; at < content.Length;)
        {
            var end = content.AsSpan(at).IndexOf((byte)'\n');
            if (end < 0) throw new InvalidDataException("a page that does not end with a line end");
            yield return content.AsMemory(at, end);
            at += end + 1;
        }
    }

    /// <summary>Whether a page ends behind the entry of this name. FNV-1a with a last mix: the low bits must depend on every character.</summary>
    private static bool EndsPage(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in name) hash = (hash ^ character) * 1099511628211UL;
        hash = (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL;
        return (hash >> 32) % PageSize == 0;
    }

    /// <summary>What was read last, so that it need not be read again for the next entry.</summary>
    private sealed class Kept<TValue>(int most)
    {
        private readonly Dictionary<Digest, TValue> _values = [];
        private readonly Queue<Digest> _order = [];

        public TValue Of(Digest digest, Func<Digest, TValue> read)
        {
            lock (_values)
                if (_values.TryGetValue(digest, out var known)) return known;
            var value = read(digest);
            lock (_values)
            {
                if (!_values.TryAdd(digest, value)) return value;
                _order.Enqueue(digest);
                if (_order.Count > most) _values.Remove(_order.Dequeue());
            }
            return value;
        }
    }

    /// <summary>One of two tables that are compared.</summary>
    private sealed class Side(PagedTable<T> table, IReadOnlyList<Page> pages)
    {
        private int _page, _at;
        private T[]? _entries;

        public bool Any => _page < pages.Count;
        public string Name => _entries is null ? pages[_page].First : _entries[_at].Name;

        /// <summary>Passes over a page that both have, if both stand at the beginning of it.</summary>
        public bool SkipsWith(Side other)
        {
            if (!Any || !other.Any || _at > 0 || other._at > 0 || pages[_page].Digest != other.Here) return false;
            Next();
            other.Next();
            return true;
        }

        private Digest Here => pages[_page].Digest;

        public T Take()
        {
            _entries ??= table.Entries(pages[_page].Digest);
            var taken = _entries[_at++];
            if (_at == _entries.Length) Next();
            return taken;
        }

        private void Next()
        {
            _page++;
            _at = 0;
            _entries = null;
        }
    }

    /// <summary>Puts pages together.</summary>
    private sealed class PageWriter(PagedTable<T> table, bool hold)
    {
        private readonly ArrayBufferWriter<byte> _page = new(1 << 17);
        private readonly ArrayBufferWriter<byte> _list = new(1 << 12);
        private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });
        private string? _first;
        private Counts _counts;

        /// <summary>Whether it stands between two pages.</summary>
        public bool IsEmpty => _first is null;

        public void Add(T entry)
        {
            _first ??= entry.Name;
            _counts += entry.Outcome;
            Put(_page, entry, table.Type);
            if (EndsPage(entry.Name)) Close();
        }

        /// <summary>Takes over a page as it is.</summary>
        public void Keep(Page page) => Put(_list, page, StorageJson.Default.Page);

        public Digest Finish()
        {
            if (_first is not null) Close();
            return Store(_list.WrittenSpan);
        }

        private void Close()
        {
            Keep(new Page(_first!, Store(_page.WrittenSpan), _counts));
            _page.ResetWrittenCount();
            (_first, _counts) = (null, default);
        }

        private Digest Store(ReadOnlySpan<byte> content) => hold ? table.Blobs.Hold(content) : table.Blobs.Add(content);

        private void Put<TLine>(ArrayBufferWriter<byte> to, TLine line, JsonTypeInfo<TLine> type)
        {
            _json.Reset(to);
            JsonSerializer.Serialize(_json, line, type);
            _json.Flush();
            to.Write("\n"u8);
        }
    }

    private JsonTypeInfo<T> Type => type;
    private BlobStore Blobs => blobs;
}
