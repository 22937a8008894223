using System.Globalization;

namespace VoxMake.Training;

/// <summary>Whether there is room, asked before something is written.</summary>
public static class DiskSpace
{
    /// <summary>Bytes that may still be written into a folder's file system by this user.</summary>
    public static long FreeAt(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    /// <summary>Refuses to begin what would not fit.</summary>
    /// <param name="free">Bytes that are free; <see cref="FreeAt"/>.</param>
    /// <exception cref="TrainingException">Too little room; the message has both sizes.</exception>
    public static void Check(string folder, long needed, long free, string what)
    {
        if (free >= needed) return;
        throw new TrainingException($"{what} need {InWords(needed)} in {folder}, where {InWords(free)} are free") { Machine = true, Try = "free some space and run again; it goes on from the last checkpoint" };
    }

    /// <summary>A size for people: <c>1.5 GB</c>.</summary>
    public static string InWords(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1000 && unit < units.Length - 1) (size, unit) = (size / 1000, unit + 1);
        return size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
