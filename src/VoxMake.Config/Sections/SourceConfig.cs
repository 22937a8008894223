using VoxMake.Config.Reading;

namespace VoxMake.Config;

[Doc("where the recordings and their texts are")]
public sealed record SourceConfig : IChecked
{
    /// <summary>The <see cref="Format"/> of texts that lie beside their recordings.</summary>
    public const string TextFiles = "text-files";

    [Doc("how the recordings are reached"), OneOf("folder")]
    public string Kind { get; init; } = "folder";

    [Doc("the folder of the recordings, with its subfolders"), ConfigPath]
    public required string Path { get; init; }

    [Doc("the file that says what is spoken in which recording; null: there is none"), ConfigPath]
    public string? Transcripts { get; init; }

    [Doc("how the transcripts are written: ljspeech is id|text|normalised text, file-text is file|text, path-text-speaker is path|text|speaker, audiofolder is a CSV with the header file_name,text,…; needed with transcripts. Without transcripts: text-files, a .txt beside each recording"),
     OneOf("ljspeech", "file-text", "path-text-speaker", "audiofolder", "text-files")]
    public string? Format { get; init; }

    [Doc("the licence of the recordings, an SPDX name such as CC0-1.0, or words such as public-domain or own-voice; it travels with each clip and with the voice")]
    public required string Licence { get; init; }

    /// <summary>What a speaker is called whom nobody named.</summary>
    public const string Unnamed = "speaker";

    [Doc("the speaker's name, for clips whose transcript names none; with speaker_diarization clips of the default name have nobody's")]
    public string Speaker { get; init; } = Unnamed;

    void IChecked.Check(Checks checks)
    {
        if (Transcripts is not null && Format == TextFiles)
            checks.Fail("text-files are texts beside the recordings, each in a file of its own; leave source.transcripts out, or say how that file is written", "source.transcripts", "source.format");
        if (Transcripts is not null && Format is null)
            checks.Fail("source.format must say how the transcripts are written: ljspeech, file-text, path-text-speaker or audiofolder", "source.transcripts", "source.format");
        if (Transcripts is null && Format is not (null or TextFiles))
            checks.Fail("there are no transcripts that could be written so; name the file in source.transcripts, or leave source.format out", "source.format", "source.transcripts");
    }
}
