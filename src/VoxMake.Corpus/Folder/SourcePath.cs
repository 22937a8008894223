using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Corpus;

/// <summary>A path that somebody's transcripts name. It is hostile until checked: it must stay inside the source folder.</summary>
public static class SourcePath
{
    /// <summary>A fault where <paramref name="path"/> could lead out of the folder: absolute, with <c>..</c>, a drive letter; else null.</summary>
    public static Fault? Escapes(string path)
    {
        var why = path.StartsWith('/') || path.StartsWith('\\') ? "is absolute"
            : path.Length >= 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' ? "begins with a drive letter"
            : path.Split('/', '\\').Contains("..") ? "leads upwards with '..'"
            : null;
        return why is null ? null : new Fault("path_escapes", $"the path '{path}' {why}; write paths relative to the source folder");
    }

    /// <summary>The path without <c>.</c> and empty parts, in NFC: <c>./a//b.wav</c> is <c>a/b.wav</c>.</summary>
    public static string Plain(string path) => Nfc.Of(string.Join('/', path.Split('/').Where(part => part is not ("" or "."))));
}
