using System.Collections.Frozen;

namespace VoxMake.Corpus;

/// <summary>Endings of audio and video files. What is really in a file, Inspect finds out; this only says what to pick from a folder.</summary>
public static class MediaEndings
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        ".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".m4b", ".aac", ".aif", ".aiff", ".aifc", ".au", ".caf", ".w64", ".rf64", ".wma", ".amr", ".spx", ".mka", ".ac3", ".wv", ".ape",
        ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".3gp", ".ogv", ".m2ts", ".mts",
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a path ends like audio or video. What macOS leaves beside files on foreign disks (<c>._x.wav</c>) does not.</summary>
    public static bool IsMedia(string path) =>
        Known.Contains(ClipId.Ending(path)) && !path.AsSpan(path.LastIndexOf('/') + 1).StartsWith("._");
}
