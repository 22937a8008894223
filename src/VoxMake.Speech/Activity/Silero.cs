using VoxMake.Onnx;

namespace VoxMake.Speech.Activity;

/// <summary>
/// Silero's voice activity network (silero-vad 6, MIT): how likely each stretch of <see cref="Window"/> samples holds speech. One is shared by all threads; each recording gets its own <see cref="SileroStream"/>.
/// </summary>
public sealed class Silero : IDisposable
{
    /// <summary>Samples at 16 kHz for which one probability stands: 32 ms.</summary>
    public const int Window = 512;

    /// <summary>Samples before a window that the network hears along with it.</summary>
    internal const int Context = 64;

    /// <summary>Numbers that the network remembers from window to window: [2, batch, 128].</summary>
    internal const int Memory = 256;

    private Silero(OnnxSession session) => Session = session;

    internal OnnxSession Session { get; }

    /// <summary>Reads the network: <c>silero_vad.onnx</c>, whose inputs are input [batch, samples], state [2, batch, 128] and sr, and whose outputs are output and stateN.</summary>
    /// <exception cref="OnnxException">There is no onnxruntime, the file is no network, or another one than Silero's.</exception>
    public static Silero Load(string path)
    {
        var session = OnnxSession.Load(path);
        if (session.Inputs.Select(port => port.Name).Order(StringComparer.Ordinal).SequenceEqual(["input", "sr", "state"])
            && session.Outputs.Select(port => port.Name).Order(StringComparer.Ordinal).SequenceEqual(["output", "stateN"])) return new Silero(session);
        var ports = string.Join(", ", session.Inputs.Concat(session.Outputs));
        session.Dispose();
        throw new OnnxException($"{path} is another network than Silero's, whose inputs are input, state, sr and whose outputs are output, stateN; it has {ports}");
    }

    /// <summary>Probabilities of a whole recording.</summary>
    /// <param name="sound">One channel, 16,000 Hz.</param>
    /// <returns>One for each begun <see cref="Window"/>; after the end are zeros.</returns>
    public float[] Probabilities(ReadOnlySpan<float> sound)
    {
        using var stream = new SileroStream(this);
        stream.Add(sound);
        return [.. stream.Finish()];
    }

    public void Dispose() => Session.Dispose();
}
