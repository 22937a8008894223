namespace VoxMake.Report.Sound;

/// <summary>The beginning of a clip, as it is heard in the page: mono, 16 bit.</summary>
/// <param name="Rate">Samples a second.</param>
/// <param name="Cut">There is more of it.</param>
internal sealed record Sound(short[] Samples, int Rate, bool Cut)
{
    /// <summary>
    /// The waveform: the greatest magnitude in each of <paramref name="count"/> equal stretches, 0 to 1 (full scale), so that quiet clips look quiet.
    /// </summary>
    public float[] Peaks(int count)
    {
        var peaks = new float[Math.Min(count, Samples.Length)];
        for (var i = 0; i < peaks.Length; i++)
        {
            int from = (int)((long)i * Samples.Length / peaks.Length), to = (int)((long)(i + 1) * Samples.Length / peaks.Length), peak = 0;
            for (var j = from; j < to; j++) peak = Math.Max(peak, Math.Abs((int)Samples[j]));
            peaks[i] = peak / 32768f;
        }
        return peaks;
    }
}

/// <summary>Why a clip cannot be heard in the page: a sentence for people, without paths.</summary>
internal sealed class SilentClipException(string why) : Exception(why);
