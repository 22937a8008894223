using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Snac;

/// <summary>Sound to latents: convolutions with strides, channels doubled at each step.</summary>
public sealed class SnacEncoder : Module
{
    private readonly Conv1d _first, _last;

    /// <param name="weightNorm">Whether weight norm is unfolded, as it is published.</param>
    public SnacEncoder(SnacConfig config, bool weightNorm)
    {
        var rates = config.EncoderRates;
        _first = Part("block.0", new Conv1d(1, config.EncoderDim, 7, padding: 3, weightNorm: weightNorm));
        Blocks = [.. rates.Select((rate, step) => Part($"block.{step + 1}", new SnacEncoderBlock(config.EncoderDim << step, rate, weightNorm)))];
        _last = Part($"block.{rates.Length + 1}", new Conv1d(config.LatentDim, config.LatentDim, 7, padding: 3, groups: config.LatentDim, weightNorm: weightNorm));
    }

    /// <summary>The steps, finest first.</summary>
    public IReadOnlyList<SnacEncoderBlock> Blocks { get; }

    /// <summary>The first convolution: [batch, 1, samples] → [batch, encoder_dim, samples].</summary>
    public Tensor First(Tensor audio) => _first.Forward(audio);

    /// <param name="audio">[batch, 1, samples], samples a multiple of the hop length.</param>
    /// <returns>[batch, latent_dim, samples / hop length].</returns>
    public Tensor Forward(Tensor audio)
    {
        using var scope = new TensorScope();
        var x = First(audio);
        foreach (var block in Blocks)
        {
            using var step = new TensorScope();
            x = step.Keep(block.Forward(x));
        }
        return scope.Keep(_last.Forward(x));
    }
}

/// <summary>A step of the encoder: three residual units, then a convolution with a stride that doubles the channels.</summary>
public sealed class SnacEncoderBlock : Module
{
    private readonly IReadOnlyList<SnacResidualUnit> _units;
    private readonly Snake _snake;
    private readonly Conv1d _down;

    internal SnacEncoderBlock(long channels, long rate, bool weightNorm)
    {
        _units = [.. new[] { 1, 3, 9 }.Select((dilation, unit) => Part($"block.{unit}", new SnacResidualUnit(channels, dilation, weightNorm)))];
        _snake = Part("block.3", new Snake(channels));
        _down = Part("block.4", new Conv1d(channels, 2 * channels, 2 * rate, rate, padding: rate / 2, weightNorm: weightNorm));
    }

    /// <param name="x">[batch, channels, time]</param>
    /// <returns>[batch, 2 · channels, time / rate].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = new TensorScope();
        foreach (var unit in _units) x = unit.Forward(x);
        return scope.Keep(_down.Forward(_snake.Forward(x)));
    }
}
