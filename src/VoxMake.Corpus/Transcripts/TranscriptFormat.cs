namespace VoxMake.Corpus;

/// <summary>The forms of transcripts that are read and written to the letter (docs/targets/fetch.md).</summary>
public enum TranscriptFormat
{
    /// <summary><c>id|text|normalised text</c>, no header, no quoting: a quote is text.</summary>
    LjSpeech,

    /// <summary><c>file|text</c>, no header, no quoting.</summary>
    FileText,

    /// <summary><c>path|text|speaker</c>, no header, no quoting.</summary>
    PathTextSpeaker,

    /// <summary>Hugging Face's metadata.csv: RFC 4180 with a header, <c>file_name</c> and <c>text</c> or <c>transcription</c>.</summary>
    AudioFolder,
}

/// <summary>Names of formats in settings.</summary>
public static class TranscriptFormats
{
    /// <summary>All names, for messages.</summary>
    public const string Names = "ljspeech, file-text, path-text-speaker or audiofolder";

    /// <summary>The format of a setting.</summary>
    /// <exception cref="CorpusException">There is no such format.</exception>
    public static TranscriptFormat Parse(string name) => name switch
    {
        "ljspeech" => TranscriptFormat.LjSpeech,
        "file-text" => TranscriptFormat.FileText,
        "path-text-speaker" => TranscriptFormat.PathTextSpeaker,
        "audiofolder" => TranscriptFormat.AudioFolder,
        _ => throw new CorpusException($"'{name}' is no transcript format, expected {Names}") { Field = "format" },
    };

    /// <summary>What a line of the format looks like.</summary>
    public static string Shape(this TranscriptFormat format) => format switch
    {
        TranscriptFormat.LjSpeech => "id|text or id|text|normalised text",
        TranscriptFormat.FileText => "file|text",
        TranscriptFormat.PathTextSpeaker => "path|text|speaker",
        _ => "a header with file_name and text, then one record a clip",
    };
}
