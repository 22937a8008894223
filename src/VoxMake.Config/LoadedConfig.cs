using VoxMake.Config.Reading;
using VoxMake.Yaml;

namespace VoxMake.Config;

/// <summary>A configuration that was read and found to be in order.</summary>
/// <param name="Config">What it says.</param>
/// <param name="File">The file that was asked for, an absolute path.</param>
/// <param name="Name">The voice's name: the file's name without its ending.</param>
/// <param name="Folder">The folder of <paramref name="File"/>.</param>
/// <param name="Files">All files that were read, the one asked for first, then what it extends; absolute paths.</param>
/// <param name="Notes">What the user should know and need not act on.</param>
public sealed record LoadedConfig(VoxConfig Config, string File, string Name, string Folder, IReadOnlyList<string> Files, IReadOnlyList<ConfigNote> Notes)
{
    internal IReadOnlyDictionary<string, Place> Places { get; init; } = new Dictionary<string, Place>();

    /// <summary>Where a field such as <c>audio.sample_rate</c> or a section was set; null where it has its default.</summary>
    public Position? PositionOf(string field) => Places.TryGetValue(field, out var place) ? new(place.Text.Name, place.ShownLine, place.ShownColumn) : null;
}

/// <summary>A place in a file of the configuration; line and column from 1, both 0 for an override of the command line (then the file is the option itself).</summary>
public sealed record Position(string File, int Line, int Column)
{
    /// <summary><c>file:line</c>, or the option.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}" : File;
}

/// <summary>Something to tell the user, such as an older spelling that was understood.</summary>
public sealed record ConfigNote(string File, int Line, string Field, string Message)
{
    /// <summary><c>file:line: field: message</c>.</summary>
    public override string ToString() => $"{File}{(Line > 0 ? $":{Line}" : "")}: {Field}: {Message}";
}
