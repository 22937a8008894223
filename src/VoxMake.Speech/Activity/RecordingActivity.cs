using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Activity;

/// <summary>Where somebody speaks in a recording, and the recording's own rate and length.</summary>
/// <param name="Frames">Samples of one channel at <paramref name="SampleRate"/>.</param>
public sealed record RecordingActivity(SpeechSpans Spans, int SampleRate, long Frames)
{
    /// <summary>The first sample of the first speech, at the recording's own rate; 0 where nobody speaks.</summary>
    public long FirstSpeech => Spans.Speech.Count == 0 ? 0 : Spans.OwnStart(Spans.Speech[0].Start, SampleRate);

    /// <summary>The sample after the last speech, at the recording's own rate; 0 where nobody speaks.</summary>
    public long LastSpeech => Spans.Speech.Count == 0 ? 0 : Math.Min(Frames, Spans.OwnEnd(Spans.Speech[^1].End, SampleRate));
}
