namespace VoxMake.Audio.Cutting;

/// <summary>A place to cut.</summary>
/// <param name="At">The sample that begins the next piece.</param>
/// <param name="InSpeech">Whether somebody speaks there: no pause was in reach.</param>
/// <param name="Cost">What it costs, from 0; see <see cref="CutPrice"/>.</param>
public readonly record struct CutPoint(long At, bool InSpeech, double Cost);

/// <summary>
/// What a cut costs (docs/targets/segment.md). In a pause: 1 beside speech, falling to 0 where speech is half a second away on both sides, and 3 more where the pause is shorter than the shortest
/// that should be cut in. In speech: how likely it is there (0 to 1) and how loud (0 to 1), and between two words how short the gap is (0 to 1) and how unsure the words beside it are (0 to 1). Where
/// words are known a cut behind a sentence costs nothing more, behind another mark 0.5, else 1.
/// </summary>
internal sealed class CutPrice
{
    private const double Far = 0.5, ShortPause = 3, InSentence = 1, InClause = 0.5, QuietestDb = 60;

    private readonly SoundMap _map;
    private readonly FrameEnergies _frames;
    private readonly long _shortest; // pause
    private readonly double _loudest;

    public CutPrice(SoundMap map, FrameEnergies frames, double minSilenceSeconds)
    {
        (_map, _frames) = (map, frames);
        _shortest = (long)(minSilenceSeconds * map.Rate);
        _loudest = frames.Threshold(0);
    }

    /// <summary>How unfit a frame of energies is for a cut in speech, 0 to 2: how likely speech is there, and how loud it is.</summary>
    public double Speaking(int frame) => Probability((long)frame * _frames.Hop) + Loudness(frame);

    /// <summary>What a cut at a place costs.</summary>
    public CutPoint At(long at)
    {
        var pause = Around(_map.Pauses, at);
        var gap = _map.HasWords ? Around(_map.Gaps, at) : -1;
        var text = gap > 0 && gap < _map.Gaps.Count - 1 ? TextCost(_map.Words[gap - 1]) : 0; // before the first word and behind the last nothing is torn apart
        if (pause >= 0) return new CutPoint(at, false, PauseCost(_map.Pauses[pause], at) + text);
        return new CutPoint(at, true, Speaking((int)((at + _frames.Hop / 2) / _frames.Hop)) + (gap < 0 ? 0 : GapCost(gap)) + text);
    }

    private double PauseCost(Stretch pause, long at)
    {
        var before = pause.Start == 0 ? long.MaxValue : at - pause.Start;
        var after = pause.End == _map.Length ? long.MaxValue : pause.End - at;
        return Near(Math.Min(before, after)) + (pause.Length < _shortest ? ShortPause : 0);
    }

    private double GapCost(int gap)
    {
        var (before, after) = (gap > 0 ? _map.Words[gap - 1].Score : null, gap < _map.Words.Count ? _map.Words[gap].Score : null);
        return Near(_map.Gaps[gap].Length) + 1 - Math.Clamp(Math.Min(before ?? 1, after ?? 1), 0, 1);
    }

    private double Near(long samples) => 1 - Math.Min(1, samples / (Far * _map.Rate));

    private static double TextCost(WordBlock before) => before.EndsSentence ? 0 : before.Last.Length > 0 && !char.IsLetterOrDigit(before.Last[^1]) ? InClause : InSentence;

    private double Probability(long at)
    {
        if (_map.Activity is not { Probabilities.Count: > 0 } activity) return 0;
        var window = Math.Min(activity.Probabilities.Count - 1, at * activity.SampleRate / _map.Rate / activity.Window);
        return Math.Clamp(activity.Probabilities[(int)window], 0f, 1f);
    }

    private double Loudness(int frame)
    {
        var power = _frames.MeanSquare(Math.Min(frame, _frames.Count - 1));
        return power <= 0 ? 0 : Math.Clamp(1 + 10 * Math.Log10(power / _loudest) / QuietestDb, 0, 1);
    }

    /// <summary>Index of the stretch in which a place lies, ends included: the first of several; -1 where there is none.</summary>
    internal static int Around(IReadOnlyList<Stretch> stretches, long at)
    {
        int low = 0, high = stretches.Count; // the first whose end is not before the place
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (stretches[middle].End < at) low = middle + 1;
            else high = middle;
        }
        return low < stretches.Count && stretches[low].Start <= at ? low : -1;
    }
}
