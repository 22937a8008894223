using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;
using Outcome = VoxMake.Protocol.Outcome;
using Record = VoxMake.Graph.Storage.Record;

namespace VoxMake.Graph.Tests;

public class RecordIndexTests
{
    /// <summary>A few rows, some replaced, the first of them in a map: file sizes after each, and what was in force then.</summary>
    private static readonly int[] FewKeys = [1, 2, 1, 3, 4, 2, 5, 1];

    [Fact]
    public void What_was_added_is_found_after_reopening()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var record = new Record(Outcome.Rejected, [new OutputFile("audio", null, Key(9), 12)],
            Columns.Of(("peak", 0.5), ("text", "ä")), "too_short", "0.1 s is less than 0.5 s", [new ChildItem("-1", [], Columns.Empty)], Key(8));
        Open(path).Add([(Key(1), record), (Key(2), Numbered(2))]);
        Open(path).Add([(Key(3), Numbered(3))]);
        var found = Open(path).Find(Key(1))!;
        Assert.Equal(record with { Outputs = found.Outputs, Columns = found.Columns, Children = found.Children }, found);
        Assert.Equal(record.Outputs, found.Outputs);
        Assert.Equal(record.Columns, found.Columns);
        Assert.Equal("-1", Assert.Single(found.Children!).Suffix);
        Assert.Equal(3, NumberOf(Open(path), 3));
        Assert.Null(Open(path).Find(Key(4)));
        Assert.Null(new RecordIndex(new LocalDisk(), folder.File("none")).Find(Key(1)));
        Assert.Empty(new RecordIndex(new LocalDisk(), folder.File("none")).All());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void The_later_row_of_a_key_counts_before_and_after_compaction(int compactionFloor)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var index = Open(path, compactionFloor);
        index.Add([(Key(1), Numbered(-1)), (Key(1), Numbered(1)), (Key(2), Numbered(2))]);
        long largest = 0, before = 0;
        var shrank = false;
        for (var round = 0; round < 40; round++)
        {
            index.Add([(Key(1), Numbered(1000 + round)), (Key(10 + round), Numbered(round))]);
            foreach (var each in new[] { index, Open(path, compactionFloor) })
            {
                Assert.Equal(1000 + round, NumberOf(each, 1));
                Assert.Equal(2, NumberOf(each, 2));
                for (var i = 0; i <= round; i++) Assert.Equal(i, NumberOf(each, 10 + i));
            }
            var size = new FileInfo(path).Length;
            shrank |= size < before;
            (before, largest) = (size, Math.Max(largest, size));
        }
        Assert.False(shrank); // half of the rows are in force
        for (var round = 0; round < 200; round++) index.Add([(Key(1), Numbered(round))]);
        Assert.Equal(compactionFloor == 0, new FileInfo(path).Length < 2 * largest);
        foreach (var each in new[] { index, Open(path, compactionFloor) })
        {
            Assert.Equal(199, NumberOf(each, 1));
            for (var i = 0; i < 40; i++) Assert.Equal(i, NumberOf(each, 10 + i));
        }
    }

    [Fact]
    public void Cut_at_every_byte_it_loads_up_to_the_last_whole_row_and_can_be_added_to()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var (sizes, states) = Few(path);
        var bytes = File.ReadAllBytes(path);
        var map = File.ReadAllBytes(path + ".map");
        for (var length = 0; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            File.WriteAllBytes(path + ".map", map);
            var expected = states[sizes.Count(size => size <= length)];
            Holds(expected, Open(path));
            Open(path).Add([(Key(2), Numbered(77))]);
            Holds(new(expected) { [2] = 77 }, Open(path));
        }
    }

    [Fact]
    public void The_map_cut_at_every_byte_or_with_any_byte_flipped_loses_no_record_and_gives_no_wrong_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var expected = Few(path).States[^1];
        var map = File.ReadAllBytes(path + ".map");
        for (var at = 0; at < map.Length; at++)
        {
            File.WriteAllBytes(path + ".map", map[..at]);
            Holds(expected, Open(path));
            var flipped = (byte[])map.Clone();
            flipped[at] ^= (byte)(1 << at % 8);
            File.WriteAllBytes(path + ".map", flipped);
            Holds(expected, Open(path));
        }
    }

    [Fact]
    public void A_map_is_believed_only_of_the_file_that_it_was_made_of()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var (sizes, states) = Few(path);
        var bytes = File.ReadAllBytes(path);

        File.Move(path + ".map", folder.File("mine.map"));
        Holds(states[^1], Open(path)); // there is none

        var other = Open(folder.File("other"));
        for (var i = 0; i < FewKeys.Length; i++) other.Add([(Key(FewKeys[i]), Numbered(9 - i))]); // rows as long as mine
        File.WriteAllBytes(path + ".map", File.ReadAllBytes(folder.File("other.map")));
        Holds(states[^1], Open(path)); // it is of another file

        var twin = Open(folder.File("twin"));
        for (var i = 0; i < FewKeys.Length; i++) twin.Add([(Key(i < 4 ? 30 + i : FewKeys[i]), Numbered(i))]); // the last row that its map knows is the same, at the same place
        File.WriteAllBytes(path + ".map", File.ReadAllBytes(folder.File("twin.map")));
        Holds(states[^1], Open(path));

        File.WriteAllBytes(path + ".map", File.ReadAllBytes(folder.File("mine.map")));
        File.WriteAllBytes(path, bytes[..(int)sizes[1]]);
        Holds(states[2], Open(path)); // it goes further than the file
        using (var file = new FileStream(path, FileMode.Append)) file.Write(bytes.AsSpan((int)sizes[4])); // rows of other places, so that it is as long again
        Holds(new() { [1] = 7, [2] = 5, [5] = 6 }, Open(path));
        File.WriteAllBytes(path, File.ReadAllBytes(folder.File("other")));
        Holds(new() { [1] = 2, [2] = 4, [3] = 6, [4] = 5, [5] = 3 }, Open(path)); // the file's number is the same, and every row is as long as the one the map knows
    }

    [Fact]
    public void Rows_behind_a_damaged_one_are_found_by_the_map_and_the_damaged_one_is_as_good_as_none()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var index = Open(path);
        index.Add([.. Enumerable.Range(0, 20).Select(i => (Key(i), Numbered(i)))]);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var lost = Enumerable.Range(0, 20).Single(i => index.Find(Key(i)) is null);
        foreach (var each in new[] { index, Open(path) })
        {
            var found = Enumerable.Range(0, 20).Where(i => NumberOf(each, i) == i).ToArray();
            Assert.Equal(19, found.Length);
            Assert.Equal(found.Select(Key), each.All().Select(entry => entry.Key));
            Assert.Null(each.Find(Key(lost)));
        }
        index.Add([(Key(lost), Numbered(lost))]);
        Assert.Equal(lost, NumberOf(index, lost));
    }

    [Fact]
    public void A_row_that_is_no_record_is_as_good_as_none()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var file = new AppendedFile(new LocalDisk(), path, "records", 1);
        file.Append([Row(1, "no json"), Row(2, """{"outcome":"ok","outputs":[],"columns":{"n":2},"all_outputs":[]}"""), Row(3, "null"), Encoding.UTF8.GetBytes("short")], (_, _) => { });
        Holds(new() { [2] = 2 }, Open(path)); // with a word that was written until outputs stood in a row once

        static ReadOnlyMemory<byte> Row(int key, string json)
        {
            var row = new byte[Digest.Size + json.Length];
            Key(key).CopyTo(row);
            Encoding.UTF8.GetBytes(json, row.AsSpan(Digest.Size));
            return row;
        }
    }

    [Fact]
    public void Outputs_stand_in_a_row_once()
    {
        using var folder = new TemporaryFolder();
        Open(folder.File("records")).Add([(Key(1), new Record(Outcome.Ok, [new OutputFile("audio", null, Key(2), 3)], Columns.Empty))]);
        var text = File.ReadAllText(folder.File("records"));
        var digest = Key(2).ToString();
        Assert.Equal(text.IndexOf(digest, StringComparison.Ordinal), text.LastIndexOf(digest, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_version_is_refused_by_name_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        File.WriteAllText(path, "voxmake records 9\nwhatever");
        Assert.Contains("'voxmake records 1'", Assert.Throws<VoxException>(() => Open(path).Find(Key(1))).Message);
        Assert.Throws<VoxException>(() => Open(path).Add([(Key(1), Numbered(1))]));
        Assert.Equal("voxmake records 9\nwhatever", File.ReadAllText(path));
    }

    [Fact]
    public void Two_that_add_in_turn_see_each_others_rows()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var (a, b) = (Open(path), Open(path));
        Assert.Null(a.Find(Key(1)));
        Assert.Null(b.Find(Key(1)));
        for (var i = 0; i < 30; i++)
        {
            var (writes, reads) = i % 2 == 0 ? (a, b) : (b, a);
            writes.Add([(Key(i), Numbered(i)), (Key(99), Numbered(i))]);
            Holds(Enumerable.Range(0, i + 1).ToDictionary(n => n).With(99, i), writes);
            Assert.Equal(i + 2, reads.All().Count());
        }
    }

    [Fact]
    public void When_one_writes_the_file_anew_another_that_has_it_open_goes_on_rightly()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        var (a, b) = (Open(path), Open(path));
        a.Add([.. Enumerable.Range(0, 10).Select(i => (Key(i), Numbered(i)))]);
        Assert.Equal(3, NumberOf(b, 3));
        var inode = new LocalDisk().Stat(path)!.Value.Inode;
        for (var round = 0; round < 12; round++) a.Add([.. Enumerable.Range(0, 9).Select(i => (Key(i), Numbered(100 * round + i)))]);
        Assert.NotEqual(inode, new LocalDisk().Stat(path)!.Value.Inode);
        for (var i = 0; i < 10; i++) Assert.Equal(i, NumberOf(b, i)); // as they were when b last looked
        a.Add([.. Enumerable.Range(30, 50).Select(i => (Key(i), Numbered(i)))]); // now it is larger than it was
        b.Add([(Key(20), Numbered(20))]);
        var expected = Enumerable.Range(0, 9).ToDictionary(i => i, i => 1100 + i).With(9, 9).With(20, 20);
        for (var i = 30; i < 80; i++) expected[i] = i;
        foreach (var each in new[] { b, Open(path) }) Holds(expected, each);
        a.Add([(Key(21), Numbered(21))]);
        Holds(expected.With(21, 21), a);

        File.Delete(path); // someone starts anew while both are at work
        b.Add([(Key(1), Numbered(5))]);
        foreach (var each in new[] { b, Open(path) }) Holds(new() { [1] = 5 }, each);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whichever_disk_operation_fails_nothing_is_lost_that_was_added(bool lasting)
    {
        for (var fail = 1; ; fail++)
        {
            using var folder = new TemporaryFolder();
            var path = folder.File("records");
            var disk = new FaultyDisk(new LocalDisk());
            var index = new RecordIndex(disk, path) { RecentFloor = 0, CompactionFloor = 0 };
            var added = new Dictionary<int, int>();
            disk.Start(fail, lasting);
            for (var step = 1; step <= 12; step++)
            {
                int[] keys = [1, 2, 3, 100 + step];
                try { index.Add([.. keys.Select(key => (Key(key), Numbered(step)))]); }
                catch (IOException) { continue; }
                foreach (var key in keys) added[key] = step;
            }
            var reached = disk.Count >= fail;
            disk.Start(0, false);
            foreach (var each in new[] { index, Open(path) })
            {
                foreach (var (key, step) in added) Assert.InRange(NumberOf(each, key) ?? 0, step, 13); // a row whose Add failed may be there all the same
                each.Add([(Key(1), Numbered(13))]);
                Assert.Equal(13, NumberOf(each, 1));
            }
            if (!reached) break;
        }
    }

    [Fact]
    public void Keys_that_lie_close_together_are_all_found()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("records");
        static Digest Close(int i) => new((ulong)i / 3, (ulong)i % 3, 0, 0);
        var index = Open(path);
        index.Add([.. Enumerable.Range(0, 2000).Select(i => (Close(i), Numbered(i)))]); // all belong to the first page of the map
        index.Add([.. Enumerable.Range(0, 700).Select(i => (Close(3 * i), Numbered(-i)))]);
        foreach (var each in new[] { index, Open(path) })
        {
            for (var i = 0; i < 2000; i++) Assert.Equal(i % 3 == 0 ? -i / 3 : i, each.Find(Close(i))!.Columns["n"].AsInteger);
            Assert.Null(each.Find(Close(2100)));
            Assert.Equal(2000 + 700 - 667, each.All().Count());
        }
    }

    [Fact]
    public void Keys_that_begin_alike_are_not_taken_for_each_other()
    {
        using var folder = new TemporaryFolder();
        var index = Open(folder.File("records"));
        index.Add([(new Digest(1, 2, 3, 4), Numbered(1))]);
        Assert.Equal(1, index.Find(new Digest(1, 2, 3, 4))!.Columns["n"].AsInteger);
        Assert.Null(index.Find(new Digest(1, 2, 3, 5)));
        Assert.Null(index.Find(new Digest(1, 2 + (1 << 16), 3, 4)));
    }

    [Fact]
    public async Task Threads_find_while_others_add_and_the_file_is_written_anew()
    {
        using var folder = new TemporaryFolder();
        var index = Open(folder.File("records"));
        index.Add([.. Enumerable.Range(0, 100).Select(i => (Key(i), Numbered(i)))]);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            do
                for (var i = 0; i < 100; i++) Assert.Equal(i, NumberOf(index, i) % 100);
            while (!done.IsCancellationRequested);
        })).ToArray();
        var writers = Enumerable.Range(0, 2).Select(half => Task.Run(() =>
        {
            for (var round = 1; round <= 40; round++) index.Add([.. Enumerable.Range(0, 100).Where(i => i % 2 == half).Select(i => (Key(i), Numbered(100 * round + i)))]);
        })).ToArray();
        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Holds(Enumerable.Range(0, 100).ToDictionary(i => i, i => 4000 + i), index);
    }

    private enum Step { Add, OtherAdds, Reopen, LoseMap, Look }

    [Fact]
    public void It_holds_what_a_dictionary_would()
    {
        var step = Gen.Elements(Step.Add, Step.Add, Step.OtherAdds, Step.Reopen, Step.LoseMap, Step.Look)
            .SelectMany(kind => Gen.ListOf(Gen.Choose(0, 20)).Select(keys => (kind, keys: keys.Take(8).ToArray())));
        Prop.ForAll(Gen.NonEmptyListOf(step).Resize(40).ToArbitrary(), steps =>
        {
            using var folder = new TemporaryFolder();
            var path = folder.File("records");
            var (one, other) = (Open(path), Open(path));
            var expected = new OrderedDictionary<int, int>();
            var number = 0;
            foreach (var (kind, keys) in steps)
            {
                if (kind == Step.Reopen) one = Open(path, number % 2 * 4000);
                else if (kind == Step.LoseMap) File.Delete(path + ".map");
                else if (kind == Step.Look) foreach (var key in keys) Assert.True(NumberOf(one, key) is not { } found || found <= expected[key]);
                else
                {
                    var index = kind == Step.Add ? one : other;
                    var rows = keys.Select(key => (Key: key, Number: ++number)).ToArray();
                    index.Add([.. rows.Select(row => (Key(row.Key), Numbered(row.Number)))]);
                    foreach (var row in rows)
                    {
                        expected.Remove(row.Key);
                        expected.Add(row.Key, row.Number);
                    }
                    if (rows.Length > 0) Holds(expected.ToDictionary(), index);
                }
            }
            foreach (var index in new[] { Open(path), one, other })
                Assert.Equal(expected.Select(entry => (Key(entry.Key), (long?)entry.Value)), index.All().Select(entry => (entry.Key, entry.Record.Columns["n"].AsInteger)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    /// <summary>Writes <see cref="FewKeys"/> with numbers from 0, the first five with a map.</summary>
    private static (List<long> Sizes, List<Dictionary<int, int>> States) Few(string path)
    {
        var sizes = new List<long>();
        var states = new List<Dictionary<int, int>> { new() };
        for (var i = 0; i < FewKeys.Length; i++)
        {
            var index = i < 5 ? Open(path, compactionFloor: 1 << 20) : new RecordIndex(new LocalDisk(), path);
            index.Add([(Key(FewKeys[i]), Numbered(i))]);
            sizes.Add(new FileInfo(path).Length);
            states.Add(new(states[i]) { [FewKeys[i]] = i });
        }
        return (sizes, states);
    }

    /// <summary>Writes maps and files anew whenever there is any reason to.</summary>
    private static RecordIndex Open(string path, long compactionFloor = 0) => new(new LocalDisk(), path) { RecentFloor = 0, CompactionFloor = compactionFloor };

    private static Digest Key(int key) => Digest.Of(BitConverter.GetBytes(key));

    private static Record Numbered(int number) => new(Outcome.Ok, [], Columns.Of(("n", number)));

    private static long? NumberOf(RecordIndex index, int key) => index.Find(Key(key))?.Columns["n"].AsInteger;

    private static void Holds(Dictionary<int, int> expected, RecordIndex index)
    {
        foreach (var (key, number) in expected) Assert.Equal(number, NumberOf(index, key));
        Assert.Null(index.Find(Key(-1)));
        Assert.Equal(expected.ToDictionary(entry => Key(entry.Key), entry => (long?)entry.Value), index.All().ToDictionary(entry => entry.Key, entry => entry.Record.Columns["n"].AsInteger));
    }
}

file static class Expectations
{
    public static Dictionary<int, int> With(this Dictionary<int, int> numbers, int key, int number) => new(numbers) { [key] = number };
}
