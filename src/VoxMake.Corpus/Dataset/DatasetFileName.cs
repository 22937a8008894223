using System.Text;
using System.Text.RegularExpressions;
using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>The name of a clip's file in a dataset: its id plus <c>.wav</c>, made safe for file systems and for the Hugging Face loader.</summary>
public static partial class DatasetFileName
{
    /// <summary>Bytes that one part of a path may have (ext4, NTFS and APFS agree on 255).</summary>
    private const int MaxPartBytes = 255;
    private const string Ending = ".wav";

    /// <summary>
    /// The name, parts divided by <c>/</c>. What no file system or shell likes (<c>\ : * ? " &lt; &gt; |</c>, control characters, points and spaces at the
    /// end) becomes <c>_</c>. The loader of Hugging Face datasets passes over names that begin with <c>.</c> or <c>__</c>, and takes a folder
    /// called <c>test-clean</c> inside train/ for test data as well: such names get a <c>~</c>.
    /// </summary>
    public static string Of(string id)
    {
        var parts = id.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var folder = i < parts.Length - 1;
            var part = Unsafe().Replace(parts[i], "_");
            if (folder) part = SplitWord().Replace(part, "$0~");
            if (part.Length == 0) part = "_";
            if (part.StartsWith('.') || part.StartsWith("__", StringComparison.Ordinal)) part = "~" + part;
            if (Reserved().IsMatch(part)) part = "~" + part;
            parts[i] = Cut(part, MaxPartBytes - (folder ? 0 : Ending.Length));
        }
        return string.Join('/', parts) + Ending;
    }

    /// <summary>A part that is too long ends in eight digits of its digest, so that two long names that begin alike stay two.</summary>
    private static string Cut(string part, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(part) <= bytes) return part;
        var tail = "~" + Digest.Of(Encoding.UTF8.GetBytes(part)).ToString()[..8];
        var kept = new StringBuilder();
        var size = tail.Length;
        foreach (var rune in part.EnumerateRunes())
        {
            if (size + rune.Utf8SequenceLength > bytes) break;
            size += rune.Utf8SequenceLength;
            kept.Append(rune);
        }
        return kept + tail;
    }

    [GeneratedRegex("""[\\:*?"<>|\p{Cc}]|[. ]+$""")]
    private static partial Regex Unsafe();

    /// <summary>Words by which the loader knows splits, between <c>- . _ space digits</c> (datasets, data_files.py, SPLIT_KEYWORDS).</summary>
    [GeneratedRegex("(?<![^-._ 0-9])(?:training|train|validation|valid|val|dev|testing|test|evaluation|eval)(?![^-._ 0-9])")]
    private static partial Regex SplitWord();

    /// <summary>Devices of Windows, which no file there can be called.</summary>
    [GeneratedRegex(@"^(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();
}
