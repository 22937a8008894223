using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Models.SpeakerEncoder;
using VoxMake.Onnx;

namespace VoxMake.Speech.Speakers;

/// <summary>
/// Any network of the ONNX kind that turns sound into one vector. It has one input, float32: [batch, samples] or [batch, 1, samples], 16,000 Hz, full scale ±1. Its first output is [1, dimension], or has more
/// dimensions of 1; it is brought to length 1. Networks that want filter banks instead of sound ([batch, frames, 80]) are refused by that name.
/// </summary>
public sealed class OnnxEmbedder : IVoiceEmbedder
{
    private const int LongestPiece = 10 * Sound16k.Rate; // memory grows with what is heard at once
    private const int MostNumbers = 1 << 16;
    private readonly OnnxSession _session;
    private readonly string _input, _output;
    private readonly bool _hasChannel;

    private OnnxEmbedder(string name, OnnxSession session, string input, string output, bool hasChannel)
    {
        (Name, _session, _input, _output, _hasChannel) = (name, session, input, output, hasChannel);
        // what its output looks like is known after a run: shapes of files are often left open
        var probe = new float[ShortestStretch];
        for (var i = 0; i < probe.Length; i++) probe[i] = 0.1f * MathF.Sin(i * 0.1f);
        Dimension = Run(probe).Length;
    }

    public string Name { get; }

    public int Dimension { get; }

    /// <inheritdoc/>
    public int ShortestStretch => PartialWindows.Samples;

    /// <summary>Reads a network.</summary>
    /// <exception cref="OnnxException">There is no onnxruntime, the file is no network that it can run, or the network takes or gives something else: says what.</exception>
    public static OnnxEmbedder Load(string path)
    {
        var session = OnnxSession.Load(path);
        try
        {
            var name = Path.GetFileName(path);
            if (session.Inputs is not [{ Element: OnnxElement.Float } input]) throw new OnnxException($"{name} takes {string.Join(", ", session.Inputs)}; a voice embedding network has one input of float32");
            if (input.Shape is [_, _, > 1] or [_, > 1, _]) throw new OnnxException($"{name} takes features ({input}); networks that take sound are understood, [batch, samples] or [batch, 1, samples]");
            if (input.Shape is not ([1 or -1, -1] or [1 or -1, 1 or -1, -1])) throw new OnnxException($"{name} takes {input}; networks that take sound are understood, [batch, samples] or [batch, 1, samples], of any length");
            if (session.Outputs is not [{ Element: OnnxElement.Float } output, ..]) throw new OnnxException($"{name} gives {string.Join(", ", session.Outputs)}; its first output must be the embedding, float32");
            return new OnnxEmbedder(name, session, input.Name, output.Name, input.Shape.Count == 3);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Speech of more than 10 s is heard in equal pieces of at most 10 s, whose embeddings are averaged; of less than 1.6 s, with silence after it.</remarks>
    public VoiceEmbedding Embed(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech)
    {
        var heard = SpeakerEmbedder.Joined(sound, speech.Count == 0 ? [new SpeechSpan(0, sound.Length)] : speech);
        var spoken = heard.Length;
        if (heard.Length < ShortestStretch) Array.Resize(ref heard, ShortestStretch);
        var pieces = (heard.Length + LongestPiece - 1) / LongestPiece;
        var mean = new float[Dimension];
        for (var piece = 0; piece < pieces; piece++)
        {
            var (from, to) = ((int)((long)heard.Length * piece / pieces), (int)((long)heard.Length * (piece + 1) / pieces));
            Vectors.Add(Run(heard[from..to]), mean);
        }
        SpeakerEncoderModel.UnitLength(mean);
        return new VoiceEmbedding(mean, spoken, pieces);
    }

    /// <inheritdoc/>
    public float[] EmbedStretches(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> stretches)
    {
        var embeddings = new float[stretches.Count * Dimension];
        for (var i = 0; i < stretches.Count; i++)
        {
            var heard = sound[Math.Min(stretches[i].Start, sound.Length)..Math.Min(stretches[i].End, sound.Length)].ToArray();
            if (heard.Length < stretches[i].Length) Array.Resize(ref heard, stretches[i].Length);
            Run(heard).CopyTo(embeddings, i * Dimension);
        }
        return embeddings;
    }

    private float[] Run(float[] sound)
    {
        using var input = _hasChannel ? OnnxTensor.Over(sound, 1, 1, sound.Length) : OnnxTensor.Over(sound, 1, sound.Length);
        using var output = _session.Run([(_input, input)], _output)[0];
        if (output.Shape.Count == 0 || output.Shape.SkipLast(1).Any(size => size != 1) || output.Shape[^1] is < 1 or > MostNumbers)
            throw new OnnxException($"{Name} gives [{string.Join(", ", output.Shape)}] for one stretch of sound; expected [1, dimension]");
        var vector = output.ToArray<float>();
        if (Dimension != 0 && vector.Length != Dimension) throw new OnnxException($"{Name} gives {vector.Length} numbers for {sound.Length} samples, and {Dimension} for {ShortestStretch}");
        if (!vector.All(float.IsFinite)) throw new OnnxException($"{Name} gives numbers that are not finite");
        SpeakerEncoderModel.UnitLength(vector);
        return vector;
    }

    public void Dispose() => _session.Dispose();
}
