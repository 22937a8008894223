using System.Globalization;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.SynthTool;

/// <summary>One thing to be spoken.</summary>
/// <param name="Text">Null where the row has none.</param>
/// <param name="Speaker">A name, or null if none is said.</param>
/// <param name="Written">The line as it was written, where another text is spoken; else null.</param>
/// <param name="Kind"><c>held_back</c> for a clip of the dataset that was not trained on, <c>sentence</c> for a line of a text file.</param>
internal sealed record Utterance(string Id, string? Text, string? Written, string? Speaker, string Kind)
{
    public const string SentencesRole = "sentences";
    /// <summary>By hand: a text file given as INPUT.</summary>
    public const string TextRole = "text";

    /// <summary>All of an order: the clips outside of train, then the lines of text files.</summary>
    /// <param name="read">What becomes of a line before it is spoken; null for nothing.</param>
    /// <exception cref="ToolException">A text file cannot be read, or two things have one id.</exception>
    public static IReadOnlyList<Utterance> Of(CollectOrder order, Func<string, string>? read = null)
    {
        var (spoken, texts) = (new List<Utterance>(), order.Files(SentencesRole).ToList());
        foreach (var item in order.Items)
        {
            if (item.Columns.Count == 0 && item.Inputs.TryGetValue(TextRole, out var file)) texts.Add(file);
            else if (item.Columns["split"].AsText != "train") spoken.Add(new Utterance(item.Id, Words(item.Columns["text"]), null, Words(item.Columns["speaker_id"]), "held_back"));
        }
        var number = 0;
        foreach (var line in texts.SelectMany(Lines))
        {
            var text = read is null ? line : read(line);
            spoken.Add(new Utterance(string.Create(CultureInfo.InvariantCulture, $"{SentencesRole}/{++number:D3}"), text, text == line ? null : line, null, "sentence"));
        }
        if (spoken.GroupBy(one => one.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ToolException($"two texts have the id '{twice.Key}'") { Try = $"clips must not lie in a folder called {SentencesRole}; its numbers are for lines of text files" };
        return spoken;
    }

    private static IEnumerable<string> Lines(InputFile file)
    {
        using var stream = OpenText(file);
        foreach (var line in TextLines.Read(stream, file.Name))
        {
            if (line.Fault is { } fault) throw new ToolException(fault.Message) { File = $"{file.Name}:{line.Number}" };
            if (line.Text!.Trim() is { Length: > 0 } text) yield return text;
        }
    }

    private static FileStream OpenText(InputFile file)
    {
        try { return File.OpenRead(file.Path); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new ToolException($"cannot be read: {error.Message}") { File = file.Name }; }
    }

    /// <summary>By hand a table's text "42" is read as a number.</summary>
    private static string? Words(Value value) => value.Kind == ValueKind.Null ? null : value.ToString();
}
