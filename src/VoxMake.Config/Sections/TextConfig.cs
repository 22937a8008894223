namespace VoxMake.Config;

[Doc("how texts are made speakable: numbers, dates, abbreviations and the like in words; without this section they stay as they are, `text: {}` takes the rules of language.code (German, English, Kurmanji and Turkish have some)")]
public sealed record TextConfig
{
    [Doc("a YAML file with the rules of your language; null: the rules that ship"), ConfigPath]
    public string? Rules { get; init; }

    [Doc("addresses of pages and people: read out, shortened to the host, left out (omit) or kept as written"), OneOf("read", "host", "omit", "keep")]
    public string Links { get; init; } = "read";
}
