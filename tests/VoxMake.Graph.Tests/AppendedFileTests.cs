using System.Text;
using VoxMake.Graph.Storage;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

public class AppendedFileTests
{
    private static readonly string[] Rows = ["first", "", "a third row that is somewhat longer"];

    [Fact]
    public void Cut_at_every_byte_it_loads_its_whole_rows_and_can_be_added_to()
    {
        using var folder = new TemporaryFolder();
        var whole = folder.File("whole");
        New(whole).Append([.. Rows.Select(Bytes)], (_, _) => { });
        var bytes = File.ReadAllBytes(whole);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var path = folder.File("cut");
            File.WriteAllBytes(path, bytes[..length]);
            var before = Read(path);
            Assert.Equal(Rows.Take(before.Count), before);
            var file = New(path);
            file.ReadNew((_, _) => { });
            file.Append([Bytes("added")], (_, _) => { });
            Assert.Equal([.. before, "added"], Read(path));
        }
    }

    [Fact]
    public void A_flipped_bit_ends_it_there_and_is_never_believed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("flipped");
        New(path).Append([.. Rows.Select(Bytes)], (_, _) => { });
        var bytes = File.ReadAllBytes(path);
        var head = bytes.AsSpan().IndexOf((byte)'\n') + 1;
        for (var at = head; at < bytes.Length; at++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= 0x10;
            File.WriteAllBytes(path, flipped);
            var read = Read(path);
            Assert.True(read.Count < Rows.Length);
            Assert.Equal(Rows.Take(read.Count), read);
        }
    }

    [Fact]
    public void Two_writers_see_each_others_rows()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("shared");
        var (a, b) = (New(path), New(path));
        var seen = new List<string>();
        a.Append([Bytes("from a")], (_, _) => { });
        b.Append([Bytes("from b")], (_, row) => seen.Add(Encoding.UTF8.GetString(row.Span)));
        a.Append([Bytes("from a again")], (_, _) => { });
        Assert.Equal(["from a"], seen);
        Assert.Equal(["from a", "from b", "from a again"], Read(path));
    }

    [Fact]
    public void Rows_larger_than_what_is_read_at_once_are_whole()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("large");
        string[] rows = ["small", new('a', RowReader.Wide - 100), "", new('b', 3 * RowReader.Wide), .. Enumerable.Range(0, 5000).Select(i => new string('c', i % 700)), new('d', RowReader.Wide)];
        New(path).Append([.. rows.Select(Bytes)], (_, _) => { });
        Assert.Equal(rows, Read(path));
    }

    [Fact]
    public void Rows_are_handed_out_again_when_the_file_was_written_anew()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("anew");
        var (a, b) = (New(path), New(path));
        a.Append([.. Rows.Select(Bytes)], (_, _) => { });
        b.ReadNew((_, _) => { });
        using (a.Lock()) a.Rewrite([Bytes("one"), Bytes("two")]);
        var seen = new List<string>();
        b.Append([Bytes("three")], (_, row) => seen.Add(Encoding.UTF8.GetString(row.Span)));
        Assert.Equal(["one", "two"], seen);
        Assert.Equal(["one", "two", "three"], Read(path));
    }

    [Fact]
    public void A_file_whose_name_did_not_reach_the_disk_is_named_again_by_the_next_append()
    {
        using var folder = new TemporaryFolder();
        var disk = new FaultyDisk(new LocalDisk());
        var operations = Append(New("whole")); // the last of them is that of the name
        var file = New("failed");
        Assert.Throws<IOException>(() => Append(file, failAt: operations));
        Assert.Equal(operations, disk.Count);
        var named = Append(file);
        Assert.Equal(named - 1, Append(file));

        AppendedFile New(string name) => new(disk, folder.File(name), "rows", 1);

        int Append(AppendedFile file, int failAt = 0)
        {
            disk.Start(failAt, lasting: false);
            file.Append([Bytes("row")], (_, _) => { });
            return disk.Count;
        }
    }

    [Fact]
    public void Another_version_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("other"), "voxmake rows 9\nwhatever");
        var error = Assert.Throws<VoxException>(() => Read(folder.File("other")));
        Assert.Contains("'voxmake rows 1'", error.Message);
    }

    private static AppendedFile New(string path) => new(new LocalDisk(), path, "rows", 1);

    private static List<string> Read(string path)
    {
        var rows = new List<string>();
        New(path).ReadNew((_, row) => rows.Add(Encoding.UTF8.GetString(row.Span)));
        return rows;
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
