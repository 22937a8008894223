using System.Buffers;
using VoxMake.Torch;

namespace VoxMake.Models.Vits;

/// <summary>What a training pass reads, on the network's device.</summary>
/// <param name="Ids">[batch, tokens] whole numbers (long), 0 to vocab_size − 1.</param>
/// <param name="Tokens">Of each text.</param>
/// <param name="Spectrogram">[batch, spectrogram_bins, frames], magnitudes; 0 beyond a clip's own frames.</param>
/// <param name="Frames">Of each clip, no fewer than its tokens.</param>
/// <param name="SegmentFrames">How many frames the decoder speaks of each clip, at most those of the batch.</param>
/// <param name="Speakers">[batch] whole numbers (long), 0 to num_speakers − 1; null for a network of one speaker.</param>
/// <param name="PosteriorNoise">[batch, flow_size, frames], normal(0, 1); null to draw it from the process's own stream, as the next two.</param>
/// <param name="DurationNoise">[batch, 2, tokens], normal(0, 1); only the stochastic duration predictor wants it.</param>
/// <param name="SliceUniform">[batch] float32 in [0, 1), on the CPU: where the segments begin.</param>
/// <param name="Autocast">The type that the encoders, the flow and the decoder run in where they can; null for float32. The rest is float32 always.</param>
public sealed record VitsTrainingInput(
    Tensor Ids,
    IReadOnlyList<long> Tokens,
    Tensor Spectrogram,
    IReadOnlyList<long> Frames,
    int SegmentFrames,
    Tensor? Speakers = null,
    Tensor? PosteriorNoise = null,
    Tensor? DurationNoise = null,
    Tensor? SliceUniform = null,
    ScalarType? Autocast = null);

/// <summary>What a training pass gives, of the caller's scope. Names of the original's code are in brackets.</summary>
/// <param name="Waveform">[batch, 1, segment frames · hop length] (y_hat).</param>
/// <param name="Starts">[batch] (long): the frame that each segment begins at (ids_slice).</param>
/// <param name="DurationLoss">[batch]: of each item, over the tokens of the whole batch (l_length).</param>
/// <param name="FrameMask">[batch, 1, frames] (z_mask).</param>
/// <param name="Latents">[batch, flow_size, frames] (z); all that follow have this shape but the last two.</param>
/// <param name="PriorLatents">The latents after the flow (z_p).</param>
/// <param name="PriorMeans">Of the token of each frame (m_p).</param>
/// <param name="PriorLogs">Logarithms of standard deviations of the token of each frame (logs_p).</param>
/// <param name="PosteriorMeans">(m_q)</param>
/// <param name="PosteriorLogs">(logs_q)</param>
/// <param name="Path">[batch, frames, tokens] of 0 and 1 (attn).</param>
/// <param name="Scores">[batch, frames, tokens]: log-likelihood of each frame under each token (neg_cent).</param>
public sealed record VitsTrainingOutput(
    Tensor Waveform, Tensor Starts, Tensor DurationLoss, Tensor FrameMask, Tensor Latents, Tensor PriorLatents, Tensor PriorMeans, Tensor PriorLogs, Tensor PosteriorMeans, Tensor PosteriorLogs, Tensor Path, Tensor Scores);

public sealed partial class VitsModel
{
    /// <summary>
    /// The way of training (VITS, section 2): latents of the recording, their alignment with the text, the loss of durations, and the waveform of a segment of each clip.
    /// </summary>
    /// <exception cref="ModelException">An item has more tokens than frames, or a segment more frames than the batch.</exception>
    public VitsTrainingOutput Forward(VitsTrainingInput input)
    {
        using var scope = new TensorScope();
        var device = input.Ids.Device;
        var (batch, tokens, frames) = ((int)input.Ids.Size(0), (int)input.Ids.Size(1), (int)input.Spectrogram.Size(2));
        for (var item = 0; item < batch; item++)
            if (input.Tokens[item] > input.Frames[item]) throw new ModelException($"item {item} has {input.Tokens[item]} tokens and only {input.Frames[item]} frames; each token must have a frame");
        if (input.SegmentFrames > frames) throw new ModelException($"a segment has {input.SegmentFrames} frames, the longest clip only {frames}");

        var tokenMask = Mask(input.Tokens, tokens, device);
        var frameMask = Mask(input.Frames, frames, device);
        var speaker = _speakers is null ? null : _speakers.Forward(input.Speakers ?? throw new ModelException("a network of several speakers wants each item's")).unsqueeze(-1);
        var posteriorNoise = input.PosteriorNoise ?? Ops.randn([batch, Config.FlowSize, frames], null, ScalarType.Float, null, device);
        var durationNoise = _stochastic is null ? null : input.DurationNoise ?? Ops.randn([batch, 2, tokens], null, ScalarType.Float, null, device);

        VitsText text;
        VitsPosterior posterior;
        Tensor priorLatents;
        using (Lower(input.Autocast, device))
        {
            text = TextEncoder.Forward(input.Ids, tokenMask.transpose(1, 2));
            posterior = PosteriorEncoder.Forward(input.Spectrogram, frameMask, posteriorNoise, speaker);
            priorLatents = Flow.Forward(posterior.Latents, frameMask, speaker);
        }

        var scores = Scores(priorLatents, text);
        var path = Align(scores, input);
        var means = path.matmul(text.PriorMeans).transpose(1, 2);
        var logs = path.matmul(text.PriorLogVariances).transpose(1, 2);
        var duration = DurationLoss(text.Hidden.transpose(1, 2), tokenMask, path.sum([1]).unsqueeze(1), durationNoise, speaker);

        var starts = Starts(input, batch).to(device);
        using (Lower(input.Autocast, device))
        {
            var waveform = Decoder.Forward(Segments(posterior.Latents, starts, input.SegmentFrames), speaker);
            return new VitsTrainingOutput(scope.Keep(waveform), scope.Keep(starts), scope.Keep(duration), scope.Keep(frameMask), scope.Keep(posterior.Latents), scope.Keep(priorLatents), scope.Keep(means),
                scope.Keep(logs), scope.Keep(posterior.Means), scope.Keep(posterior.LogStandardDeviations), scope.Keep(path), scope.Keep(scores));
        }
    }

    /// <summary>Cuts a piece of the same length out of each item.</summary>
    /// <param name="x">[batch, channels, time]</param>
    /// <param name="starts">[batch] (long); each piece must lie within the time.</param>
    /// <returns>[batch, channels, length]</returns>
    public static Tensor Segments(Tensor x, Tensor starts, long length)
    {
        var at = starts.unsqueeze(1) + Ops.arange(0, length, 1, ScalarType.Long, null, x.Device);
        return x.gather(2, at.unsqueeze(1).expand([x.Size(0), x.Size(1), length]));
    }

    /// <summary>How likely each frame's latents are under each token's prior.</summary>
    private static Tensor Scores(Tensor priorLatents, VitsText text)
    {
        using var noGrad = Libtorch.NoGrad();
        var (means, logs, latents) = (text.PriorMeans, text.PriorLogVariances, priorLatents.transpose(1, 2));
        var precision = (logs * -2).exp(); // 1 / σ²
        var constant = (-logs - 0.5 * Math.Log(2 * Math.PI)).sum([2]).unsqueeze(1);
        var square = (latents.pow(2) * -0.5).matmul(precision.transpose(1, 2));
        var mixed = latents.matmul((means * precision).transpose(1, 2));
        var rest = (means.pow(2) * -0.5 * precision).sum([2]).unsqueeze(1);
        return constant + square + mixed + rest;
    }

    /// <summary>[batch, frames, tokens] of 0 and 1. The search runs on the CPU.</summary>
    private static Tensor Align(Tensor scores, VitsTrainingInput input)
    {
        using var noGrad = Libtorch.NoGrad();
        var (batch, frames, tokens) = (scores.Size(0), (int)scores.Size(1), (int)scores.Size(2));
        var count = checked((int)scores.Count);
        var cells = ArrayPool<float>.Shared.Rent(count);
        scores.CopyTo<float>(cells);
        var path = MonotonicAlignment.Search(cells.AsMemory(0, count), input.Frames, input.Tokens, frames, tokens);
        ArrayPool<float>.Shared.Return(cells);
        return Tensor.From<long>(path, batch, frames, 1).to(scores.Device).eq(Ops.arange(0, tokens, 1, ScalarType.Long, null, scores.Device)).to(ScalarType.Float);
    }

    private Tensor DurationLoss(Tensor hidden, Tensor mask, Tensor durations, Tensor? noise, Tensor? speaker)
    {
        if (_stochastic is not null) return _stochastic.Forward(hidden, mask, durations, noise!, speaker) / mask.sum();
        var wanted = (durations + 1e-6).log() * mask;
        return (_deterministic!.Forward(hidden, mask, speaker) - wanted).pow(2).sum([1, 2]) / mask.sum();
    }

    /// <summary>Uniformly among the frames that a segment of the clip can begin at; 0 for a clip that is shorter than a segment.</summary>
    private static Tensor Starts(VitsTrainingInput input, int batch)
    {
        var places = Tensor.From<long>([.. input.Frames.Select(frames => Math.Max(frames - input.SegmentFrames + 1, 1))], batch);
        return ((input.SliceUniform ?? Ops.rand(batch)) * places).to(ScalarType.Long);
    }

    /// <summary>[batch, 1, width] of 0 and 1.</summary>
    private static Tensor Mask(IReadOnlyList<long> lengths, int width, Device device)
    {
        var mask = new float[lengths.Count * width];
        for (var item = 0; item < lengths.Count; item++) mask.AsSpan(item * width, (int)lengths[item]).Fill(1);
        return Tensor.From<float>(mask, lengths.Count, 1, width).to(device);
    }

    private static IDisposable? Lower(ScalarType? type, Device device) => type is { } given ? Libtorch.Autocast(device, given) : null;
}
