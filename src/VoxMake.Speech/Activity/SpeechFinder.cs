using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Activity;

/// <summary>Walks over probabilities and notes where speech begins and ends, before anything is padded. Made for one recording.</summary>
internal sealed class SpeechFinder(SpeechRules rules)
{
    private readonly List<SpeechSpan> _speech = [];

    /// <summary>Pauses in the present speech: where they begin and how long they are.</summary>
    private readonly List<(int At, int Length)> _pauses = [];

    private bool _speaking;
    private int? _start; // of the present speech; it may be known while nobody counts as speaking no more
    private int _pause;  // where a silence in the present speech began; 0: none

    /// <summary>The stretches, in samples.</summary>
    public List<SpeechSpan> Find(IEnumerable<double> probabilities, int samples)
    {
        var at = 0;
        foreach (var probability in probabilities)
        {
            Step(probability, at);
            at += Silero.Window;
        }
        if (_start is { } open && samples - open > rules.MinSpeech) _speech.Add(new SpeechSpan(open, samples));
        return _speech;
    }

    private void Step(double probability, int at)
    {
        var speech = probability >= rules.Threshold;
        if (speech && _pause != 0)
        {
            if (at - _pause > rules.MinCuttingSilence) _pauses.Add((_pause, at - _pause));
            _pause = 0;
        }
        if (speech && !_speaking)
        {
            (_speaking, _start) = (true, at);
            return;
        }
        if (_speaking && at - _start!.Value > rules.MaxSpeech && !CutTooLong(at)) return;
        if (_speaking && probability < rules.ExitThreshold) Quiet(at);
    }

    /// <summary>Ends speech that has become too long: at a pause in it, after which it goes on, or else here.</summary>
    /// <returns>Whether it goes on.</returns>
    private bool CutTooLong(int at)
    {
        if (_pauses.Count == 0)
        {
            End(at);
            return false;
        }
        var (pause, length) = rules.UseMaxPossSilAtMaxSpeech ? Longest() : _pauses[^1];
        _speech.Add(new SpeechSpan(_start!.Value, pause));
        var next = pause + length;
        if (next < pause + at) _start = next;
        else (_speaking, _start) = (false, null);
        _pauses.Clear(); // 6.2.3 forgets those after it too; later versions keep them
        _pause = 0;
        return true;
    }

    /// <summary>The first of the longest.</summary>
    private (int At, int Length) Longest()
    {
        var best = _pauses[0];
        foreach (var pause in _pauses)
            if (pause.Length > best.Length) best = pause;
        return best;
    }

    private void Quiet(int at)
    {
        if (_pause == 0) _pause = at;
        if (at - _pause < rules.MinSilence) return;
        if (_pause - _start!.Value > rules.MinSpeech) End(_pause);
        else End(null);
    }

    private void End(int? at)
    {
        if (at is { } end) _speech.Add(new SpeechSpan(_start!.Value, end));
        (_speaking, _start, _pause) = (false, null, 0);
        _pauses.Clear();
    }
}
