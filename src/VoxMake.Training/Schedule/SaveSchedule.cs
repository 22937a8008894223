using System.Diagnostics;

namespace VoxMake.Training;

/// <summary>When the next checkpoint is due: after so many steps, or so many minutes, whichever comes first. It decides nothing but that.</summary>
public sealed class SaveSchedule(int? steps, double? minutes, Func<TimeSpan>? clock = null)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _saved = clock?.Invoke() ?? TimeSpan.Zero;

    private TimeSpan Now => clock?.Invoke() ?? Stopwatch.GetElapsedTime(_started);

    /// <summary>Whether it is time.</summary>
    public bool IsDue(long step) => steps is { } every && step % every == 0 && step > 0 || minutes is { } wait && Now - _saved >= TimeSpan.FromMinutes(wait);

    /// <summary>A checkpoint is written.</summary>
    public void Saved() => _saved = Now;
}
