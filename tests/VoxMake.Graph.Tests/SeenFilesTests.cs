using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

public class SeenFilesTests
{
    private sealed class Clock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + ahead;
    }

    [Fact]
    public void A_file_that_has_rested_is_not_read_again_and_one_that_changed_a_moment_ago_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("clip");
        File.WriteAllText(path, "one");
        var disk = new LocalDisk();
        var fresh = new SeenFiles(disk, folder.File("seen"), TimeProvider.System);
        fresh.Look(path);
        Assert.Null(fresh.Find(path, disk.Stat(path)!.Value)); // a second write within one tick of the clock could look the same

        var later = new SeenFiles(disk, folder.File("seen"), new Clock(TimeSpan.FromMinutes(1)));
        var digest = later.Look(path).Digest;
        Assert.Equal(digest, later.Find(path, disk.Stat(path)!.Value));
    }

    [Fact]
    public void Any_change_is_noticed_also_with_the_same_size_and_the_time_set_back()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("clip");
        File.WriteAllText(path, "one");
        var seen = new SeenFiles(new LocalDisk(), folder.File("seen"), new Clock(TimeSpan.FromMinutes(1)));
        var first = seen.Look(path).Digest;
        var time = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, time);
        Assert.NotEqual(first, seen.Look(path).Digest);
    }

    [Fact]
    public void The_clock_set_back_makes_it_read_again_never_believe()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("clip");
        File.WriteAllText(path, "one");
        var disk = new LocalDisk();
        var seen = new SeenFiles(disk, folder.File("seen"), new Clock(TimeSpan.FromDays(-1)));
        seen.Look(path);
        Assert.Null(seen.Find(path, disk.Stat(path)!.Value));
    }

    [Fact]
    public void Cut_at_every_byte_it_is_as_good_as_none()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("clip");
        File.WriteAllText(path, "one");
        var disk = new LocalDisk();
        var clock = new Clock(TimeSpan.FromMinutes(1));
        var seen = new SeenFiles(disk, folder.File("seen"), clock);
        seen.Look(path);
        seen.Save();
        var bytes = File.ReadAllBytes(folder.File("seen"));
        var stat = disk.Stat(path)!.Value;
        Assert.Equal(Digest.OfFile(path), new SeenFiles(disk, folder.File("seen"), clock).Find(path, stat));
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(folder.File("cut"), bytes[..length]);
            Assert.Null(new SeenFiles(disk, folder.File("cut"), clock).Find(path, stat));
        }
    }
}
