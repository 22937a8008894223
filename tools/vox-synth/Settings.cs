using System.Text.Json.Serialization;
using VoxMake.Tooling;

namespace VoxMake.SynthTool;

// Positional records with defaults: System.Text.Json's source generator forgets the initialisers of init-only properties.

/// <summary>Settings of <c>vox-synth vits</c>; <see cref="SpeakingHelp.Describe"/> says what they mean.</summary>
public sealed record VitsSettings(
    double? NoiseScale = null,
    double? NoiseScaleDuration = null,
    double? SpeakingRate = null,
    long Seed = 42,
    string? Speaker = null,
    int SplitAbove = VitsSettings.DefaultSplit,
    double PauseS = 0.25,
    string? Language = null,
    string Links = "read")
{
    /// <summary>Characters above which a text is spoken in parts.</summary>
    public const int DefaultSplit = 400;

    /// <summary>Refuses values that are out of range.</summary>
    /// <exception cref="ToolException">Names the setting and its range.</exception>
    public void Check()
    {
        SettingRange.Within("noise_scale", NoiseScale, 0, 10);
        SettingRange.Within("noise_scale_duration", NoiseScaleDuration, 0, 10);
        SettingRange.Within("speaking_rate", SpeakingRate, 0.1, 10);
        SettingRange.Within("split_above", SplitAbove, 20, 10_000);
        SettingRange.Within("pause_s", PauseS, 0, 10);
    }
}

/// <summary>Settings of <c>vox-synth say</c>: those of <c>vits</c>, a text, its language, and the name of the file.</summary>
public sealed record SaySettings(
    string? Text = null,
    string File = "speech.wav",
    double? NoiseScale = null,
    double? NoiseScaleDuration = null,
    double? SpeakingRate = null,
    long Seed = 42,
    string? Speaker = null,
    int? SplitAbove = null,
    double PauseS = 0.25,
    string? Language = null,
    string Links = "read")
{
    /// <summary>For a VITS model.</summary>
    public VitsSettings Vits() => new(NoiseScale, NoiseScaleDuration, SpeakingRate, Seed, Speaker, SplitAbove ?? VitsSettings.DefaultSplit, PauseS, Language, Links);

    /// <summary>For an Orpheus model, which has none of VITS' scales.</summary>
    /// <exception cref="ToolException">One of them is given.</exception>
    public OrpheusSettings Orpheus()
    {
        foreach (var (field, value) in new[] { ("noise_scale", NoiseScale), ("noise_scale_duration", NoiseScaleDuration), ("speaking_rate", SpeakingRate) })
            if (value is not null) throw VitsOnly(field);
        if (Links != "read") throw VitsOnly("links");
        var orpheus = new OrpheusSettings(Seed: Seed, Speaker: Speaker, Language: Language, PauseS: PauseS);
        return SplitAbove is { } above ? orpheus with { SplitAbove = above } : orpheus;

        static ToolException VitsOnly(string field) =>
            new("is a setting of VITS models; this is an Orpheus model") { Field = field, Try = "leave it out; vox-synth orpheus --help lists what such a model takes" };
    }
}

/// <summary>Validate has no settings: how to speak stands in the files that it compares.</summary>
public sealed record ValidateSettings;

/// <summary>What the settings mean, for <c>--help</c>.</summary>
internal static class SpeakingHelp
{
    public static string? Describe(string setting) => setting switch
    {
        "noise_scale" => "how much latents vary, 0 to 10; 0 is the likeliest sound; default: the model's own",
        "noise_scale_duration" => "how much durations vary, 0 to 10; default: the model's own",
        "speaking_rate" => "1 for the speed of the recordings, 2 for twice that, 0.1 to 10; default: the model's own",
        "seed" => "any whole number; with the text it decides the noise; default 42",
        "speaker" => "whose voice, where the text has no speaker: a name of speakers.json or an index; default: the first",
        "split_above" => "texts of more characters are spoken sentence by sentence, 20 to 10000; default 400 (Orpheus: 250)",
        "pause_s" => "silence between the parts of such a text, seconds, 0 to 10; default 0.25",
        "language" => "of the text, such as de or en: how numbers, dates and abbreviations are read; without it a VITS voice speaks what is written",
        "links" => "for a VITS voice with --language or --rules: addresses are read out (read, the default), shortened to the host (host), left out (omit) or kept to the letter (keep)",
        "text" => "what to say",
        "file" => "name of the wav in OUTPUT; default speech.wav",
        _ => null,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(VitsSettings))]
[JsonSerializable(typeof(SaySettings))]
[JsonSerializable(typeof(OrpheusSettings))]
[JsonSerializable(typeof(ValidateSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
