using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>A file that stood still while it was read.</summary>
/// <param name="Stat">As it was before and after.</param>
/// <param name="Racy">
/// It had changed only just before, as git's index says it: a second change within one tick of the clock could leave all of <paramref name="Stat"/> as it is, so it is to be read again next time.
/// </param>
public sealed record SteadyFile(Digest Digest, FileStat Stat, bool Racy)
{
    /// <summary>Reads a file; null if none stands there any more.</summary>
    /// <param name="before">What was known of it last.</param>
    /// <exception cref="VoxException">It may not be read, or changes while it is being read.</exception>
    public static SteadyFile? TryRead(IDisk disk, string path, FileStat before, TimeProvider clock)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Digest digest;
            FileStat after;
            var now = clock.GetUtcNow(); // before it is read: whatever takes its time then makes the file look more recent, not less
            try { digest = disk.DigestOf(path, out after); }
            catch (UnauthorizedAccessException) { throw new VoxException($"{path}: this file may not be read") { Try = "allow it (chmod u+r), or take the file out of the folder" }; }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException) { return null; }
            if (!after.IsFile) return null;
            if (after == before)
            {
                var newest = Math.Max(after.ModifiedNs, after.ChangedNs) / 100;
                return new SteadyFile(digest, after, now.UtcTicks - DateTime.UnixEpoch.Ticks - newest < SeenFiles.Tick.Ticks); // also when the clock was set back
            }
            before = after;
        }
        throw new VoxException($"{path}: the file changes while it is being read") { Try = "wait until whatever writes it is done, then run again" };
    }
}
