namespace VoxMake.Config;

[Doc("where somebody speaks, heard by Silero's network; with this section Segment cuts at pauses that were heard, and Transcribe, Align and Diarize leave out what is no speech; `voice_activity: {}` takes all defaults")]
public sealed record VoiceActivityConfig
{
    [Doc("how likely a thirtieth of a second has to be speech to count as such"), Range(0.01, 0.99)]
    public double Threshold { get; init; } = 0.5;

    [Doc("shorter speech is taken for a noise", Unit = "ms"), Range(0, 10_000)]
    public int MinSpeechDurationMs { get; init; } = 250;

    [Doc("a shorter pause does not end a stretch of speech", Unit = "ms"), Range(0, 10_000)]
    public int MinSilenceDurationMs { get; init; } = 100;

    [Doc("how much each stretch of speech is widened on both sides", Unit = "ms"), Range(0, 1000)]
    public int SpeechPadMs { get; init; } = 30;
}
