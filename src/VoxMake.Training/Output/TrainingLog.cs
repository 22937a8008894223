using VoxMake.Audio;
namespace VoxMake.Training;

/// <summary>
/// Curves and spoken sentences for TensorBoard, in the folder <c>tensorboard</c> of the state folder: they hold the time of day, so they are no part of the result.
/// </summary>
public sealed class TrainingLog : IDisposable
{
    private readonly EventFile _events;
    private readonly TimeProvider _time;

    /// <param name="firstStep">The step that this run begins with; what a killed run wrote of it and later ones counts no more.</param>
    public TrainingLog(string stateFolder, long firstStep, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _events = new EventFile(Path.Combine(stateFolder, "tensorboard"), _time.GetUtcNow(), firstStep);
    }

    /// <summary>Numbers of one step.</summary>
    public void Scalars(long step, IEnumerable<(string Tag, double Value)> values)
    {
        _events.Write(EventMessage.Scalars(_time.GetUtcNow(), step, values));
        _events.Flush();
    }

    /// <summary>One sentence as it was spoken at a step.</summary>
    public void Speech(long step, string tag, ReadOnlySpan<float> samples, int sampleRate)
    {
        _events.Write(EventMessage.Audio(_time.GetUtcNow(), step, tag, sampleRate, samples.Length, WavWriter.Mono16(samples, sampleRate)));
        _events.Flush();
    }

    public void Dispose() => _events.Dispose();
}
