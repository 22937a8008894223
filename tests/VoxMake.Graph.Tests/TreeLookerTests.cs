using System.Diagnostics;
using System.Text;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

public sealed class TreeLookerTests : IDisposable
{
    private readonly SeenTree _seen = new();

    [Fact]
    public void A_folder_at_rest_is_read_once_and_what_is_known_of_it_written_once()
    {
        var files = new[] { "a.wav", "b/c.wav", "b/d/e.wav" };
        foreach (var file in files) _seen.Write(file, file);
        var first = _seen.Look();
        Assert.Equal(files.Select(file => new TreeFile(file, Digest.Of(Encoding.UTF8.GetBytes(file)), file.Length)), first.Files);
        Assert.Equal(3, _seen.TakeRead().Count);
        var written = new LocalDisk().Stat(_seen.IndexPath);

        var second = _seen.Look();
        Assert.Equal((first.Digest, 3), (second.Digest, second.Count));
        Assert.Equal(first.Files, second.Files);
        Assert.Empty(_seen.TakeRead());
        Assert.Equal(written, new LocalDisk().Stat(_seen.IndexPath));
    }

    [Fact]
    public void Only_what_has_changed_is_read_again()
    {
        for (var i = 0; i < 2000; i++) _seen.Write($"{i % 7}/{i:0000}.wav", "it");
        _seen.Look().Store();
        _seen.TakeRead();
        _seen.Write("3/0003.wav", "other");
        _seen.Write("3/new.wav", "new");
        File.Delete(_seen.PathOf("4/0004.wav"));
        File.Move(_seen.PathOf("5/0005.wav"), _seen.PathOf("5/moved.wav"));
        var blobs = _seen.Blobs();
        var now = _seen.Look();
        Assert.Equal(["3/0003.wav", "3/new.wav", "5/moved.wav"], _seen.TakeRead());
        Assert.Equal(_seen.LookAfresh(), now.Digest);
        Assert.Equal(blobs, _seen.Blobs()); // whoever looks writes nothing
        now.Store();
        Assert.InRange(_seen.Blobs() - blobs, 2, 6); // the pages that have changed, and their list
        Assert.Equal(now.Digest, _seen.Look().Digest);
        Assert.Empty(_seen.TakeRead());
    }

    [Fact]
    public void What_changed_is_told_by_path_also_when_the_cache_has_lost_the_listing_of_now()
    {
        foreach (var name in new[] { "a", "b", "c" }) _seen.Write(name, name);
        var before = _seen.Look();
        before.Store();
        _seen.Write("b", "bb");
        File.Delete(_seen.PathOf("c"));
        _seen.Write("d", "d");
        _seen.Look(); // this listing is not stored
        var changes = _seen.Look().Changes(before.Digest).ToList();
        Assert.Equal(["b: 1 2", "c: 1 ", "d:  1"], changes.Select(change => $"{(change.Before ?? change.Now)!.Path}: {change.Before?.Size} {change.Now?.Size}"));
        Assert.Equal(["a", "b", "d"], _seen.Look().Changes(null).Select(change => change.Now!.Path));
        Assert.Empty(_seen.Look().Changes(_seen.Look().Digest));
    }

    [Fact]
    public void Without_a_cache_a_folder_is_still_known_and_its_listing_is_made_again_when_it_is_kept()
    {
        for (var i = 0; i < 1500; i++) _seen.Write($"{i:0000}.wav", "it");
        var before = _seen.Look();
        before.Store();
        var blobs = _seen.Blobs();
        _seen.TakeRead();
        Directory.Delete(_seen.Cache, recursive: true);
        var now = _seen.Look();
        Assert.Equal((before.Digest, 1500), (now.Digest, now.Count));
        Assert.Equal(before.Files, now.Files);
        now.Store();
        Assert.Equal(blobs, _seen.Blobs());
        Assert.Empty(_seen.TakeRead());

        Directory.Delete(_seen.Cache, recursive: true);
        _seen.Write("0007.wav", "other");
        Assert.Equal(_seen.LookAfresh(), _seen.Look().Digest);
    }

    [Fact]
    public void A_file_that_changed_a_moment_ago_is_read_again_until_it_has_rested()
    {
        _seen.Ahead = TimeSpan.Zero;
        _seen.Write("a", "one");
        var first = _seen.Look();
        var time = File.GetLastWriteTimeUtc(_seen.PathOf("a"));
        _seen.Write("a", "two");
        File.SetLastWriteTimeUtc(_seen.PathOf("a"), time);
        Assert.NotEqual(first.Digest, _seen.Look().Digest);
        _seen.TakeRead();
        _seen.Look();
        Assert.Single(_seen.TakeRead());
        _seen.Ahead = TimeSpan.FromMinutes(1);
        _seen.Look();
        Assert.Single(_seen.TakeRead());
        _seen.Look();
        Assert.Empty(_seen.TakeRead());
    }

    [Fact]
    public void The_clock_set_back_makes_a_file_read_again_never_believed()
    {
        _seen.Ahead = TimeSpan.FromDays(-1);
        _seen.Write("a", "one");
        _seen.Look();
        _seen.Look();
        Assert.Equal(2, _seen.TakeRead().Count);
    }

    [Fact]
    public void Any_change_is_noticed_also_with_the_same_size_and_the_time_set_back()
    {
        _seen.Write("a", "one");
        var first = _seen.Look();
        var time = File.GetLastWriteTimeUtc(_seen.PathOf("a"));
        Thread.Sleep(20); // longer than a tick of the kernel's clock
        _seen.Write("a", "two");
        File.SetLastWriteTimeUtc(_seen.PathOf("a"), time);
        Assert.NotEqual(first.Digest, _seen.Look().Digest);
    }

    [Fact]
    public void A_file_that_was_only_touched_is_read_and_the_listing_stays()
    {
        _seen.Write("a", "one");
        var first = _seen.Look();
        File.SetLastWriteTimeUtc(_seen.PathOf("a"), DateTime.UtcNow.AddDays(-3));
        _seen.TakeRead();
        Assert.Equal(first.Digest, _seen.Look().Digest);
        Assert.Single(_seen.TakeRead());
        _seen.Look();
        Assert.Empty(_seen.TakeRead());
    }

    [Fact]
    public void A_file_that_went_and_came_back_is_read_again()
    {
        _seen.Write("a", "one");
        _seen.Write("b", "two");
        _seen.Look();
        File.Move(_seen.PathOf("a"), _seen.PathOf("../a"));
        Assert.Equal(1, _seen.Look().Count);
        File.Move(_seen.PathOf("../a"), _seen.PathOf("a"));
        _seen.TakeRead();
        Assert.Equal(2, _seen.Look().Count);
        Assert.Equal(["a"], _seen.TakeRead());
    }

    [Fact]
    public void When_one_file_cannot_be_read_the_others_are_remembered_all_the_same()
    {
        for (var i = 0; i < 20; i++) _seen.Write($"{i:00}", "it");
        _seen.Threads = 1;
        _seen.Disk.FailsToRead = "13";
        Assert.Throws<IOException>(_seen.Look);
        Assert.Equal(14, _seen.TakeRead().Count);
        _seen.Disk.FailsToRead = null;
        var listing = _seen.Look();
        listing.Store();
        Assert.Equal(_seen.LookAfresh(), listing.Digest);
        Assert.Equal(["13", "14", "15", "16", "17", "18", "19"], _seen.TakeRead());

        _seen.Write("05", "other");
        _seen.Write("13", "other");
        _seen.Disk.FailsToRead = "13";
        Assert.Throws<IOException>(_seen.Look);
        _seen.Disk.FailsToRead = null;
        Assert.Equal(_seen.LookAfresh(), _seen.Look().Digest); // the listing from before is not that of what is known now
    }

    [Fact]
    public void The_order_is_that_of_UTF_16_whatever_the_names()
    {
        var names = new[] { "a-b", "a/b", "a.b", "ab", "é", "퟿", "😀", "\ue000", "ｱ", "Z", "z", "0 1", "😀/ｱ", "ｱ/😀" };
        foreach (var name in names.Take(5)) _seen.Write(name, "it");
        _seen.Look().Store();
        foreach (var name in names.Skip(5)) _seen.Write(name == "😀" || name == "ｱ" ? name + "/x" : name, "it"); // among those that are known
        var now = _seen.Look();
        Assert.Equal(_seen.LookAfresh(), now.Digest);
        Assert.Equal(names.Length, now.Count);
        Assert.Equal(now.Files.Select(file => file.Path).Order(StringComparer.Ordinal), now.Files.Select(file => file.Path));
    }

    [Fact]
    public void A_folder_of_thousands_and_thousands_of_folders_are_found_whole_by_any_number_of_threads()
    {
        for (var i = 0; i < 6000; i++) _seen.Write($"all/{i:000000}-with-a-name-of-some-length.wav", "it");
        for (var i = 0; i < 1000; i++) _seen.Write($"{i:0000}/{i % 10}/clip.wav", "it");
        foreach (var threads in new[] { 1, 2, 8 })
        {
            _seen.Threads = threads;
            var listing = _seen.Look();
            Assert.Equal((_seen.LookAfresh(), 7000), (listing.Digest, listing.Count));
        }
    }

    [Fact]
    public void Names_that_begin_with_a_dot_and_other_endings_are_left_out_in_silence()
    {
        foreach (var name in new[] { "a.csv", "B.CSV", "c.txt", ".d.csv", ".git/e.csv", "f/g.csv", "h.csv/i.csv", "j" }) _seen.Write(name, "it");
        File.CreateSymbolicLink(_seen.PathOf("dangling.txt"), "nowhere");
        _seen.Tree = _seen.Tree with { Endings = [".csv"] };
        Assert.Equal(["B.CSV", "a.csv", "f/g.csv", "h.csv/i.csv"], _seen.Look().Files.Select(file => file.Path));
        Assert.Empty(_seen.Skipped);
    }

    [Fact]
    public void Links_are_followed_and_those_that_lead_nowhere_or_back_up_are_left_out_and_said()
    {
        _seen.Write("folder/a.wav", "a");
        _seen.Write("../elsewhere/b.wav", "b");
        File.CreateSymbolicLink(_seen.PathOf("file.wav"), "folder/a.wav");
        Directory.CreateSymbolicLink(_seen.PathOf("other"), "../elsewhere");
        Directory.CreateSymbolicLink(_seen.PathOf("folder/up"), "..");
        File.CreateSymbolicLink(_seen.PathOf("dangling.wav"), "nowhere.wav");
        File.CreateSymbolicLink(_seen.PathOf("itself.wav"), "itself.wav");
        Assert.Equal(["file.wav", "folder/a.wav", "other/b.wav"], _seen.Look().Files.Select(file => file.Path));
        Assert.Equal([
            $"{_seen.Tree.Root}/dangling.wav is left out: it is no file (a link that leads nowhere, a pipe or a device)",
            $"{_seen.Tree.Root}/folder/up is left out: a link leads back up to a folder that it lies in",
            $"{_seen.Tree.Root}/itself.wav is left out: it is no file (a link that leads nowhere, a pipe or a device)"], _seen.Skipped);
        _seen.TakeRead();
        _seen.Write("../elsewhere/b.wav", "bb");
        _seen.Look();
        Assert.Equal(["other/b.wav"], _seen.TakeRead());
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_left_out_and_said()
    {
        _seen.Write("a.wav", "a");
        _seen.Write("folder/b.wav", "b");
        Shell("echo x > \"$(printf 'caf\\351.wav')\" && mv folder \"$(printf 'd\\351j\\340')\"");
        Assert.Equal(["a.wav"], _seen.Look().Files.Select(file => file.Path));
        Assert.Equal([$"{_seen.Tree.Root}/caf\ufffd.wav is left out: its name is not UTF-8", $"{_seen.Tree.Root}/d\ufffdj\ufffd is left out: its name is not UTF-8"], _seen.Skipped);
        Shell("rm -r d* caf*"); // .NET cannot name them

        void Shell(string command)
        {
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _seen.Tree.Root })!;
            shell.WaitForExit();
        }
    }

    [Fact]
    public void Folders_more_than_64_deep_are_refused()
    {
        var path = string.Join('/', Enumerable.Repeat("x", 63));
        _seen.Write(path + "/clip.wav", "it");
        Assert.Equal(1, _seen.Look().Count);
        _seen.Write(path + "/x/clip.wav", "it");
        Assert.Contains("folders lie more than 64 deep", Assert.Throws<VoxException>(_seen.Look).Message);
    }

    [Fact]
    public void A_missing_folder_is_an_error_or_if_it_may_be_missing_empty()
    {
        Directory.Delete(_seen.Tree.Root, recursive: true);
        Assert.Contains("there is no such folder", Assert.Throws<VoxException>(_seen.Look).Message);
        _seen.Tree = _seen.Tree with { Optional = true };
        var listing = _seen.Look();
        Assert.Equal(0, listing.Count);
        Assert.Empty(listing.Files);
        listing.Store();
        Directory.CreateDirectory(_seen.Tree.Root);
        Assert.Equal(listing.Digest, _seen.Look().Digest);
    }

    [Fact]
    public void Whether_a_file_is_as_it_was_seen_is_known_also_in_a_run_that_does_not_look_at_its_folder()
    {
        _seen.Write("b/a.wav", "one");
        var digest = _seen.Look().Files.Single().Digest;
        var path = _seen.PathOf("b/a.wav");
        Assert.True(_seen.New().IsAsSeen(path, digest));
        Assert.False(_seen.New().IsAsSeen(path, Digest.Of("two"u8)));
        Assert.False(_seen.New().IsAsSeen(_seen.PathOf("b/none.wav"), digest));
        Assert.False(_seen.New().IsAsSeen(_seen.PathOf("../elsewhere.wav"), digest));
        Thread.Sleep(20);
        _seen.Write("b/a.wav", "two");
        Assert.False(_seen.New().IsAsSeen(path, digest));
        Assert.False(_seen.New().IsAsSeen(path, Digest.Of("two"u8)));
        _seen.Look();
        Assert.True(_seen.New().IsAsSeen(path, Digest.Of("two"u8)));
    }

    public void Dispose() => _seen.Dispose();
}
