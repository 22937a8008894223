using System.Diagnostics;
using System.Globalization;

namespace VoxMake.Training;

/// <summary>How long it will still take, from how long the last steps took; what else happens on the way (validations, checkpoints) counts in.</summary>
public sealed class TimeLeft
{
    private const int Remembered = 50;
    private readonly Queue<(long Step, TimeSpan At)> _last = new();
    private readonly Func<TimeSpan> _clock;

    /// <param name="clock">Time that has passed, from any start; null for the machine's own.</param>
    public TimeLeft(Func<TimeSpan>? clock = null)
    {
        var started = Stopwatch.GetTimestamp();
        _clock = clock ?? (() => Stopwatch.GetElapsedTime(started));
    }

    /// <summary>A step is done; call it with the step before the first, too.</summary>
    public void Done(long step)
    {
        _last.Enqueue((step, _clock()));
        if (_last.Count > Remembered) _last.Dequeue();
    }

    /// <summary>Seconds of a step; null before there are two points in time.</summary>
    public double? SecondsPerStep
    {
        get
        {
            if (_last.Count < 2) return null;
            var (first, last) = (_last.Peek(), _last.Last());
            return (last.At - first.At).TotalSeconds / (last.Step - first.Step);
        }
    }

    /// <summary>Seconds until a step.</summary>
    public double? SecondsUntil(long step) => SecondsPerStep is { } each && _last.Count > 0 ? each * Math.Max(0, step - _last.Last().Step) : null;

    /// <summary>A time for people: <c>42 s</c>, <c>3 min</c>, <c>2 h 5 min</c>.</summary>
    public static string InWords(double seconds)
    {
        var whole = TimeSpan.FromSeconds(Math.Ceiling(seconds));
        return whole.TotalSeconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{whole.TotalSeconds:0} s")
            : whole.TotalMinutes < 90 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(whole.TotalMinutes):0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(whole.TotalHours):0} h {whole.Minutes} min");
    }
}
