using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>What a person can say of a clip.</summary>
public enum EditField
{
    /// <summary>Take it, whatever Quality says.</summary>
    Keep,

    /// <summary>Leave it out.</summary>
    Drop,

    /// <summary>Neither any more: Quality decides again.</summary>
    Undecided,

    /// <summary>What is spoken is <c>new</c>, not <c>old</c>.</summary>
    Text,

    /// <summary>Who speaks is <c>new</c>, not <c>old</c>.</summary>
    Speaker,
}

/// <summary>One correction by a person (docs/edits.md).</summary>
/// <param name="Id">The clip.</param>
/// <param name="Audio">The digest of the untouched audio that it was said of: it is not applied to any other.</param>
/// <param name="Field">What is corrected.</param>
/// <param name="Old">The text or speaker that the person saw; empty for keep, drop and undecided, and where there was none.</param>
/// <param name="New">What it should be; empty for keep, drop and undecided.</param>
public sealed record Edit(string Id, Digest Audio, EditField Field, string Old = "", string New = "");

/// <summary>An edit, or a row that is none, where it stands.</summary>
/// <param name="File">What people call the edits file.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Edit">Null where the row has a fault.</param>
/// <param name="Fault">Why the row is no edit: <c>bad_row</c>, <c>bad_utf8</c>, <c>bad_quotes</c>, <c>line_too_long</c>, <c>control_character</c>.</param>
public sealed record EditRow(string File, int Line, Edit? Edit, Fault? Fault)
{
    /// <summary><c>edits/anna.csv:17</c>.</summary>
    public string At => $"{File}:{Line}";
}
