using VoxMake.Models.Generation;
using VoxMake.Models.Orpheus;

namespace VoxMake.Speaking;

/// <summary>A text to be spoken, and how. What is not said has the default of its rules.</summary>
/// <param name="Voice">The name that the model was trained with, in front of the text (<c>tara: …</c>); null: the first of the model's own list, or none where it has no list.</param>
/// <param name="Language">Of the text, such as <c>de</c> or <c>en-GB</c>: how numbers are read, and where sentences end.</param>
/// <param name="Sampling">Null: <see cref="OrpheusSampling.Reference"/>. Its seed and stream are not used: <paramref name="Seed"/> and the text decide them.</param>
/// <param name="Seed">With the words of a piece it decides the draws: the same piece is the same sound wherever it stands.</param>
public sealed record SpeakRequest(
    string Text,
    string? Voice = null,
    string? Language = null,
    SamplingOptions? Sampling = null,
    long Seed = 42,
    TextRules? Texts = null,
    LengthRules? Length = null,
    LoopRules? Loops = null,
    TokenRules? Tokens = null,
    SoundRules? Sound = null)
{
    public SamplingOptions Sampling { get; init; } = Sampling ?? OrpheusSampling.Reference;
    public TextRules Texts { get; init; } = Texts ?? new TextRules();
    public LengthRules Length { get; init; } = Length ?? new LengthRules();
    public LoopRules Loops { get; init; } = Loops ?? new LoopRules();
    public TokenRules Tokens { get; init; } = Tokens ?? new TokenRules();
    public SoundRules Sound { get; init; } = Sound ?? new SoundRules();
}

/// <summary>How Orpheus' authors draw tokens.</summary>
public static class OrpheusSampling
{
    /// <summary>
    /// The defaults of the package orpheus_tts (canopyai/Orpheus-TTS at 835ac7c, <c>engine_class.py</c>, <c>generate_tokens_sync</c>): temperature 0.6, top_p 0.8, repetition penalty 1.3. Its limit of
    /// 1200 tokens, 14 seconds, is not taken over, nor its stop id 49158, which is an id of text.
    /// </summary>
    public static SamplingOptions Reference { get; } = new(Temperature: 0.6, TopP: 0.8, RepetitionPenalty: 1.3);

    /// <summary>The least repetition penalty that the authors call stable (their README).</summary>
    public const double LeastPenalty = 1.1;
}

/// <summary>What to do about a tag in a text that the voice does not know: it would read it out.</summary>
public enum OnUnknownTag
{
    /// <summary>The text is refused; the message names the tag and those that are known.</summary>
    Refuse,

    /// <summary>It stays, for a voice that was trained on it all the same.</summary>
    Speak,

    /// <summary>It is left out.</summary>
    Drop,
}

/// <summary>What becomes of a text before it is tokens.</summary>
/// <param name="Clean">Whether numbers, signs and abbreviations become words; German and English have rules, for other languages only white space is put in order.</param>
/// <param name="Tags">Tags that the voice acts out, with their brackets; null: those of the published voices.</param>
/// <param name="SplitAbove">Longer texts, in characters, are spoken in pieces, at least 20. Orpheus was trained on clips: beyond half a minute it loses words or its voice.</param>
public sealed record TextRules(bool Clean = true, OnUnknownTag UnknownTags = OnUnknownTag.Refuse, IReadOnlyList<string>? Tags = null, int SplitAbove = 250);

/// <summary>
/// How long speech may become, so that a voice that does not find its end is stopped: <c>SpareFrames + Margin · FramesPerCharacter · characters</c> frames of 85 ms. The numbers are judgement: one
/// frame a character is 12 characters a second, which is slow German; twice that is not reached by a sentence that is well.
/// </summary>
/// <param name="SpareFrames">For pauses, and for each emotion tag again: a laugh takes seconds and has no characters.</param>
/// <param name="MaxFrames">For each piece, whatever its text; null for no other bound.</param>
public sealed record LengthRules(double FramesPerCharacter = 1, double Margin = 2, int SpareFrames = 24, int? MaxFrames = null);

/// <summary>What to do about speech that repeats itself or holds a sound.</summary>
/// <param name="Guard">Whether loops are sought.</param>
/// <param name="Limits">From when on repetition is a loop; null: <see cref="FrameLoopLimits"/>' own.</param>
/// <param name="Retries">How often a piece is drawn anew from before a loop; then it ends there, with a warning.</param>
/// <param name="SilentFrames">Frames that repeat and are silent are a pause, and a loop only from so many on: 36 are three seconds.</param>
/// <param name="HeardFrames">Of a held sound (only the coarsest code stays) so many frames are given out before the rest waits until it is clear whether it ends.</param>
/// <param name="HeldBack">The newest frames always wait. 0 for streaming: then only frames that repeat wait, and of a loop no more than its pattern's first time is heard. Where all is wanted at once,
/// as many as a loop can have (72) are better: it is cut out from its beginning.</param>
public sealed record LoopRules(bool Guard = true, FrameLoopLimits? Limits = null, int Retries = 3, int SilentFrames = 36, int HeardFrames = 6, int HeldBack = 0)
{
    public FrameLoopLimits Limits { get; init; } = Limits ?? new FrameLoopLimits();

    /// <summary>For speech that nobody hears before it is whole.</summary>
    public static LoopRules Whole { get; } = new(HeldBack: int.MaxValue);
}

/// <summary>What to do about tokens that are not of the slot whose turn it is.</summary>
/// <param name="Masked">Whether only tokens that may come are drawn; needs a driver that heeds <see cref="Models.Llama.LlamaTask.Allowed"/>.</param>
/// <param name="OnMisplaced">Where one comes all the same, as from an engine that cannot mask.</param>
public sealed record TokenRules(bool Masked = true, OnMisplaced OnMisplaced = OnMisplaced.DropFrame);

/// <summary>How pieces sound at their ends and together.</summary>
/// <param name="LeadInS">Silence before the first sound, seconds: what is there beyond it is cut, what is missing is added.</param>
/// <param name="LeadOutS">The same after the last sound.</param>
/// <param name="FadeS">The first and last so many seconds of each piece rise and fall, so that no end clicks; 0 for none.</param>
/// <param name="SilenceDb">10 ms below this level, decibels of full scale, are silent. Orpheus begins with half a second of noise at −50 (canopyai/Orpheus-TTS#299). −200: nothing is.</param>
/// <param name="PauseS">Silence between pieces, seconds.</param>
/// <param name="CrossFadeS">If above 0, the silence between pieces has this length instead, and the noise of one goes over into that of the next.</param>
/// <param name="LevelS">So many seconds of sound of a later piece are heard before it is given out, to bring it to the loudness of the first; 0: as they come.</param>
/// <param name="MostGainDb">Most that a piece is made louder or softer by.</param>
/// <param name="Noise">Whether the codec adds noise, as the reference does.</param>
/// <param name="Context">Frames decoded together; null: <see cref="SnacContext.Smooth"/>.</param>
public sealed record SoundRules(
    double LeadInS = 0.05,
    double LeadOutS = 0.2,
    double FadeS = 0.008,
    double SilenceDb = -45,
    double PauseS = 0.25,
    double CrossFadeS = 0,
    double LevelS = 1,
    double MostGainDb = 6,
    bool Noise = true,
    SnacContext? Context = null);
