namespace VoxMake.Audio;

/// <summary>
/// Where to cut a long recording. A heuristic, with no paper behind it: frames of 40 ms every 10 ms whose level lies some decibels below the loudest frame are
/// silent; a cut is made in the middle of a long enough silence, as late as the longest piece allows; where there is none, at the quietest frame (the later
/// one of equals). It hears energy, not words: music and steady noise hide pauses from it.
/// </summary>
/// <param name="MinSeconds">Shortest piece.</param>
/// <param name="MaxSeconds">Longest piece, at least twice the shortest (else there are lengths that cannot be cut).</param>
/// <param name="SilenceDb">How far below the loudest frame silence lies.</param>
/// <param name="MinSilenceSeconds">Shortest silence to cut in.</param>
public sealed record SilenceCutter(double MinSeconds, double MaxSeconds, double SilenceDb, double MinSilenceSeconds)
{
    /// <summary>Frames for a recording at that rate, to be filled with it.</summary>
    public static FrameEnergies NewFrames(int sampleRate) => new(sampleRate / 100, 4);

    /// <summary>
    /// Samples at which pieces begin, 0 first, and then the recording's length. Pieces neither overlap nor leave anything out, and each lasts from
    /// <see cref="MinSeconds"/> to <see cref="MaxSeconds"/>; a recording that is shorter stays whole.
    /// </summary>
    public List<long> Cuts(FrameEnergies frames, int sampleRate)
    {
        var max = (long)(MaxSeconds * sampleRate);
        var min = Math.Min((long)Math.Ceiling(MinSeconds * sampleRate), max / 2); // rounding must not make the shortest more than half the longest
        var cuts = new List<long> { 0 };
        var silences = frames.Length > max ? SilenceMiddles(frames, sampleRate) : [];
        var next = 0; // silences before it lie before the last cut
        while (frames.Length - cuts[^1] > max)
        {
            // what follows must last at least min as well: so no piece at the end is too short
            var (from, to) = (cuts[^1] + min, Math.Min(cuts[^1] + max, frames.Length - min));
            long? best = null;
            for (; next < silences.Count && silences[next] <= to; next++)
                if (silences[next] >= from) best = silences[next];
            cuts.Add(best ?? Quietest(frames, from, to));
        }
        cuts.Add(frames.Length);
        return cuts;
    }

    private List<long> SilenceMiddles(FrameEnergies frames, int sampleRate)
    {
        var middles = new List<long>();
        var threshold = frames.Threshold(SilenceDb);
        var first = -1;
        for (var frame = 0; frame <= frames.Count; frame++)
        {
            var silent = frame < frames.Count && frames.IsSilent(frame, threshold);
            if (silent && first < 0) first = frame;
            if (silent || first < 0) continue;
            if ((double)(frame - first) * frames.Hop >= MinSilenceSeconds * sampleRate) middles.Add((long)(first + frame - 1) * frames.Hop / 2);
            first = -1;
        }
        return middles;
    }

    private static long Quietest(FrameEnergies frames, long from, long to)
    {
        var best = (Power: double.PositiveInfinity, At: to); // no frame centre between the two: the end of the window
        for (var frame = (int)((from + frames.Hop - 1) / frames.Hop); (long)frame * frames.Hop <= to; frame++)
            if (frames.MeanSquare(frame) is var power && power <= best.Power) best = (power, (long)frame * frames.Hop);
        return best.At;
    }
}
