namespace VoxMake.Config;

[Doc("what the family orpheus needs besides: a language model that writes the codes of a neural codec")]
public sealed record OrpheusConfig
{
    /// <summary>Hz: the rate of snac_24khz, which all published models of the family write the codes of.</summary>
    public const int SampleRate = 24_000;

    [Doc("the folder of the codec (hubertsiuzdak/snac_24khz): config.json, and pytorch_model.bin or model.safetensors"), ConfigPath]
    public required string Codec { get; init; }

    [Doc("the voice's name, which its texts begin with where a clip has no speaker; null: the name of this file")]
    public string? Voice { get; init; }

    [Doc("longer examples of text and sound are left out; 2048 hold some 24 seconds", Unit = "tokens"), Range(256, 131_072)]
    public int MaxTokens { get; init; } = 2048;

    [Doc("whether frames go that begin like the one before, as in the published voices' training: shorter examples, but pauses and held sounds are shortened")]
    public bool RemoveDuplicateFrames { get; init; }
}
