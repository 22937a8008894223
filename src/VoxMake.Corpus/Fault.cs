using System.Buffers;
using System.Globalization;
using System.Text;

namespace VoxMake.Corpus;

/// <summary>Why one line, clip or edit cannot be used.</summary>
/// <param name="Reason">A word to count by, such as <c>missing_file</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record Fault(string Reason, string Message)
{
    /// <summary>A fault where <paramref name="value"/> holds a control character (Unicode category Cc: NUL, tab, line feed, DEL and the like); else null.</summary>
    /// <param name="what">What the value is, for the message: <c>the text</c>.</param>
    public static Fault? ControlCharacter(string what, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
                return new Fault("control_character", string.Create(CultureInfo.InvariantCulture, $"{what} holds the control character U+{(int)value[i]:X4} ({Name(value[i])}) at position {i + 1}; remove it"));
        }
        return null;
    }

    /// <summary>Whether the text holds half a surrogate pair, which UTF-8 cannot write.</summary>
    internal static bool HalfSurrogate(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var used) != OperationStatus.Done) return true;
            text = text[used..];
        }
        return false;
    }

    /// <summary>Null, or the first fault.</summary>
    internal static Fault? First(params ReadOnlySpan<Fault?> faults)
    {
        foreach (var fault in faults)
            if (fault is not null) return fault;
        return null;
    }

    private static string Name(char control) => control switch
    {
        '\0' => "NUL",
        '\t' => "a tab",
        '\n' => "a line break",
        '\r' => "a carriage return",
        '\u001b' => "escape",
        '\u007f' => "DEL",
        _ => "not printable",
    };
}
