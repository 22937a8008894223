using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Corpus;

/// <summary>The name of a clip: its path relative to the source, Unicode NFC, without ending (DESIGN 6). <c>wavs/LJ001-0001.wav</c> is <c>wavs/LJ001-0001</c>.</summary>
public static class ClipId
{
    /// <summary>The id of a file.</summary>
    /// <param name="path">Relative, parts divided by <c>/</c>.</param>
    public static string Of(string path)
    {
        path = Nfc.Of(path);
        var ending = Ending(path);
        return path[..(path.Length - ending.Length)];
    }

    /// <summary>The ending with its point, as written; empty where there is none. A point at the start of a name is no ending (<c>.hidden</c>).</summary>
    public static string Ending(string path)
    {
        var start = path.LastIndexOf('/') + 1;
        var point = path.LastIndexOf('.');
        return point > start ? path[point..] : "";
    }
}
