using VoxMake.Config.Reading;

namespace VoxMake.Config;

[Doc("when each word of a text is spoken, and how sure it is that the text is what is said; with it and a segment section, recordings that have a text are cut together with it; `alignment: {}` takes all defaults")]
public sealed record AlignmentConfig : IChecked
{
    [Doc("what finds the words: espeak compares the text as espeak-ng speaks it with the sound, whisper is what a Whisper model attends to"), OneOf("espeak", "whisper")]
    public string Method { get; init; } = "espeak";

    [Doc("folder of a Whisper model from Hugging Face, for method whisper"), ConfigPath]
    public string? Model { get; init; }

    [Doc("voice of espeak-ng that the text is compared with, such as de or en-us; null: by language.code")]
    public string? Voice { get; init; }

    void IChecked.Check(Checks checks)
    {
        if (Method == "whisper" && Model is null) checks.Fail("the method whisper needs the folder of a model: model: models/whisper-small", "alignment.method", "alignment.model");
        if (Method != "whisper" && Model is not null) checks.Fail($"is for method: whisper, but the method is {Method}", "alignment.model");
    }
}
