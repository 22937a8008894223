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

    [Doc("what is trained: lora, an adapter beside the frozen model; or full, all weights"), OneOf("lora", "full")]
    public string Method { get; init; } = "lora";

    [Doc("width of the adapter"), Range(1, 4096)]
    public int LoraRank { get; init; } = 64;

    [Doc("the adapter counts lora_alpha / lora_rank times"), Range(0.001, 100_000)]
    public double LoraAlpha { get; init; } = 64;

    [Doc("share of what goes into the adapter that is left out at random while training"), Range(0, 0.99)]
    public double LoraDropout { get; init; }

    [Doc("layers that have an adapter"), OneOf("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")]
    public Names LoraTargetModules { get; init; } = new("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    [Doc("whether the adapter counts lora_alpha / the root of lora_rank times, which suits large ranks")]
    public bool UseRslora { get; init; }

    [Doc("how the learning rate goes on after the warm-up; at a constant rate more epochs go on from the last checkpoint, else they are another training"), OneOf("linear", "cosine", "constant")]
    public string LrScheduler { get; init; } = "linear";

    [Doc("how much weights shrink in a step, times the learning rate"), Range(0, 10)]
    public double WeightDecay { get; init; } = 0.01;

    [Doc("what is computed again for gradients instead of kept: less memory, more work; auto: as much as has to be, chosen once and kept"), OneOf("auto", "none", "selective", "full")]
    public string GradientCheckpointing { get; init; } = "auto";

    [Doc("whether only sound is learnt and texts are not; the published voices learnt both")]
    public bool MaskPrompt { get; init; }

    [Doc("how many processes of this machine train together, a GPU for each; the same examples and, but for rounding, the same losses as with one"), Range(1, 64), NotInKey]
    public int Devices { get; init; } = 1;

    [Doc("type of the exported weights"), OneOf("bf16", "fp16", "fp32")]
    public string ExportDtype { get; init; } = "bf16";

    [Doc("longest prompt and speech together that the exported voice is served with", Unit = "tokens"), Range(256, 131_072)]
    public int MaxModelLen { get; init; } = 4096;

    [Doc("how freely tokens are drawn: in the export's defaults and in Synthesize"), Range(0, 2)]
    public double Temperature { get; init; } = 0.6;

    [Doc("share of the probability that tokens are drawn from"), Range(0.01, 1)]
    public double TopP { get; init; } = 0.8;

    [Doc("how much tokens that were written already are held back; without it Orpheus repeats itself"), Range(0.5, 3)]
    public double RepetitionPenalty { get; init; } = 1.3;
}
