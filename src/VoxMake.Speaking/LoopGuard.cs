using VoxMake.Models.Orpheus;

namespace VoxMake.Speaking;

/// <summary>
/// Holds back frames that may be the beginning of a loop, and no others. A frame that stood a period before, to the last code, waits until the repetition ends (then it was none) or is long enough
/// to be one (then it is thrown away). In speech that is well such a frame is rare, so that nobody waits.
/// </summary>
/// <param name="isSilent">Whether frames sound of nothing.</param>
internal sealed class LoopGuard(LoopRules rules, Func<AudioFrames, bool> isSilent)
{
    private const int MostJudged = 8;

    private readonly List<int[]> _frames = [];
    private int _released;
    private (int Start, bool IsSilent)? _judged; // the last loop that was listened to

    /// <summary>Frames that are there, given out or not.</summary>
    public IReadOnlyList<int[]> Frames => _frames;

    /// <summary>Adds a frame.</summary>
    /// <returns>The loop that it makes sure of; null where there is none.</returns>
    public FrameLoop? Add(int[] frame)
    {
        _frames.Add(frame);
        if (!rules.Guard) return null;
        var limits = rules.Limits;
        var first = Math.Max(0, _frames.Count - new[] { limits.LongestPeriod * limits.Repeats, limits.LeastFrames, limits.HeldFrames, rules.SilentFrames }.Max());
        var newest = AudioFrames.OfSlots([.. _frames.Skip(first).SelectMany(codes => codes)]);
        if (FrameLoops.First(newest, limits) is not { } loop) return null;
        var found = loop with { Start = loop.Start + first };
        return found.Frames < rules.SilentFrames && IsSilent(newest.Slice(loop.Start, Math.Min(loop.Frames, MostJudged)), found.Start) ? null : found;
    }

    private bool IsSilent(AudioFrames frames, int start)
    {
        if (_judged?.Start != start) _judged = (start, isSilent(frames));
        return _judged.Value.IsSilent;
    }

    /// <summary>Throws away what has not been given out of a loop.</summary>
    public CutLoop CutBack(FrameLoop loop)
    {
        var end = Math.Max(loop.Start, _released);
        _frames.RemoveRange(end, _frames.Count - end);
        _judged = null;
        return new CutLoop(loop, end - loop.Start);
    }

    /// <summary>Frames that can be given out now.</summary>
    /// <param name="all">Whether no frame will follow.</param>
    public IReadOnlyList<int[]> Release(bool all)
    {
        var end = all ? _frames.Count : _frames.Count - Math.Max(rules.HeldBack, rules.Guard ? Doubtful() : 0);
        if (end <= _released) return [];
        var ready = _frames[_released..end];
        _released = end;
        return ready;
    }

    /// <summary>How many of the newest frames may be a loop's.</summary>
    private int Doubtful()
    {
        var newest = _frames.Count - 1;
        var most = Run(1, (one, other) => one[0] == other[0]) + 1 - rules.HeardFrames;
        for (var period = 1; period <= Math.Min(rules.Limits.LongestPeriod, newest); period++) most = Math.Max(most, Run(period, (one, other) => one.AsSpan().SequenceEqual(other)));
        return most;

        int Run(int period, Func<int[], int[], bool> same)
        {
            var run = 0;
            while (newest - run - period >= 0 && same(_frames[newest - run], _frames[newest - run - period])) run++;
            return run;
        }
    }
}
