namespace VoxMake.Corpus;

/// <summary>The transcripts of a folder.</summary>
/// <param name="Name">What people call the file.</param>
/// <param name="Format">Its form.</param>
/// <param name="Open">Opens it; it is read twice, so that a million lines need not be kept.</param>
/// <param name="Folder">The folder of the file relative to the source, where audio is looked for as well; <c>.</c> is the source itself.</param>
public sealed record TranscriptSource(string Name, TranscriptFormat Format, Func<Stream> Open, string Folder = ".")
{
    /// <summary>Where files that it names are looked for, in this order: the source, then <see cref="Folder"/> where that lies in it.</summary>
    public IReadOnlyList<string> Folders { get; } = SourcePath.Escapes(Folder) is null && SourcePath.Plain(Folder) is { Length: > 0 } inside ? ["", inside] : [""];

    /// <summary>The lines, read anew.</summary>
    public IEnumerable<TranscriptLine> Lines(Action<string>? warn = null)
    {
        using var stream = Open();
        foreach (var line in TranscriptReader.Read(stream, Format, Name, warn)) yield return line;
    }
}
