using System.Text.RegularExpressions;
using VoxMake.Models.Generation;
using VoxMake.Models.Orpheus;
using VoxMake.Speaking;
using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.SynthTool;

/// <summary>Settings of <c>vox-synth orpheus</c>; <see cref="OrpheusHelp.Describe"/> says what they mean, docs/targets/synthesize.md what they are for.</summary>
public sealed partial record OrpheusSettings(
    double Temperature = 0.6,
    double TopP = 0.8,
    int TopK = 0,
    double MinP = 0,
    double RepetitionPenalty = 1.3,
    long Seed = 42,
    string? Speaker = null,
    string? Language = null,
    bool CleanText = true,
    string UnknownTags = "refuse",
    string? Tags = null,
    int SplitAbove = 250,
    double FramesPerCharacter = 1,
    double LengthMargin = 2,
    int SpareFrames = 24,
    int? MaxFrames = null,
    bool LoopGuard = true,
    int LoopRetries = 3,
    bool Mask = true,
    string Misplaced = "drop_frame",
    double LeadInS = 0.05,
    double LeadOutS = 0.2,
    double FadeS = 0.008,
    double SilenceDb = -45,
    double PauseS = 0.25,
    double CrossFadeS = 0,
    double LevelS = 3600,
    double MostGainDb = 6,
    bool CodecNoise = true,
    string Dtype = "auto")
{
    private static readonly (string, OnUnknownTag)[] TagNames = [("refuse", OnUnknownTag.Refuse), ("speak", OnUnknownTag.Speak), ("drop", OnUnknownTag.Drop)];
    private static readonly (string, OnMisplaced)[] MisplacedNames = [("refuse", OnMisplaced.Refuse), ("keep_before", OnMisplaced.KeepBefore), ("drop_frame", OnMisplaced.DropFrame)];
    private static readonly (string, ScalarType?)[] TypeNames = [("auto", null), ("float32", ScalarType.Float), ("bfloat16", ScalarType.BFloat16), ("float16", ScalarType.Half)];

    /// <summary>What the network's numbers are to be; null: as in the files.</summary>
    /// <exception cref="ToolException">There is no such type.</exception>
    internal ScalarType? Type => Named("dtype", Dtype, TypeNames);

    /// <summary>A request. All of a text is wanted at once here, so that a loop is cut out from its beginning.</summary>
    /// <exception cref="ToolException">A word is none of those that are expected.</exception>
    internal SpeakRequest Request(string text, string? speaker) => new(
        text, speaker, Language, new SamplingOptions(Temperature, TopK, TopP, MinP, RepetitionPenalty), Seed,
        new TextRules(CleanText, Named("unknown_tags", UnknownTags, TagNames), KnownTags, SplitAbove),
        new LengthRules(FramesPerCharacter, LengthMargin, SpareFrames, MaxFrames),
        LoopRules.Whole with { Guard = LoopGuard, Retries = LoopRetries },
        new TokenRules(Mask, Named("misplaced", Misplaced, MisplacedNames)),
        new SoundRules(LeadInS, LeadOutS, FadeS, SilenceDb, PauseS, CrossFadeS, LevelS, MostGainDb, CodecNoise));

    /// <summary>Null: those of the published voices.</summary>
    internal IReadOnlyList<string>? KnownTags => Tags is null ? null : [.. Bracketed().Matches(Tags).Select(tag => tag.Value)];

    private static T Named<T>(string field, string word, (string Word, T Value)[] words)
    {
        foreach (var (known, value) in words)
            if (known == word) return value;
        throw new ToolException($"'{word}' is not known, expected {string.Join(", ", words.Select(one => one.Word))}") { Field = field };
    }

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Bracketed();
}

/// <summary>What the settings mean, for <c>--help</c>.</summary>
internal static class OrpheusHelp
{
    public static string? Describe(string setting) => setting switch
    {
        "temperature" => "how freely tokens are drawn, 0 to 100; 0 takes the likeliest; default 0.6, as Orpheus' authors",
        "top_p" => "only the likeliest tokens that together have this share, 0 to 1; default 0.8, as Orpheus' authors",
        "top_k" => "only so many of the likeliest tokens; default 0, all",
        "min_p" => "only tokens at least this share as likely as the likeliest, 0 to 1; default 0",
        "repetition_penalty" => "makes tokens that were drawn before less likely; below 1.1 voices fall into loops; default 1.3, as Orpheus' authors",
        "seed" => "any whole number; with the text it decides the draws; default 42",
        "speaker" => "the voice's name in front of texts that have no speaker; default: the model's first, or none",
        "language" => "of the texts, such as de or en: how numbers are read and where sentences end",
        "clean_text" => "whether numbers, signs and abbreviations become words (German, English); default true",
        "unknown_tags" => "what to do about tags that the voice does not know: refuse, speak or drop; default refuse",
        "tags" => "tags that the voice knows, such as \"<laugh> <sigh>\"; default: those of the published voices",
        "split_above" => "texts of more characters are spoken in pieces, 20 to 10000; default 250",
        "frames_per_character" => "frames of 85 ms that a character takes, for the bound on length; default 1",
        "length_margin" => "how many times that speech may be long, 1 to 100; default 2",
        "spare_frames" => "frames that are added to the bound, for each emotion tag again; default 24",
        "max_frames" => "most frames of a piece, whatever its text; default: none",
        "loop_guard" => "whether speech that repeats itself is cut out and drawn anew; default true",
        "loop_retries" => "how often a piece is drawn anew, 0 to 100; default 3",
        "mask" => "whether only tokens of the slot whose turn it is are drawn; default true",
        "misplaced" => "what to do about tokens in wrong slots: drop_frame, keep_before or refuse; default drop_frame",
        "lead_in_s" => "silence before the first sound, seconds; more is cut, missing is added; default 0.05",
        "lead_out_s" => "silence after the last sound, seconds; default 0.2",
        "fade_s" => "rise and fall of each piece, seconds, so that nothing clicks; default 0.008",
        "silence_db" => "level below which 10 ms are silent, decibels of full scale, -200 to 0; default -45",
        "pause_s" => "silence between pieces, seconds; default 0.25",
        "cross_fade_s" => "if above 0, silence of this length between pieces, over which the noise of one goes over into that of the next; default 0",
        "level_s" => "seconds of a piece that decide its gain; default: all of it; 0 leaves pieces as loud as they come",
        "most_gain_db" => "most that a piece is made louder or softer by, decibels; default 6",
        "codec_noise" => "whether the codec adds noise, as the reference does; default true",
        "dtype" => "numbers of the network: auto (as in its files), float32, bfloat16 or float16; default auto",
        _ => null,
    };
}
