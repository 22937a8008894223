using VoxMake.Models.Vits;

namespace VoxMake.Training.Vits;

/// <summary>
/// What a step of VITS keeps in memory for each clip until its gradients are there: the outputs of layers that backward needs, counted layer by layer, times a factor for what autograd and the
/// convolutions' workspaces take beside them.
/// </summary>
internal static class VitsMemory
{
    /// <summary>Measured over counted: on the CPU with libtorch 1.13, size tiny with batches of 1, 4 and 8 and segments of 4096 and 8192 samples, size base with one clip; estimates were within 15 %.</summary>
    private const double Overhead = 1.75;

    /// <summary>Bytes of a clip.</summary>
    /// <param name="frames">Of the clip.</param>
    /// <param name="tokens">Of its text, blanks counted.</param>
    public static long BytesOfClip(VitsConfig config, VitsDiscriminatorConfig discriminator, VitsTrainingOptions options, long frames, long tokens)
    {
        var numbers = TextEncoder(config, tokens) + Durations(config, tokens) + Posterior(config, frames) + Flow(config, frames) + Alignment(config, frames, tokens)
            + Decoder(config, options.SegmentFrames) + Discriminators(discriminator, options.SegmentSize);
        return (long)(4 * Overhead * numbers * (options.Bf16 ? 0.6 : 1)); // halves of most, not of all
    }

    private static double TextEncoder(VitsConfig c, double tokens) => c.NumHiddenLayers * (4.0 * c.NumAttentionHeads * tokens * tokens + tokens * (12.0 * c.HiddenSize + 3.0 * c.FfnDim));

    private static double Durations(VitsConfig c, double tokens) => c.UseStochasticDurationPrediction
        ? tokens * c.HiddenSize * 6.0 * c.DepthSeparableNumLayers * (2 + 2 * c.DurationPredictorNumFlows) + tokens * 2.0 * c.DurationPredictorNumFlows * 12 * c.DurationPredictorFlowBins
        : tokens * 6.0 * c.DurationPredictorFilterChannels;

    /// <summary>A WaveNet layer keeps its input, the convolution's two halves, their activations, the product, and the two halves of the skip.</summary>
    private static double WaveNet(VitsConfig c, int layers, double frames) => layers * frames * 9.0 * c.HiddenSize;

    private static double Posterior(VitsConfig c, double frames) => frames * (2.0 * c.SpectrogramBins + 6.0 * c.FlowSize) + WaveNet(c, c.PosteriorEncoderNumWavenetLayers, frames);

    private static double Flow(VitsConfig c, double frames) => c.PriorEncoderNumFlows * (WaveNet(c, c.PriorEncoderNumWavenetLayers, frames) + frames * 4.0 * c.FlowSize);

    private static double Alignment(VitsConfig c, double frames, double tokens) => 3.0 * frames * tokens + frames * 6.0 * c.FlowSize;

    /// <summary>A residual block keeps, for each dilation, the inputs of two convolutions and of their activations, and the sum.</summary>
    private static double Decoder(VitsConfig c, double frames)
    {
        var (length, sum) = (frames, frames * 2.0 * c.UpsampleInitialChannel);
        for (var step = 0; step < c.UpsampleRates.Length; step++)
        {
            length *= c.UpsampleRates[step];
            var channels = c.UpsampleInitialChannel >> step + 1;
            sum += length * channels * (2 + c.ResblockDilationSizes.Sum(dilations => 5.0 * dilations.Length + 1));
        }
        return sum;
    }

    /// <summary>Real and generated sound, each layer's output and its activation.</summary>
    private static double Discriminators(VitsDiscriminatorConfig d, double samples)
    {
        double scale = 0, period = 0, length = samples;
        for (var layer = 1; layer < d.DiscriminatorScaleChannels.Length; layer++)
        {
            scale += length * d.DiscriminatorScaleChannels[layer];
            length /= 4;
        }
        scale += length * d.DiscriminatorScaleChannels[^1] * 2;
        length = samples;
        for (var layer = 1; layer < d.DiscriminatorPeriodChannels.Length; layer++)
        {
            length /= d.DiscriminatorStride;
            period += length * d.DiscriminatorPeriodChannels[layer];
        }
        period += length * d.DiscriminatorPeriodChannels[^1];
        return 2 * 2 * (scale + d.DiscriminatorPeriods.Length * period);
    }
}
