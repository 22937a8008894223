using System.Text.Unicode;

namespace VoxMake.Config.Yaml;

/// <summary>A text with YAML in it: a file, or an override of the command line.</summary>
internal sealed class SourceText
{
    /// <summary>Largest file that is read, in bytes; a voice is described in a hundredth of it.</summary>
    public const int MaxBytes = 1_000_000;

    private string[]? _lines;

    private SourceText(string name, string path, string folder, string content, int layer) => (Name, Path, Folder, Content, Layer) = (name, path, folder, content, layer);

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>Absolute path; empty for an override.</summary>
    public string Path { get; }

    /// <summary>What paths in it are relative to.</summary>
    public string Folder { get; }

    /// <summary>The text without byte order mark.</summary>
    public string Content { get; }

    /// <summary>How near it is: overrides above 0, the file asked for 0, what it extends -1, and so on.</summary>
    public int Layer { get; }

    public bool IsOverride => Path.Length == 0;

    /// <summary>The first character of the text.</summary>
    public Place Start => new(this, 1, 1);

    /// <summary>A line, from 1; empty behind the end.</summary>
    public string Line(int number)
    {
        _lines ??= Lines();
        return number <= _lines.Length ? _lines[number - 1] : "";
    }

    /// <summary>The place, or the text's end if it lies behind it: the parser counts a line more than there is.</summary>
    public Place Within(Place place) => place.Line <= (_lines ??= Lines()).Length ? place : End;

    private string[] Lines() => Content.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');

    /// <summary>An override of the command line: <c>--set</c> and what followed it.</summary>
    public static SourceText OfOverride(string option, int order) => new($"--set {Text.Shown(option)}", "", Environment.CurrentDirectory, option, 1 + order);

    /// <summary>Reads a file. What is wrong with it as a whole is added to <paramref name="errors"/>, and then null is returned.</summary>
    /// <param name="named">Where another file names it; null for the file that the user asked for.</param>
    public static SourceText? Read(string name, string path, int layer, Place? named, ErrorList errors)
    {
        var file = new SourceText(name, path, System.IO.Path.GetDirectoryName(path) ?? path, "", layer);
        byte[] bytes;
        try
        {
            if (Directory.Exists(path)) return Unreadable("is a folder; expected a YAML file");
            var info = new FileInfo(path);
            if (!info.Exists) return Unreadable("no such file");
            // pipes and devices say 0 too; they are never opened, for that can block for ever
            if (info.Length == 0) return Unreadable("is empty, or no plain file; expected a configuration");
            if (info.Length > MaxBytes) return Unreadable($"has {info.Length} bytes; a configuration has at most {MaxBytes}");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return Unreadable($"cannot be read: {error.Message}"); }
        return OfBytes(file, bytes, errors);

        SourceText? Unreadable(string why)
        {
            if (named is { } place) errors.Add(place, "extends", $"{name}: {why}");
            else errors.Add(file.Start, "", why);
            return null;
        }
    }

    private static SourceText? OfBytes(SourceText file, byte[] bytes, ErrorList errors)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            errors.Add(file.Start, "", "is UTF-16; save it as UTF-8");
            return null;
        }
        ReadOnlySpan<byte> utf8 = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        var utf16 = new char[utf8.Length];
        Utf8.ToUtf16(utf8, utf16, out var good, out var length, replaceInvalidSequences: false);
        var text = new SourceText(file.Name, file.Path, file.Folder, new string(utf16, 0, length), file.Layer);
        if (good == utf8.Length) return text;
        errors.Add(text.End, "", $"is not UTF-8: byte 0x{utf8[good]:X2}; save it as UTF-8");
        return null;
    }

    private Place End
    {
        get
        {
            var lines = Lines();
            return new(this, lines.Length, lines[^1].Length + 1);
        }
    }

    /// <summary>
    /// Refuses what YAML forbids or editors and parsers see differently: control characters, exotic line ends (the parser counts them as lines,
    /// editors do not), and tabs that indent.
    /// </summary>
    internal bool HasOnlyText(ErrorList errors)
    {
        int line = 1, start = 0;
        var indentation = true;
        int? tab = null;
        for (var i = 0; i < Content.Length; i++)
        {
            var c = Content[i];
            if (c == '\n' || (c == '\r' && (i + 1 == Content.Length || Content[i + 1] != '\n')))
            {
                (line, start, indentation, tab) = (line + 1, i + 1, true, null);
                continue;
            }
            if (c == '\r') continue;
            if ((c < ' ' && c != '\t') || c is >= '\x7F' and <= '\x9F' or '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF' or '\uFEFF')
            {
                errors.Add(new(this, line, i - start + 1), "", $"the character U+{(int)c:X4} is not allowed in a configuration; remove it");
                return false;
            }
            if (!indentation) continue;
            if (c == '\t') tab ??= i - start + 1;
            else if (c != ' ')
            {
                indentation = false;
                if (tab is not { } column || c == '#') continue;
                errors.Add(new(this, line, column), "", "a tab indents this line; YAML indents with spaces");
                return false;
            }
        }
        return true;
    }
}
