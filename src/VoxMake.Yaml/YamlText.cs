using System.Text;

namespace VoxMake.Yaml;

/// <summary>A text with YAML in it.</summary>
/// <param name="name">What messages call it.</param>
/// <param name="content">The text, without byte order mark.</param>
public class YamlText(string name, string content)
{
    /// <summary>Largest file that is read, in bytes; what people write by hand is a tenth of it at most.</summary>
    public const int MaxBytes = 500_000;

    private string[]? _lines;

    /// <summary>What messages call it.</summary>
    public string Name { get; } = name;

    /// <summary>The text without byte order mark.</summary>
    public string Content { get; } = content;

    /// <summary>The first character of the text.</summary>
    public Place Start => new(this, 1, 1);

    /// <summary>The content of a file; null where it cannot be read as text. What is no UTF-8 in it becomes U+FFFD, which <see cref="YamlReader"/> refuses where it stands.</summary>
    /// <param name="why">Why it cannot be read; empty where it can.</param>
    public static string? ReadFile(string path, out string why)
    {
        try
        {
            var info = new FileInfo(path);
            why = Directory.Exists(path) ? "is a folder; expected a YAML file"
                : !info.Exists ? "no such file"
                // pipes and devices say 0 too; they are never opened, for that can block for ever
                : info.Length == 0 ? "is empty, or no plain file; expected YAML"
                : info.Length > MaxBytes ? $"has {info.Length} bytes; expected {MaxBytes} at most"
                : "";
            if (why.Length > 0) return null;
            var bytes = File.ReadAllBytes(path);
            return Encoding.UTF8.GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            why = $"cannot be read: {error.Message}";
            return null;
        }
    }

    /// <summary>A line, from 1; empty behind the end.</summary>
    public string Line(int number) => number <= Lines.Length ? Lines[number - 1] : "";

    /// <summary>The place, or the text's end if it lies behind it: the parser counts a line more than there is.</summary>
    internal Place At(int line, int column) => line <= Lines.Length ? new(this, line, column) : new(this, Lines.Length, Lines[^1].Length + 1);

    private string[] Lines => _lines ??= Content.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');
}
