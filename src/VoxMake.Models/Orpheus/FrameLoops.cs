namespace VoxMake.Models.Orpheus;

/// <summary>From when on repetition is taken for a fault. The numbers are judgement, not published: no sentence holds a sound for two seconds, or says the same thrice to the last code.</summary>
/// <param name="LongestPeriod">Frames of the longest pattern that is sought; 24 are two seconds.</param>
/// <param name="Repeats">How often a pattern must stand, the first time included.</param>
/// <param name="LeastFrames">How long a loop must be in all, for a short pause may be the same frame a few times; 12 are a second.</param>
/// <param name="HeldFrames">For so long the coarsest code must stay the same; 24 are two seconds.</param>
public sealed record FrameLoopLimits(int LongestPeriod = 24, int Repeats = 3, int LeastFrames = 12, int HeldFrames = 24);

/// <summary>A stretch of speech that repeats itself.</summary>
/// <param name="Start">The first frame of it.</param>
/// <param name="Frames">How long it is.</param>
/// <param name="Period">Frames of the pattern that stands again and again; 0 where only the coarsest code stays, while finer ones change.</param>
public sealed record FrameLoop(int Start, int Frames, int Period);

/// <summary>
/// Finds where generated speech hangs. A model sampled without a repetition penalty (Orpheus' authors name 1.1 at least), or asked for what it was not trained on, falls into a loop: it says the
/// same frames until the limit of ids, or holds a sound. Nothing in the ids is wrong then, so only this tells; the caller stops and tries another seed. A long pause of digital silence, which is
/// one frame many times, is reported too.
/// </summary>
public static class FrameLoops
{
    /// <summary>The loop that begins first, with its shortest period; null where there is none. It goes on as long as the frames repeat.</summary>
    public static FrameLoop? First(AudioFrames frames, FrameLoopLimits? limits = null)
    {
        limits ??= new FrameLoopLimits();
        FrameLoop? found = null;
        for (var period = 1; period <= Math.Min(limits.LongestPeriod, frames.Count); period++)
        {
            var shift = period;
            Take(Run(frames.Count, shift, i => frames[i].SequenceEqual(frames[i - shift]), Math.Max(limits.Repeats * shift, limits.LeastFrames)), shift);
        }
        Take(Run(frames.Count, 1, i => frames[i][0] == frames[i - 1][0], limits.HeldFrames), 0);
        return found;

        void Take((int Start, int Frames)? run, int period)
        {
            if (run is { } some && (found is null || some.Start < found.Start)) found = new FrameLoop(some.Start, some.Frames, period);
        }
    }

    /// <summary>The first stretch of at least so many frames in which each is as the one a period before; the first period of it counts.</summary>
    private static (int Start, int Frames)? Run(int count, int period, Func<int, bool> repeats, int least)
    {
        for (int i = period, start = 0; i <= count; i++)
        {
            if (i < count && repeats(i)) continue;
            if (i - start >= least) return (start, i - start);
            start = i - period + 1;
        }
        return null;
    }
}
