using FsCheck;
using FsCheck.Fluent;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

public class ViewTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void Views_kept_up_to_date_by_difference_are_those_that_are_made_anew(bool cut)
    {
        using var graph = new SmallGraph(cut);
        var random = new Random(11);
        for (var round = 0; round < 8; round++)
        {
            graph.Write("always.txt", "here");
            for (var change = 0; change < 3; change++)
            {
                var name = $"{random.Next(6)}.txt";
                if (random.Next(4) == 0) graph.Remove(name);
                else graph.Write(name, random.Next(5) == 0 ? $"bad {random.Next(3)}" : $"text {random.Next(3)}\nline {random.Next(3)}");
            }
            graph.ShoutSuffix = random.Next(3) == 0 ? "?" : "!";
            graph.Build();
            var kept = graph.Snapshot();
            Directory.Delete(Path.Combine(graph.Root, "out"), recursive: true);
            graph.Build();
            Assert.Empty(graph.Executor.Calls);
            Assert.Equal(graph.Snapshot(), kept);
        }
    }

    [Fact]
    public void Any_history_of_rows_ends_as_a_view_that_is_made_anew()
    {
        var text = Gen.Elements("", "a", "\"", ",", "\n", "\r\n", " ", "ä", "#", "=1", "\t").ListOf(4).Select(string.Concat);
        var columns = Gen.Elements("a", "b", "c, odd \"name\"", "split").Zip(text, (name, value) => (Name: name, Value: (Value)value)).ListOf(3)
            .Select(drawn => drawn.DistinctBy(column => column.Name).ToArray());
        var change = from id in Gen.Choose(0, 1700).Select(number => $"clip {number:0000}")
                     from kind in Gen.Choose(0, 9)
                     from words in text
                     from values in columns
                     select (id, kind, words, values);
        var history = change.ListOf(6).NonEmptyListOf().Resize(6);
        Prop.ForAll(history.ToArbitrary(), drawn =>
        {
            using var view = new SmallView("text/{id}.txt");
            for (var i = 0; i < 1500; i++) view.Ok($"clip {i:0000}", i % 50 == 0 ? $"{i}" : null, ("a", i));
            view.Update();
            view.Check();
            foreach (var step in drawn)
            {
                foreach (var (id, kind, words, values) in step)
                {
                    if (kind == 0) view.Rows.Remove(id);
                    else if (kind < 4) view.Rejected(id, "odd", words, values);
                    else if (kind < 6) view.Ok(id, null, values);
                    else if (kind == 6) view.Rows[id] = view.Ok(id, null, values) with { Outputs = [new RowFile("text", view.Blob(words), 1, "source:" + id)] };
                    else view.Ok(id, words, values);
                }
                view.Update();
                view.Check();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public void A_changed_row_costs_the_same_however_many_rows_there_are()
    {
        var costs = new List<int>();
        foreach (var count in new[] { 3000, 12000 })
        {
            using var view = new SmallView("text/{id}.txt");
            for (var i = 0; i < count; i++) view.Ok($"clip {i:00000}", i < 3 ? "one" : null, ("a", i));
            view.Update();
            view.Ok("clip 00001", "two", ("a", 7));
            costs.Add(view.Update());
            view.Check();
        }
        Assert.Equal(costs[0], costs[1]);
    }

    [Fact]
    public void Nothing_to_do_is_some_looks_at_folders_and_tables()
    {
        using var view = Some();
        view.Update();
        Assert.InRange(view.Update(), 1, 7); // the stamp (two), two folders, two tables
        view.Rows.Remove("clip 0100");
        view.Update();
        Assert.InRange(view.Update(), 1, 7);
    }

    [Theory]
    [InlineData("metadata.csv")]
    [InlineData("rejects.csv")]
    public void A_table_that_somebody_touched_is_written_anew(string name)
    {
        using var view = Some();
        view.Update();
        var path = view.PathOf(name);
        Action[] deeds = [
            () => File.Delete(path), () => File.WriteAllText(path, ""), () => File.WriteAllText(path, File.ReadAllText(path)[..^1]),
            () => File.WriteAllText(path, File.ReadAllText(path).Replace('3', '4')), () => File.AppendAllText(path, "more")];
        foreach (var deed in deeds)
            foreach (var alsoNew in new[] { false, true })
            {
                deed();
                if (alsoNew) view.Ok("clip 0001", "new", ("a", Random.Shared.Next()));
                view.Update();
                view.Check();
            }
    }

    [Fact]
    public void A_stamp_that_is_not_whole_is_not_believed()
    {
        using var view = Some();
        view.Update();
        var whole = File.ReadAllBytes(view.Stamp);
        for (var length = 0; length < whole.Length; length += 1 + whole.Length / 40)
        {
            File.WriteAllBytes(view.Stamp, whole[..length]);
            File.WriteAllText(view.PathOf("metadata.csv"), "not looked at");
            view.Update();
            view.Check();
        }
        File.WriteAllText(view.Stamp, File.ReadAllText(view.Stamp).Replace("\"page_metadata\":[", "\"page_metadata\":[1"));
        view.Ok("clip 0001", "new");
        view.Update();
        view.Check();
    }

    [Fact]
    public void Tables_follow_a_person_s_folder_that_moved()
    {
        using var view = Some();
        view.Rows["clip 0001"] = view.Ok("clip 0001") with { Outputs = [new RowFile("text", view.Blob("x"), 1, "source:deep/1.wav")] };
        view.Update();
        Assert.Contains("/recordings/deep/1.wav,", view.Shown()["metadata.csv"]);
        view.SourceRoot = "/elsewhere";
        view.Update();
        Assert.Contains("/elsewhere/deep/1.wav,", view.Shown()["metadata.csv"]);
        view.Check();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2_000_000_000)] // file systems whose times are no finer than that
    public void What_was_taken_out_of_a_view_is_put_back(long tickNs)
    {
        using var view = new SmallView("text/{id}.txt");
        view.Disk.TickNs = tickNs;
        foreach (var id in new[] { "a", "b", "deep/c", "deep/d" }) view.Ok(id, "text of " + id);
        view.Files.Add(("own.txt", "own"));
        view.Update();
        Action[] deeds = [
            () => File.Delete(view.PathOf("text/a.txt")),
            () => File.Delete(view.PathOf("own.txt")),
            () => Directory.Delete(view.PathOf("text/deep"), recursive: true),
            () => Directory.Delete(view.PathOf("text"), recursive: true),
            () => Directory.Delete(view.Folder, recursive: true),
            () => Put("text/b.txt"),
            () => File.Move(view.PathOf("text/a.txt"), view.PathOf("text/deep/c.txt"), overwrite: true),
            () => { File.Delete(view.PathOf("text/a.txt")); Directory.CreateDirectory(view.PathOf("text/a.txt/x")); },
            () => { Directory.Delete(view.PathOf("text"), recursive: true); Put("text"); }];
        foreach (var deed in deeds)
            foreach (var alsoNew in new[] { false, true })
            {
                deed();
                if (alsoNew) view.Ok("a", "text of a", ("round", Random.Shared.Next()));
                view.Update();
                view.Check();
                Assert.InRange(view.Update(), 1, 8); // and it is known to be well again
            }

        void Put(string name)
        {
            File.Delete(view.PathOf(name));
            File.WriteAllText(view.PathOf(name), "another");
        }
    }

    [Fact]
    public void Of_very_many_folders_some_thousands_are_looked_at()
    {
        using var view = new SmallView("text/{id}.txt");
        for (var i = 0; i < 4200; i++) view.Ok($"{i:0000}/x", "text");
        view.Update();
        Assert.InRange(view.Update(), 4096, 4105);
        File.Delete(view.PathOf("text/0001/x.txt"));
        view.Ok("4199/x", "new");
        view.Ok("4200/x", "new");
        view.Update();
        view.Check();
        Assert.InRange(view.Update(), 4096, 4105);
    }

    [Fact]
    public void What_a_person_put_into_a_view_stays_while_nothing_else_needs_its_name()
    {
        using var view = Some();
        view.Update();
        File.WriteAllText(view.PathOf("text/note.txt"), "mine");
        view.Update();
        Assert.Equal("mine", File.ReadAllText(view.PathOf("text/note.txt")));
        Assert.InRange(view.Update(), 1, 7);
        view.Ok("note", "ours"); // its name is needed: this is no second result of that name
        view.Update();
        view.Check();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whichever_disk_operation_fails_the_next_update_mends_the_view(bool lasting)
    {
        for (var fail = 1; ; fail++)
        {
            using var view = new SmallView("{split}/{id}.txt");
            First();
            var passed = Try(fail);
            if (!passed) view.Update();
            view.Check();
            view.Ok("a", "new text", ("split", "train"));
            view.Ok("b", "text of b", ("split", "test"), ("more", 1));
            view.Rejected("c", "bad", "it is");
            view.Ok("e", "good", ("split", "train"));
            File.Delete(view.PathOf("train/d.txt"));
            passed &= Try(fail);
            if (fail % 2 == 0) First(); // what was half shown may not be wanted any more
            view.Update();
            view.Check();
            if (passed) break;

            void First()
            {
                foreach (var id in new[] { "a", "b", "c", "d" }) view.Ok(id, "text of " + id, ("split", "train"));
                view.Rejected("e", "bad", "it is");
            }

            bool Try(int at)
            {
                try { return view.Update(at, lasting) < at; }
                catch (IOException) { return false; }
            }
        }
    }

    [Fact]
    public void Two_results_of_one_name_are_refused_at_first_and_later()
    {
        using var view = new SmallView("{split}/{name}");
        view.Ok("a", "one", ("split", "train"), ("name", "x.txt"));
        view.Ok("b", "two", ("split", "train"), ("name", "x.txt"));
        Refused("train/x.txt");
        view.Ok("b", "two", ("split", "test"), ("name", "x.txt"));
        view.Update();
        view.Check();

        view.Ok("c", "one", ("split", "train"), ("name", "x.txt")); // as a row that stays, even with its content
        Refused("train/x.txt");
        view.Ok("c", "three", ("split", "test"), ("name", "y.txt"));
        view.Ok("d", "four", ("split", "test"), ("name", "y.txt")); // as another new one
        Refused("test/y.txt");
        view.Rows.Remove("d");
        view.Update();
        view.Files.Add(("test/y.txt", "five")); // as a file of the stage
        Refused("test/y.txt");
        view.Files.Clear();
        view.Files.Add(("rejects.csv", "as a table")); // and as a table
        Refused("rejects.csv");
        view.Files.Clear();
        view.Files.Add(("own", "six"));
        view.Update();
        view.Files.Add(("own", "six")); // files of the stage, too
        Refused("own");
        view.Files.Clear();
        view.Update();
        view.Check();

        view.Ok("a", "one", ("split", "test"), ("name", "y.txt")); // two that change places are no such thing
        view.Ok("c", "three", ("split", "train"), ("name", "x.txt"));
        view.Update();
        view.Check();
        view.Ok("c", "three", ("split", ".."), ("name", "x.txt"));
        Assert.Equal("Show: '../x.txt' is no name for a file", Assert.Throws<VoxException>(() => view.Update()).Message);

        void Refused(string name)
        {
            for (var run = 0; run < 2; run++) Assert.Equal($"Show: two results would be shown as '{name}'", Assert.Throws<VoxException>(() => view.Update()).Message);
        }
    }

    [Fact]
    public void A_stage_with_tables_of_its_own_gets_links_only()
    {
        using var view = new SmallView("text/{id}.txt");
        view.Stage = view.Stage with { OwnTables = true };
        view.Ok("a", "one");
        view.Files.Add(("metadata.csv", "its own"));
        view.Update();
        view.Files[0] = ("metadata.csv", "its new own");
        view.Ok("b", "two");
        view.Update();
        Assert.Equal(["metadata.csv: its new own", "text/a.txt: one", "text/b.txt: two"], view.Shown().Select(file => $"{file.Key}: {file.Value}"));
        Assert.Equal(view.Anew(), view.Shown());
    }

    /// <summary>Rows of several pages, some with files.</summary>
    private static SmallView Some()
    {
        var view = new SmallView("text/{id}.txt");
        for (var i = 0; i < 2000; i++)
        {
            if (i % 300 == 3) view.Rejected($"clip {i:0000}", "too_short", $"{i} s");
            else view.Ok($"clip {i:0000}", i % 100 == 0 ? $"text {i}" : null, ("a", i));
        }
        return view;
    }
}
