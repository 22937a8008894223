using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Snac;

/// <summary>
/// SNAC (Siuzdak, Grötschla and Lanzendörfer 2024): sound to codes at three rates and back. Tensors have the names of the reference package (hubertsiuzdak/snac), with weight norm spelled
/// <c>weight_g</c> and <c>weight_v</c> or folded; loading takes the package's own spelling (<c>parametrizations.weight.original0</c>, <c>original1</c>). The codec is used here and not trained:
/// gradients are not recorded.
/// </summary>
public sealed class SnacModel : Module
{
    /// <param name="weightNorm">Whether weight norm is unfolded: the tensors of the published file. Folded, the form for use, gives the same sound and is faster.</param>
    /// <exception cref="ModelException">No codec of this shape can be made.</exception>
    public SnacModel(SnacConfig config, bool weightNorm = false)
    {
        config.Check("the configuration of SNAC");
        Config = config;
        Encoder = Part("encoder", new SnacEncoder(config, weightNorm));
        Quantizer = Part("quantizer", new SnacQuantizer(config, weightNorm));
        Decoder = Part("decoder", new SnacDecoder(config, weightNorm));
    }

    public SnacConfig Config { get; }
    public SnacEncoder Encoder { get; }
    public SnacQuantizer Quantizer { get; }
    public SnacDecoder Decoder { get; }

    /// <summary>Where its tensors are.</summary>
    public Device Device => NamedTensors().First().Tensor.Device;

    /// <summary>
    /// Sound to codes. It is padded with zeros at its end to whole frames. Clips of a batch have one length: a clip that the caller pads with zeros to the length of another may get other codes in
    /// its last frames than alone, for the network sees where a clip ends.
    /// </summary>
    /// <param name="audio">[batch, 1, samples] float32 within ±1, at the configuration's rate.</param>
    /// <returns>Of each level [batch, frames · (coarsest stride / stride)] codes (long): with strides 4, 2, 1 of each frame 1, 2 and 4.</returns>
    /// <exception cref="ModelException">The sound has another shape or no samples.</exception>
    public IReadOnlyList<Tensor> Encode(Tensor audio)
    {
        var shape = audio.Shape;
        if (shape.Length != 3 || shape[1] != 1 || audio.Count == 0) throw new ModelException($"sound for SNAC has the shape [{string.Join(", ", shape)}]; expected [batch, 1, samples], none 0");
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        var codes = Quantizer.Forward(Encoder.Forward(Padded(audio.to(Device)))).Codes;
        foreach (var level in codes) scope.Keep(level);
        return codes;
    }

    /// <summary>The sound with zeros at its end up to whole frames.</summary>
    /// <param name="audio">[batch, 1, samples]</param>
    public Tensor Padded(Tensor audio)
    {
        var missing = (Config.FrameSamples - audio.Size(2) % Config.FrameSamples) % Config.FrameSamples;
        return missing == 0 ? audio : audio.constant_pad_nd([0, missing]);
    }

    /// <summary>
    /// Codes to sound. What <see cref="Encode"/> padded is not cut off. The reference draws noise at every call; here the caller says, so that the same codes can be the same sound.
    /// </summary>
    /// <param name="codes">Of each level [batch, frames · (coarsest stride / stride)] (long), 0 to codebook_size − 1.</param>
    /// <param name="noise">As <see cref="DrawNoise"/> gives it, of the same batch and frames; null for none.</param>
    /// <returns>[batch, 1, frames · frame samples], within ±1.</returns>
    /// <exception cref="ModelException">Codes or noise have other shapes, or a code is out of range.</exception>
    public Tensor Decode(IReadOnlyList<Tensor> codes, IReadOnlyList<Tensor>? noise)
    {
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        var (batch, frames) = Check(codes);
        if (noise is not null) CheckNoise(noise, batch, frames);
        var device = Device;
        var latents = Quantizer.Latents([.. codes.Select(level => level.to(device))]);
        return scope.Keep(Decoder.Forward(latents, noise?.Select(step => step.to(device)).ToList()));
    }

    /// <summary>Noise as the reference draws it while it decodes: for each step of the decoder one number for each of the step's times, in this order.</summary>
    /// <param name="generator">A stream of the CPU, whatever the codec's device, so that a seed is the same noise everywhere; null for the process's own.</param>
    /// <returns>Of each step [batch, 1, times], normal(0, 1), on the codec's device.</returns>
    public IReadOnlyList<Tensor> DrawNoise(long batch, long frames, Generator? generator)
    {
        var device = Device;
        return [.. NoiseShapes(batch, frames).Select(shape =>
        {
            using var scope = new TensorScope();
            return scope.Keep(Ops.randn(shape, generator).to(device));
        })];
    }

    private IEnumerable<long[]> NoiseShapes(long batch, long frames)
    {
        var times = frames * Config.VqStrides[0];
        foreach (var rate in Config.DecoderRates) yield return [batch, 1, times *= rate];
    }

    private (long Batch, long Frames) Check(IReadOnlyList<Tensor> codes)
    {
        var strides = Config.VqStrides;
        if (codes.Count != strides.Length) throw new ModelException($"{codes.Count} levels of codes were given; this codec has {strides.Length}");
        if (codes[0].Shape is not [> 0 and var batch, > 0 and var frames])
            throw new ModelException($"codes of level 0 have the shape [{string.Join(", ", codes[0].Shape)}]; expected [batch, frames], neither 0");
        for (var level = 0; level < strides.Length; level++)
        {
            long[] expected = [batch, frames * (strides[0] / strides[level])];
            if (!codes[level].Shape.AsSpan().SequenceEqual(expected))
                throw new ModelException($"codes of level {level} have the shape [{string.Join(", ", codes[level].Shape)}]; expected [{string.Join(", ", expected)}] for {frames} frames");
            if (codes[level].lt(0).logical_or(codes[level].ge(Config.CodebookSize)).sum().Item() > 0)
                throw new ModelException($"a code of level {level} is out of range; the codebook has the codes 0 to {Config.CodebookSize - 1}");
        }
        return (batch, frames);
    }

    private void CheckNoise(IReadOnlyList<Tensor> noise, long batch, long frames)
    {
        if (noise.Count != Config.DecoderRates.Length) throw new ModelException($"noise for {noise.Count} steps was given; this decoder has {Config.DecoderRates.Length}");
        foreach (var (given, expected) in noise.Zip(NoiseShapes(batch, frames)))
            if (!given.Shape.AsSpan().SequenceEqual(expected)) throw new ModelException($"noise has the shape [{string.Join(", ", given.Shape)}], not [{string.Join(", ", expected)}]");
    }
}
