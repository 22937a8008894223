using System.Numerics;
using System.Runtime.InteropServices;

namespace VoxMake.Speech.Alignment;

/// <summary>What steps of the alignment cost; a frame that fits well costs about 1, one that does not about 2.</summary>
/// <param name="Stay">A frame of the text stands for one more frame of the recording.</param>
/// <param name="Skip">A frame of the text is left out: a word can be spoken twice as fast, and no faster.</param>
/// <param name="Quiet">A frame of a pause that is as quiet as the recording's pauses are.</param>
/// <param name="Murmur">What it costs more for each part of the way to the level of speech, up to a fifth of it: breath, a room's echo.</param>
/// <param name="Loud">The same beyond.</param>
/// <param name="Foreign">A frame between two words that belongs to neither, as a share of what frames of the text cost there that do not belong.</param>
/// <param name="ForeignBetween">The same between two sentences: an introduction that is not in the text.</param>
/// <param name="PauseAtMark">A pause where the text has a comma or the like, once; between sentences it costs nothing.</param>
/// <param name="PauseAnywhere">A pause where the text has only a space, once.</param>
/// <param name="Unspoken">A word that is left out, for each of its frames.</param>
/// <param name="UnspokenWord">The same, once.</param>
/// <param name="Beam">Words all of whose frames are worse than the best by this are given up; infinity looks at all.</param>
internal sealed record PathCosts(
    float Stay = 0.15f, float Skip = 0.2f, float Quiet = 0.2f, float Murmur = 2f, float Loud = 5f, float Foreign = 1.1f, float ForeignBetween = 1.02f, float PauseAtMark = 1f, float PauseAnywhere = 5f,
    float Unspoken = 0.9f, float UnspokenWord = 6f, double Beam = double.PositiveInfinity);

/// <summary>Where the best path has a word.</summary>
/// <param name="Start">Frame of the recording.</param>
/// <param name="End">Frame after its last; Start where it is not spoken.</param>
/// <param name="Cost">Of its frames and steps.</param>
internal readonly record struct PathWord(int Start, int End, double Cost)
{
    public int Length => End - Start;
}

/// <summary>
/// The best way through a recording and a text: dynamic time warping in which each frame of the recording is taken once, with pauses and foreign sounds between words and words that are left out.
/// It goes through the recording frame by frame (token passing: Young, Russell and Thornton 1989), remembers only where words ended, and looks only at words near the best: a recording of hours takes
/// the memory of its frames.
/// </summary>
internal sealed class WordPath
{
    private const int SweepAt = 1 << 20;
    private const double Murmuring = 0.2;

    private readonly SoundFrames _sound, _text;
    private readonly int[] _first;
    private readonly PathCosts _costs;
    private readonly float[] _foreign;
    private readonly Joint[] _joints;
    private readonly double[] _cost, _pause; // [frame of the text], [pause before each word, and the last]
    private readonly int[] _entered, _link, _pauseLink;
    private readonly double[] _paid; // on entering the word
    private List<Link> _links = [];
    private int _sweepAt = SweepAt;

    /// <summary>A word that was left, and the one before it.</summary>
    private readonly record struct Link(int Before, int Word, PathWord Place);

    private WordPath(SoundFrames sound, SpokenText text, float[] foreign, PathCosts costs)
    {
        (_sound, _text, _first, _joints, _costs, _foreign) = (sound, text.Frames, text.First, text.Joints, costs, foreign);
        (_cost, _pause) = (new double[_text.Count], new double[text.Words + 1]);
        (_entered, _link, _pauseLink, _paid) = (new int[_text.Count], new int[_text.Count], new int[text.Words + 1], new double[_text.Count]);
    }

    /// <summary>Finds every word.</summary>
    /// <param name="foreign">For each frame of the recording what frames cost there that do not belong.</param>
    public static PathWord[] Find(SoundFrames sound, SpokenText text, float[] foreign, PathCosts costs, CancellationToken cancel = default) =>
        new WordPath(sound, text, foreign, costs).Find(cancel);

    private PathWord[] Find(CancellationToken cancel)
    {
        var words = _first.Length - 1;
        Array.Fill(_cost, double.PositiveInfinity);
        Array.Fill(_pause, double.PositiveInfinity);
        Array.Fill(_pauseLink, -1);
        _pause[0] = 0;
        var (low, high) = (0, LeaveOut(0, 0, 0, _costs.Beam)); // words and pauses low to high are looked at
        for (var frame = 0; frame < _sound.Count; frame++)
        {
            if (frame % 1024 == 0) cancel.ThrowIfCancellationRequested();
            var best = Step(frame, low, ref high);
            high = LeaveOut(frame + 1, low, high, best + _costs.Beam);
            if (!double.IsInfinity(_costs.Beam)) (low, high) = Narrow(low, high, best + _costs.Beam);
            if (_links.Count >= _sweepAt) Sweep(low, high);
        }
        var link = _pauseLink[words];
        if (words > 0 && _first[words] > _first[words - 1])
        {
            var last = _first[words] - 1;
            if (_cost[last] < _pause[words]) link = Leave(words - 1, _sound.Count);
        }
        var found = new PathWord[words];
        for (; link >= 0; link = _links[link].Before) found[_links[link].Word] = _links[link].Place;
        return found;
    }

    /// <summary>Takes one frame of the recording; the lowest cost afterwards.</summary>
    private double Step(int frame, int low, ref int high)
    {
        var words = _first.Length - 1;
        var best = double.PositiveInfinity;
        var here = _sound[frame];
        if (high < words && LastCost(high) < double.PositiveInfinity) high++;
        for (var word = Math.Min(high, words); word >= low; word--)
        {
            var left = word > low ? LastCost(word - 1) : double.PositiveInfinity;
            if (word < words && _first[word + 1] > _first[word]) best = Math.Min(best, StepWord(frame, word, left, here));
            var paused = left + (_joints[word] switch { Joint.Sentence => 0, Joint.Mark => _costs.PauseAtMark, _ => _costs.PauseAnywhere });
            if (paused < _pause[word])
            {
                _pause[word] = paused;
                _pauseLink[word] = Leave(word - 1, frame);
            }
            _pause[word] += PauseCost(frame, _joints[word] == Joint.Sentence);
            best = Math.Min(best, _pause[word]);
        }
        return best;
    }

    private double StepWord(int frame, int word, double left, ReadOnlySpan<float> here)
    {
        var (first, last, best) = (_first[word], _first[word + 1] - 1, double.PositiveInfinity);
        var fromPause = _pause[word] <= left;
        var enter = fromPause ? _pause[word] : left;
        var entering = -2;
        for (var at = last; at >= first; at--)
        {
            var cost = _cost[at] + _costs.Stay;
            var from = at;
            if (at > first && _cost[at - 1] < cost) (cost, from) = (_cost[at - 1], at - 1);
            if (at > first + 1 && _cost[at - 2] + _costs.Skip < cost) (cost, from) = (_cost[at - 2] + _costs.Skip, at - 2);
            var entry = at == first ? enter : at == first + 1 ? enter + _costs.Skip : double.PositiveInfinity;
            if (entry < cost)
            {
                if (entering == -2) entering = fromPause ? _pauseLink[word] : Leave(word - 1, frame);
                (_cost[at], _entered[at], _link[at], _paid[at]) = (entry, frame, entering, enter);
            }
            else if (from != at) (_cost[at], _entered[at], _link[at], _paid[at]) = (cost, _entered[from], _link[from], _paid[from]);
            else _cost[at] = cost;
            if (double.IsPositiveInfinity(_cost[at])) continue;
            _cost[at] += Distance(here, _text[at]);
            best = Math.Min(best, _cost[at]);
        }
        return best;
    }

    /// <summary>Words that are left out: from the pause before to the pause behind, at once.</summary>
    private int LeaveOut(int frame, int low, int high, double limit)
    {
        var words = _first.Length - 1;
        for (var word = low; word < words; word++)
        {
            if (word >= high && _pause[word] > limit) return word;
            var length = _first[word + 1] - _first[word];
            var cost = _pause[word] + (length == 0 ? 0 : _costs.UnspokenWord + _costs.Unspoken * length);
            if (cost >= _pause[word + 1]) continue;
            _pause[word + 1] = cost;
            _links.Add(new Link(_pauseLink[word], word, new PathWord(frame, frame, 0)));
            _pauseLink[word + 1] = _links.Count - 1;
        }
        return words;
    }

    private double LastCost(int word) => _first[word + 1] > _first[word] ? _cost[_first[word + 1] - 1] : double.PositiveInfinity;

    private int Leave(int word, int frame)
    {
        var last = _first[word + 1] - 1;
        _links.Add(new Link(_link[last], word, new PathWord(_entered[last], frame, _cost[last] - _paid[last])));
        return _links.Count - 1;
    }

    private double PauseCost(int frame, bool between)
    {
        var loudness = Math.Max(0, _sound.Loudness(frame));
        var quiet = _costs.Quiet + _costs.Murmur * Math.Min(loudness, Murmuring) + _costs.Loud * Math.Max(0, loudness - Murmuring);
        return Math.Min(quiet, (between ? _costs.ForeignBetween : _costs.Foreign) * _foreign[frame]);
    }

    private (int Low, int High) Narrow(int low, int high, double limit)
    {
        while (low < high && Best(low) > limit)
        {
            _pause[low] = double.PositiveInfinity;
            Array.Fill(_cost, double.PositiveInfinity, _first[low], _first[low + 1] - _first[low]);
            low++;
        }
        while (high > low && Best(high) > limit)
        {
            _pause[high] = double.PositiveInfinity;
            if (high < _first.Length - 1) Array.Fill(_cost, double.PositiveInfinity, _first[high], _first[high + 1] - _first[high]);
            high--;
        }
        return (low, high);
    }

    private double Best(int word)
    {
        var best = _pause[word];
        if (word < _first.Length - 1)
            for (var at = _first[word]; at < _first[word + 1]; at++) best = Math.Min(best, _cost[at]);
        return best;
    }

    /// <summary>Forgets the ends of words that no path comes from any more.</summary>
    private void Sweep(int low, int high)
    {
        var words = _first.Length - 1;
        var kept = new int[_links.Count];
        Array.Fill(kept, -1);
        void Keep(int link)
        {
            for (; link >= 0 && kept[link] < 0; link = _links[link].Before) kept[link] = 0;
        }
        var end = _first[Math.Min(words, high + 1)];
        for (var word = low; word <= high; word++) Keep(_pauseLink[word]);
        for (var at = _first[low]; at < end; at++)
            if (!double.IsPositiveInfinity(_cost[at])) Keep(_link[at]);
        var links = new List<Link>();
        for (var link = 0; link < kept.Length; link++)
        {
            if (kept[link] < 0) continue;
            kept[link] = links.Count;
            links.Add(_links[link] with { Before = _links[link].Before < 0 ? -1 : kept[_links[link].Before] });
        }
        for (var word = low; word <= high; word++) _pauseLink[word] = _pauseLink[word] < 0 ? -1 : kept[_pauseLink[word]];
        for (var at = _first[low]; at < end; at++)
            if (!double.IsPositiveInfinity(_cost[at])) _link[at] = _link[at] < 0 ? -1 : kept[_link[at]];
        (_links, _sweepAt) = (links, Math.Max(SweepAt, 2 * links.Count));
    }

    /// <summary>Mean squared difference of two frames, at most 4: one odd frame must not decide.</summary>
    internal static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < x.Length; i++)
        {
            var difference = x[i] - y[i];
            sum += difference * difference;
        }
        return Math.Min(4f, Vector.Sum(sum) / a.Length);
    }
}
