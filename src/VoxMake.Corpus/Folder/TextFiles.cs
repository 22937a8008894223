using System.Text;

namespace VoxMake.Corpus;

/// <summary>
/// Texts that lie beside their recordings: what is said in <c>part1/chapter.mp3</c> stands in <c>part1/chapter.txt</c> (or <c>.lab</c>). A recording without one is a clip without a text.
/// </summary>
/// <param name="open">Opens the text file at an index of <paramref name="folder"/>.</param>
public sealed class TextFiles(SourceFolder folder, Func<int, Stream> open)
{
    /// <summary>Bytes of one text: a whole book fits.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>Whether a file is one of these texts by its ending.</summary>
    public static bool IsText(string path) => ClipId.Ending(path).ToLowerInvariant() is ".txt" or ".lab";

    /// <summary>What is said in a recording: its lines in one, white space as single spaces; null where there is no text file.</summary>
    /// <param name="fault">Why the text file cannot be used.</param>
    public Transcript? Of(SourceFile recording, out Fault? fault)
    {
        fault = null;
        var beside = folder.WithId(ClipId.Of(recording.Path)).Where(index => IsText(folder.Files[index].Path)).ToList();
        if (beside.Count == 0) return null;
        var file = folder.Files[beside[0]];
        if (beside.Count > 1) fault = new("ambiguous", $"'{file.Path}' and '{folder.Files[beside[1]].Path}' both say what is spoken; keep one");
        else if (file.Size > MaxBytes) fault = new("text_too_long", $"'{file.Path}' has {file.Size} bytes, more than {MaxBytes}; is it a text?");
        if (fault is not null) return null;
        var text = new StringBuilder();
        using (var stream = open(beside[0]))
            foreach (var line in TextLines.Read(stream, file.Path))
            {
                fault = line.Text is null ? line.Fault! with { Message = $"{file.Path}:{line.Number}: {line.Fault!.Message}" } : Fault.ControlCharacter($"line {line.Number} of '{file.Path}'", line.Text.Replace('\t', ' '));
                if (fault is not null) return null;
                foreach (var word in line.Text!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) text.Append(text.Length == 0 ? "" : " ").Append(word);
            }
        if (text.Length > 0) return new Transcript(recording.Path, text.ToString(), text.ToString());
        fault = new("empty_text", $"'{file.Path}' has no text in it; write it, or take the file away to have a clip without text");
        return null;
    }
}
