namespace VoxMake.Corpus;

/// <summary>What a line of transcripts says of one file.</summary>
/// <param name="File">The file as the line names it; an LJSpeech id usually has no ending.</param>
/// <param name="Text">What is spoken, to be learned from. As given, but for white space at both ends; never empty.</param>
/// <param name="TextRaw">The text before somebody normalised it; the same as <paramref name="Text"/> where the form has only one.</param>
/// <param name="Speaker">The speaker's name, or null.</param>
/// <param name="Language">The language, or null.</param>
public sealed record Transcript(string File, string Text, string TextRaw, string? Speaker = null, string? Language = null);

/// <summary>A line of transcripts, read.</summary>
/// <param name="Number">The line, counted from 1.</param>
/// <param name="File">The file that it names, where that much could be read.</param>
/// <param name="Transcript">Null where it has a fault.</param>
/// <param name="Fault">Why it cannot be used.</param>
public readonly record struct TranscriptLine(int Number, string? File, Transcript? Transcript, Fault? Fault)
{
    internal static TranscriptLine Bad(int number, Fault fault, string? file = null) => new(number, string.IsNullOrEmpty(file) ? null : file, null, fault);

    /// <summary>The last checks that all formats share.</summary>
    internal static TranscriptLine Checked(int number, Transcript found)
    {
        var fault = found.File.Length == 0
            ? new Fault("no_file", "the line names no file")
            : Fault.First(
                Fault.ControlCharacter("the file's name", found.File),
                found.Text.Length == 0 ? new Fault("empty_text", "the text is empty") : null,
                Fault.ControlCharacter("the text", found.Text),
                Fault.ControlCharacter("the text", found.TextRaw),
                Fault.ControlCharacter("the speaker's name", found.Speaker ?? ""),
                Fault.ControlCharacter("the language", found.Language ?? ""));
        return fault is null ? new(number, found.File, found, null) : Bad(number, fault, found.File);
    }
}
