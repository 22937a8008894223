using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Snac;

/// <summary>Latents to sound: transposed convolutions, channels halved at each step, and noise that each step learned to shape.</summary>
public sealed class SnacDecoder : Module
{
    private readonly Conv1d _depthwise, _widen, _last;
    private readonly IReadOnlyList<SnacDecoderBlock> _blocks;
    private readonly Snake _snake;

    /// <param name="weightNorm">Whether weight norm is unfolded, as it is published.</param>
    public SnacDecoder(SnacConfig config, bool weightNorm)
    {
        var rates = config.DecoderRates;
        _depthwise = Part("model.0", new Conv1d(config.LatentDim, config.LatentDim, 7, padding: 3, groups: config.LatentDim, weightNorm: weightNorm));
        _widen = Part("model.1", new Conv1d(config.LatentDim, config.DecoderDim, 1, weightNorm: weightNorm));
        _blocks = [.. rates.Select((rate, step) => Part($"model.{step + 2}", new SnacDecoderBlock(config.DecoderDim >> step, config.DecoderDim >> step + 1, rate, weightNorm)))];
        var last = config.DecoderDim >> rates.Length;
        _snake = Part($"model.{rates.Length + 2}", new Snake(last));
        _last = Part($"model.{rates.Length + 3}", new Conv1d(last, 1, 7, padding: 3, weightNorm: weightNorm));
    }

    /// <param name="latents">[batch, latent_dim, time]</param>
    /// <param name="noise">Of each step [batch, 1, time'], normal(0, 1), time' being the step's own; null for none.</param>
    /// <returns>[batch, 1, time · hop length], within ±1.</returns>
    public Tensor Forward(Tensor latents, IReadOnlyList<Tensor>? noise)
    {
        using var scope = new TensorScope();
        var x = _widen.Forward(_depthwise.Forward(latents));
        for (var i = 0; i < _blocks.Count; i++)
        {
            using var step = new TensorScope();
            x = step.Keep(_blocks[i].Forward(x, noise?[i]));
        }
        return scope.Keep(_last.Forward(_snake.Forward(x)).tanh());
    }
}

/// <summary>A step of the decoder: a transposed convolution that halves the channels, noise, and three residual units.</summary>
internal sealed class SnacDecoderBlock : Module
{
    private readonly Snake _snake;
    private readonly ConvTranspose1d _up;
    private readonly Conv1d _noise;
    private readonly IReadOnlyList<SnacResidualUnit> _units;

    public SnacDecoderBlock(long inChannels, long outChannels, long rate, bool weightNorm)
    {
        _snake = Part("block.0", new Snake(inChannels));
        _up = Part("block.1", new ConvTranspose1d(inChannels, outChannels, 2 * rate, rate, padding: rate / 2, weightNorm: weightNorm));
        _noise = Part("block.2.linear", new Conv1d(outChannels, outChannels, 1, bias: false, weightNorm: weightNorm));
        _units = [.. new[] { 1, 3, 9 }.Select((dilation, unit) => Part($"block.{unit + 3}", new SnacResidualUnit(outChannels, dilation, weightNorm)))];
    }

    /// <param name="x">[batch, channels, time]</param>
    /// <param name="noise">[batch, 1, time · rate]; null for none.</param>
    public Tensor Forward(Tensor x, Tensor? noise)
    {
        using var scope = new TensorScope();
        x = _up.Forward(_snake.Forward(x));
        if (noise is not null) x += noise * _noise.Forward(x);
        foreach (var unit in _units) x = unit.Forward(x);
        return scope.Keep(x);
    }
}
