using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace VoxMake.Corpus;

/// <summary>One line of a text file.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">Without its line break; null where it has a fault.</param>
/// <param name="Fault"><c>bad_utf8</c> or <c>line_too_long</c>.</param>
public readonly record struct TextLine(int Number, string? Text, Fault? Fault);

/// <summary>
/// Reads UTF-8 text line by line and says of each line whether it is any. A byte order mark and CR LF are tolerated. A bad line is one bad line:
/// reading goes on behind it.
/// </summary>
public static class TextLines
{
    /// <summary>Bytes that a line may have: ten hours of speech as one line fit, a binary file does not.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The lines of <paramref name="stream"/>; an empty one has none.</summary>
    /// <exception cref="CorpusException">The file is UTF-16.</exception>
    public static IEnumerable<TextLine> Read(Stream stream, string name)
    {
        var buffer = new byte[1 << 16];
        int start = 0, end = 0, number = 0;
        long skipped = 0; // bytes of a line that is too long
        long offset = 0;  // of buffer[0] in the file
        var ended = false;
        while (true)
        {
            var newLine = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newLine < 0 && !ended)
            {
                if (end - start > MaxBytes)
                {
                    skipped += end - start;
                    start = end;
                }
                offset += start;
                Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
                (end, start) = (end - start, 0);
                if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var read = stream.Read(buffer, end, buffer.Length - end);
                ended = read == 0;
                end += read;
                continue;
            }
            var length = newLine < 0 ? end - start : newLine;
            if (newLine < 0 && length + skipped == 0) yield break;
            number++;
            var from = start;
            if (number == 1 && skipped == 0)
            {
                RefuseUtf16(buffer.AsSpan(start, length), name);
                if (buffer.AsSpan(start, length).StartsWith(Encoding.UTF8.Preamble)) from += 3;
            }
            yield return skipped + length > MaxBytes
                ? new TextLine(number, null, new Fault("line_too_long", $"the line has more than {MaxBytes} bytes; is this a text file?"))
                : Decode(number, buffer.AsSpan(from, start + length - from), offset + from);
            skipped = 0;
            if (newLine < 0) yield break;
            start += newLine + 1;
        }
    }

    private static TextLine Decode(int number, ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.Length > 0 && bytes[^1] == '\r') bytes = bytes[..^1];
        if (Utf8.IsValid(bytes)) return new TextLine(number, Encoding.UTF8.GetString(bytes), null);
        var bad = 0;
        while (Rune.DecodeFromUtf8(bytes[bad..], out _, out var consumed) == System.Buffers.OperationStatus.Done) bad += consumed;
        return new TextLine(number, null, new Fault("bad_utf8", string.Create(CultureInfo.InvariantCulture,
            $"byte {offset + bad + 1} of the file, byte {bad + 1} of the line (0x{bytes[bad]:X2}), is not UTF-8; save the file as UTF-8")));
    }

    private static void RefuseUtf16(ReadOnlySpan<byte> first, string name)
    {
        if (first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || first.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new CorpusException("the file is UTF-16, expected UTF-8") { File = name, Try = "save it as UTF-8, or: iconv -f UTF-16 -t UTF-8" };
    }
}
