using VoxMake.Protocol;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Corpus;

/// <summary>A clip that goes into a dataset.</summary>
/// <param name="Id">Relative, NFC, without ending.</param>
/// <param name="Recording">The id of the recording that it was cut from; its own where it was not cut.</param>
/// <param name="Audio">The digest of the prepared WAV file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Columns">All that is known of it.</param>
public sealed record DatasetClip(string Id, string Recording, Digest Audio, long Size, Columns Columns)
{
    /// <summary>A column as words; null for n/a.</summary>
    public string? Words(string column) => Columns[column] is { Kind: not ValueKind.Null } value ? value.ToString() : null;

    /// <summary>A whole number that every clip must have.</summary>
    /// <exception cref="CorpusException">It is n/a, or not a whole number from 1.</exception>
    public long Count(string column) => Columns[column].AsInteger is >= 1 and { } number
        ? number
        : throw new CorpusException($"the clip '{Id}' has {column} '{Columns[column]}', expected a whole number from 1") { Try = "a dataset is made of prepared clips: run Preprocess before it" };

    /// <summary>What stays together with this clip.</summary>
    public string Group(SplitBy by) => by switch
    {
        SplitBy.Speaker => Words("speaker_id") ?? "",
        SplitBy.Text => Words("text") is { } text ? Nfc.Of(text.Trim()) : Recording,
        _ => Recording,
    };
}
