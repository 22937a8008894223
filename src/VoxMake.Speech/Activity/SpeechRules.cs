using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Activity;

/// <summary>
/// How probabilities become stretches of speech: the settings of <c>silero_vad.get_speech_timestamps</c> (silero-vad 6.2.3) under its names and with its defaults, and what it does with them.
/// </summary>
/// <param name="Threshold">A window at or above it begins speech. 0 to 1.</param>
/// <param name="NegThreshold">A window below it may end speech; null: <paramref name="Threshold"/> less 0.15, at least 0.01.</param>
/// <param name="MinSpeechDurationMs">What is not longer is left out (but for what <paramref name="MaxSpeechDurationS"/> cut).</param>
/// <param name="MaxSpeechDurationS">Longer speech is cut at a pause in it, or else hard; null: never.</param>
/// <param name="MinSilenceDurationMs">Speech ends where so long a silence follows.</param>
/// <param name="SpeechPadMs">Speech is made longer by it on both sides; where two stretches would overlap each gets half of what lies between.</param>
/// <param name="MinSilenceAtMaxSpeech">In milliseconds: shorter pauses are not used to cut what is too long.</param>
/// <param name="UseMaxPossSilAtMaxSpeech">Whether what is too long is cut at its longest pause, not at its last.</param>
public sealed record SpeechRules(
    double Threshold = 0.5, double? NegThreshold = null, double MinSpeechDurationMs = 250, double? MaxSpeechDurationS = null,
    double MinSilenceDurationMs = 100, double SpeechPadMs = 30, double MinSilenceAtMaxSpeech = 98, bool UseMaxPossSilAtMaxSpeech = true)
{
    /// <summary>The stretches of speech, in samples at 16 kHz.</summary>
    /// <param name="probabilities">One for each <see cref="Silero.Window"/> samples.</param>
    /// <param name="samples">Length of the recording.</param>
    public List<SpeechSpan> Speech(IReadOnlyList<float> probabilities, int samples) => Speech(probabilities.Select(probability => (double)probability), samples);

    /// <summary>The same of probabilities that were never rounded to single precision.</summary>
    internal List<SpeechSpan> Speech(IEnumerable<double> probabilities, int samples)
    {
        var found = new SpeechFinder(this).Find(probabilities, samples);
        Pad(found, samples);
        return found;
    }

    /// <summary>From where speech may end.</summary>
    internal double ExitThreshold => NegThreshold ?? Math.Max(Threshold - 0.15, 0.01);

    internal double MinSpeech => Samples(MinSpeechDurationMs);
    internal double MinSilence => Samples(MinSilenceDurationMs);
    internal double MinCuttingSilence => Samples(MinSilenceAtMaxSpeech);
    internal double MaxSpeech => (MaxSpeechDurationS ?? double.PositiveInfinity) * Sound16k.Rate - Silero.Window - 2 * Samples(SpeechPadMs);

    private static double Samples(double milliseconds) => Sound16k.Rate * milliseconds / 1000;

    private void Pad(List<SpeechSpan> speech, int samples)
    {
        var pad = Samples(SpeechPadMs);
        for (var i = 0; i < speech.Count; i++)
        {
            var (start, end) = (speech[i].Start, speech[i].End);
            if (i == 0) start = (int)Math.Max(0, start - pad);
            if (i == speech.Count - 1) end = (int)Math.Min(samples, end + pad);
            else
            {
                var next = speech[i + 1];
                var silence = next.Start - end;
                if (silence < 2 * pad)
                {
                    end += FloorHalf(silence);
                    next = next with { Start = Math.Max(0, next.Start - FloorHalf(silence)) };
                }
                else
                {
                    end = (int)Math.Min(samples, end + pad);
                    next = next with { Start = (int)Math.Max(0, next.Start - pad) };
                }
                speech[i + 1] = next;
            }
            speech[i] = new SpeechSpan(start, end);
        }
    }

    private static int FloorHalf(int silence) => silence >> 1;
}
