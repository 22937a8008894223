using VoxMake.Models.Snac;
using VoxMake.Torch;

namespace VoxMake.Models.Orpheus;

/// <summary>Frames that are decoded with a frame, so that it sounds as it does among its neighbours.</summary>
/// <param name="Before">Costs computing only.</param>
/// <param name="After">Costs waiting too: 85 ms each.</param>
public sealed record SnacContext(int Before, int After)
{
    /// <summary>As Orpheus' own decoder has it: windows of four frames, the second of which is kept.</summary>
    public static SnacContext Orpheus { get; } = new(1, 2);

    /// <summary>
    /// A frame more before, and nobody waits longer. Orpheus' one frame is less than the decoder looks back (2.3 frames in the 24 kHz model), so where its windows meet the sound is not quite that of
    /// the whole: in the small random codec of the tests it is off by an eighth of its own strength, with two frames by a two-hundredth.
    /// </summary>
    public static SnacContext Smooth { get; } = new(2, 2);

    /// <summary>So many that the stream is the sound of the whole, but for rounding: three on either side for the 24 kHz model, so that a frame comes 85 ms later.</summary>
    public static SnacContext Whole(SnacConfig config)
    {
        var frames = (config.DecoderReach + config.FrameSamples - 1) / config.FrameSamples;
        return new SnacContext(frames, frames);
    }
}

/// <summary>
/// Speech while it is generated: frames in, samples out, as soon as the frames that come after are there. Orpheus' own decoder (orpheus_tts) begins with the fourth frame, decodes the last four
/// with each that comes, and keeps samples 2048 to 4096. So its speech lacks the first frame and the last two, a quarter of a second: the onset of the first word, and the end of the last. Here
/// all samples come: the first frame is decoded with those after it, and the last ones when <see cref="Finish"/> says that no more will come. A frame is decoded with enough of its
/// neighbours that windows meet without a jump; with <see cref="SnacContext.Whole"/> the stream is the sound of the whole.
/// </summary>
public sealed class SnacStream
{
    private readonly SnacModel _model;
    private readonly Generator? _generator;
    private readonly SnacContext _context;
    private readonly bool _complete;
    private readonly List<Frame> _kept = [];
    private int _count, _next;
    private bool _finished;

    /// <param name="generator">Where noise comes from, a stream of the CPU; null for none. A frame has the same noise in all windows that it lies in, so that noise does not jump either.</param>
    /// <param name="context">Null: <see cref="SnacContext.Smooth"/>, or <see cref="SnacContext.Orpheus"/> where the stream is not complete.</param>
    /// <param name="complete">Whether all samples are wanted; else the stream gives what Orpheus' own decoder gives, without the first and last frames.</param>
    /// <exception cref="ModelException">The codec's frames are not those of Orpheus.</exception>
    public SnacStream(SnacModel model, Generator? generator = null, SnacContext? context = null, bool complete = true)
    {
        if (!model.Config.VqStrides.AsSpan().SequenceEqual([4, 2, 1]))
            throw new ModelException($"the codec has vq_strides {string.Join(", ", model.Config.VqStrides)}; Orpheus' frames need 4, 2, 1, as in snac_24khz");
        (_model, _generator, _context, _complete) = (model, generator, context ?? (complete ? SnacContext.Smooth : SnacContext.Orpheus), complete);
        ArgumentOutOfRangeException.ThrowIfNegative(_context.Before);
        ArgumentOutOfRangeException.ThrowIfNegative(_context.After);
        _next = complete ? 0 : _context.Before;
    }

    /// <summary>A frame's codes, and its noise for each step of the decoder.</summary>
    private sealed record Frame(int[] Codes, float[][]? Noise);

    /// <summary>Adds a frame.</summary>
    /// <param name="codes">Its seven codes, in the order of <see cref="AudioFrames"/>.</param>
    /// <returns>Samples within ±1 that are ready now, those that follow the last ones: none, or a frame's 2048.</returns>
    /// <exception cref="ModelException">A code is out of range, or the codec gave what is no sound.</exception>
    public float[] Add(ReadOnlySpan<int> codes)
    {
        if (_finished) throw new InvalidOperationException("the stream is finished; another utterance needs a stream of its own");
        if (codes.Length != AudioFrames.Slots) throw new ModelException($"a frame has {AudioFrames.Slots} codes; {codes.Length} were given");
        if (codes.IndexOfAnyExceptInRange(0, _model.Config.CodebookSize - 1) is >= 0 and var slot)
            throw new ModelException($"frame {_count}: the code {codes[slot]} in slot {slot} is out of range; the codebook has the codes 0 to {_model.Config.CodebookSize - 1}");
        _kept.Add(new Frame(codes.ToArray(), _generator is null ? null : DrawNoise(_generator)));
        _count++;
        return _next + _context.After < _count ? Decode(_next + 1) : [];
    }

    /// <summary>The samples that are left, when no frame will follow.</summary>
    /// <exception cref="ModelException">The codec gave what is no sound.</exception>
    public float[] Finish()
    {
        if (_finished) return [];
        _finished = true;
        return _complete && _next < _count ? Decode(_count) : [];
    }

    /// <summary>Samples of the frames from the next one up to <paramref name="end"/>, decoded with what is there around them.</summary>
    private float[] Decode(int end)
    {
        var first = _count - _kept.Count; // of those that are kept
        var start = Math.Max(first, _next - _context.Before);
        var window = _kept[(start - first)..(Math.Min(_count, end + _context.After) - first)];
        var samples = Sound(window)[((_next - start) * _model.Config.FrameSamples)..((end - start) * _model.Config.FrameSamples)];
        _next = end;
        _kept.RemoveRange(0, Math.Max(0, _next - _context.Before - first));
        return samples.All(float.IsFinite) ? samples : throw new ModelException("the codec gave what is no sound (NaN); its weights are broken");
    }

    private float[] Sound(List<Frame> window)
    {
        using var scope = new TensorScope();
        var frames = AudioFrames.OfSlots([.. window.SelectMany(frame => frame.Codes)]);
        List<Tensor>? noise = _generator is null ? null : [.. _model.Config.DecoderRates.Select((_, step) =>
        {
            float[] numbers = [.. window.SelectMany(frame => frame.Noise![step])];
            return Tensor.From<float>(numbers, 1, 1, numbers.Length);
        })];
        return _model.Decode(frames.ToCodes(), noise).ToArray<float>();
    }

    private float[][] DrawNoise(Generator generator)
    {
        using var scope = new TensorScope();
        return [.. _model.DrawNoise(1, 1, generator).Select(step => step.ToArray<float>())];
    }
}
