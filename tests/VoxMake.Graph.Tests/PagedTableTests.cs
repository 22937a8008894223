using FsCheck;
using FsCheck.Fluent;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

public sealed class PagedTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlobStore _blobs;
    private readonly PagedTable<TreeFile> _table;

    public PagedTableTests()
    {
        _blobs = new BlobStore(new LocalDisk(), Path.GetDirectoryName(_folder.File("blobs/x"))!);
        _table = new PagedTable<TreeFile>(_blobs, StorageJson.Default.TreeFile);
    }

    [Fact]
    public void What_was_written_is_read_and_found_by_name()
    {
        var files = Some(5000);
        var table = _table.Write(files);
        Assert.InRange(_table.Pages(table).Count, 3, 30);
        Assert.Equal(files, New().Read(table));
        Assert.Equal(5000, _table.Counts(table).Total);
        foreach (var file in files.Where((_, i) => i % 97 == 0)) Assert.Equal(file, _table.Find(table, file.Path));
        Assert.Null(_table.Find(table, "clip"));
        Assert.Null(_table.Find(table, "clip-000000x"));
        Assert.Null(_table.Find(table, "zzz"));
        Assert.Equal(files.Where(file => file.Path.StartsWith("clip-0042", StringComparison.Ordinal)), _table.WithPrefix(table, "clip-0042"));
        Assert.Equal(files, _table.WithPrefix(table, ""));
    }

    [Fact]
    public void A_change_writes_one_page_and_the_list()
    {
        var files = Some(20000);
        var table = _table.Write(files);
        var before = Blobs();
        var changed = _table.Edit(table, [(files[7777].Path, files[7777] with { Size = 1 })]);
        Assert.Equal(2, Blobs() - before);
        Assert.Equal([(files[7777], files[7777] with { Size = 1 })], _table.Changes(table, changed));
        Assert.Equal(table, _table.Edit(changed, [(files[7777].Path, files[7777])]));
    }

    [Fact]
    public void What_is_held_is_read_and_reaches_the_disk_only_when_it_is_stored()
    {
        var files = Some(3000);
        var table = _table.Write(files, hold: true);
        Assert.Equal(0, Blobs());
        Assert.Equal(files, _table.Read(table));
        _table.Store(table);
        Assert.Equal(files, New().Read(table));
    }

    [Fact]
    public void A_name_that_comes_twice_or_out_of_order_is_refused()
    {
        var file = Some(1)[0];
        Assert.Contains("two items have the id", Assert.Throws<VoxException>(() => _table.Write([file, file])).Message);
        Assert.Throws<ArgumentException>(() => _table.Write([file, file with { Path = "a" }]));
    }

    [Fact]
    public void A_lost_page_is_noticed()
    {
        var table = _table.Write(Some(3000));
        var page = _table.Pages(table)[1];
        Assert.True(New().IsWhole(table, read: true));
        System.IO.File.Delete(_blobs.PathOf(page.Digest));
        Assert.False(New().IsWhole(table, read: false));
        Assert.Throws<DamagedCacheException>(() => New().Read(table).Count());
    }

    [Fact]
    public void However_a_table_came_about_equal_entries_are_equal_pages()
    {
        var names = Gen.Choose(0, 4000).Select(i => $"clip-{i:000000}");
        var changes = Gen.ArrayOf(names.Zip(Gen.Choose(0, 3), (name, size) => (Name: name, Size: size))).Resize(300);
        var history = Gen.NonEmptyListOf(changes).Resize(5);
        var start = Gen.Choose(0, 4000).SelectMany(count => Gen.ArrayOf(names, count));
        Prop.ForAll(start.Zip(history).ToArbitrary(), drawn =>
        {
            var now = new SortedDictionary<string, TreeFile>(StringComparer.Ordinal);
            foreach (var name in drawn.Item1) now[name] = File(name, 7);
            var table = _table.Write(now.Values);
            foreach (var step in drawn.Item2)
            {
                var before = now.ToDictionary();
                var edit = step.DistinctBy(change => change.Name).OrderBy(change => change.Name, StringComparer.Ordinal).Select(change => (change.Name, change.Size == 0 ? null : File(change.Name, change.Size))).ToList();
                foreach (var (name, file) in edit)
                    if (file is null) now.Remove(name);
                    else now[name] = file;
                var next = _table.Edit(table, edit);
                Assert.Equal(New().Write(now.Values), next);
                Assert.Equal(now.Values, New().Read(next));
                var expected = before.Keys.Union(now.Keys).Order(StringComparer.Ordinal).Select(name => (before.GetValueOrDefault(name), now.GetValueOrDefault(name))).Where(pair => pair.Item1 != pair.Item2);
                Assert.Equal(expected, New().Changes(table, next));
                table = next;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void Tables_that_a_join_asks_in_turn_are_read_once_each()
    {
        var disk = new ReadCounter(new LocalDisk());
        var blobs = new BlobStore(disk, _blobs.Root);
        var table = new PagedTable<TreeFile>(blobs, StorageJson.Default.TreeFile);
        Digest[] tables = [.. Enumerable.Range(1, 6).Select(i => table.Write(Some(5000).Select(file => file with { Size = file.Size + i })))];
        var stored = Blobs();
        var fresh = new PagedTable<TreeFile>(blobs, StorageJson.Default.TreeFile);
        disk.Reads = 0;
        foreach (var file in Some(5000))
            foreach (var digest in tables) Assert.NotNull(fresh.Find(digest, file.Path));
        Assert.Equal(stored, disk.Reads);
    }

    private sealed class ReadCounter(IDisk disk) : PassingDisk(disk)
    {
        public int Reads { get; set; }

        public override Stream OpenRead(string path)
        {
            Reads++;
            return base.OpenRead(path);
        }
    }

    private static TreeFile File(string name, long size) => new(name, Digest.Of(BitConverter.GetBytes(size)), size);
    private static TreeFile[] Some(int count) => [.. Enumerable.Range(0, count).Select(i => File($"clip-{i:000000}", i))];
    private PagedTable<TreeFile> New() => new(_blobs, StorageJson.Default.TreeFile);
    private int Blobs() => !Directory.Exists(_blobs.Root) ? 0 : Directory.EnumerateFiles(_blobs.Root, "*", SearchOption.AllDirectories).Count();
    public void Dispose() => _folder.Dispose();
}
