namespace VoxMake.Config;

[Doc("when each word of a text is spoken, and how sure it is that the text is what is said; with it and a segment section, recordings that have a text are cut together with it; `alignment: {}` takes all defaults")]
public sealed record AlignmentConfig
{
    [Doc("voice of espeak-ng that the text is compared with, such as de or en-us; null: by language.code")]
    public string? Voice { get; init; }
}
