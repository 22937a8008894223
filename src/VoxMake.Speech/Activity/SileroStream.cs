using VoxMake.Onnx;

namespace VoxMake.Speech.Activity;

/// <summary>One recording on its way through <see cref="Silero"/>, piece by piece; of one thread. Made once, it takes one recording after the other.</summary>
public sealed class SileroStream : IDisposable
{
    private readonly Silero _network;
    private readonly float[] _sound = new float[Silero.Context + Silero.Window];
    private readonly float[] _probability = new float[1];
    private readonly float[][] _memory = [new float[Silero.Memory], new float[Silero.Memory]];
    private readonly OnnxTensor[] _memories;
    private readonly OnnxTensor _input, _rate, _output;
    private readonly List<float> _probabilities = [];
    private int _filled; // of the window
    private int _now;    // which memory holds what was heard

    public SileroStream(Silero network)
    {
        _network = network;
        (_input, _rate, _output) = (OnnxTensor.Over(_sound, 1, _sound.Length), OnnxTensor.Over<long>([Sound16k.Rate]), OnnxTensor.Over(_probability, 1, 1));
        _memories = [.. _memory.Select(values => OnnxTensor.Over(values, 2, 1, Silero.Memory / 2))];
    }

    /// <summary>Samples taken so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Takes more samples.</summary>
    /// <param name="sound">One channel, 16,000 Hz, full scale ±1.</param>
    public void Add(ReadOnlySpan<float> sound)
    {
        Samples += sound.Length;
        while (sound.Length > 0)
        {
            var take = Math.Min(sound.Length, Silero.Window - _filled);
            sound[..take].CopyTo(_sound.AsSpan(Silero.Context + _filled));
            _filled += take;
            sound = sound[take..];
            if (_filled == Silero.Window) Hear();
        }
    }

    /// <summary>The end of the recording: the probabilities of all its windows, the last one filled up with zeros. Valid until the next <see cref="Reset"/>.</summary>
    public IReadOnlyList<float> Finish()
    {
        if (_filled > 0)
        {
            _sound.AsSpan(Silero.Context + _filled).Clear();
            Hear();
        }
        return _probabilities;
    }

    /// <summary>Forgets everything, for the next recording.</summary>
    public void Reset()
    {
        _probabilities.Clear();
        _sound.AsSpan().Clear();
        _memory[_now].AsSpan().Clear();
        (_filled, Samples) = (0, 0);
    }

    private void Hear()
    {
        var next = 1 - _now;
        _network.Session.Run([("input", _input), ("state", _memories[_now]), ("sr", _rate)], [("output", _output), ("stateN", _memories[next])]);
        _probabilities.Add(_probability[0]);
        _sound.AsSpan(Silero.Window).CopyTo(_sound); // the last samples are the next window's context
        (_now, _filled) = (next, 0);
    }

    public void Dispose()
    {
        foreach (OnnxTensor tensor in (OnnxTensor[])[_input, _rate, _output, .. _memories]) tensor.Dispose();
    }
}
