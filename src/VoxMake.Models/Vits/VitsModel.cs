using System.Globalization;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Vits;

/// <summary>How a text is to be spoken; what is null is as the configuration says.</summary>
/// <param name="Speaker">Which voice, from 0, for the whole batch; must be given where there are several.</param>
/// <param name="SpeakingRate">1 for the speed of the recordings, 2 for twice that; above 0.</param>
/// <param name="NoiseScale">Standard deviations of the noise of latents; 0 for the likeliest.</param>
/// <param name="NoiseScaleDuration">The same for durations; the deterministic predictor has no noise.</param>
/// <param name="Generator">Where noise comes from; null for the process's own stream.</param>
/// <param name="DurationNoise">[batch, 2, tokens], normal(0, 1): instead of drawn numbers.</param>
/// <param name="PriorNoise">[batch, flow_size, frames], normal(0, 1): instead of drawn numbers.</param>
public sealed record VitsSpeaking(
    int? Speaker = null,
    double? SpeakingRate = null,
    double? NoiseScale = null,
    double? NoiseScaleDuration = null,
    Generator? Generator = null,
    Tensor? DurationNoise = null,
    Tensor? PriorNoise = null);

/// <summary>What was spoken; tensors of the caller's scope.</summary>
/// <param name="Waveform">[batch, samples] within ±1; beyond a text's own length it is what the decoder makes of silence.</param>
/// <param name="Lengths">[batch] samples of each text.</param>
/// <param name="Latents">[batch, flow_size, frames]; 0 beyond a text's own length.</param>
/// <param name="Durations">[batch, tokens] whole frames of each token.</param>
public sealed record VitsSpeech(Tensor Waveform, Tensor Lengths, Tensor Latents, Tensor Durations);

/// <summary>
/// VITS (Kim, Kong and Son 2021): token ids to a waveform. Tensors have the names of Hugging Face's VitsModel, so that published checkpoints (MMS-TTS) load as they are.
/// </summary>
public sealed partial class VitsModel : Module
{
    private const int MostFrames = 1 << 17; // half an hour at the usual hop; more than that is no text but broken weights

    private readonly VitsStochasticDurationPredictor? _stochastic;
    private readonly VitsDurationPredictor? _deterministic;
    private readonly Embedding? _speakers;

    /// <param name="decoderWeightNorm">Whether the decoder's weight norm is unfolded, as it is trained; a network that only speaks has it folded.</param>
    /// <exception cref="ModelException">No network of this shape can be made.</exception>
    public VitsModel(VitsConfig config, bool decoderWeightNorm = false)
    {
        config.Check("the configuration of VITS");
        Config = config;
        TextEncoder = Part("text_encoder", new VitsTextEncoder(config));
        Flow = Part("flow", new VitsResidualCouplingBlock(config));
        Decoder = Part("decoder", new VitsHifiGan(config, decoderWeightNorm));
        if (config.UseStochasticDurationPrediction) _stochastic = Part("duration_predictor", new VitsStochasticDurationPredictor(config));
        else _deterministic = Part("duration_predictor", new VitsDurationPredictor(config));
        if (config.NumSpeakers > 1) _speakers = Part("embed_speaker", new Embedding(config.NumSpeakers, config.SpeakerEmbeddingSize));
        PosteriorEncoder = Part("posterior_encoder", new VitsPosteriorEncoder(config));
    }

    public VitsConfig Config { get; }
    public VitsTextEncoder TextEncoder { get; }
    public VitsResidualCouplingBlock Flow { get; }
    public VitsHifiGan Decoder { get; }
    public VitsPosteriorEncoder PosteriorEncoder { get; }

    /// <summary>Loads a folder with <c>config.json</c> and <c>model.safetensors</c>, ready to speak; weight norm may be spelled either way.</summary>
    /// <exception cref="ModelException">The configuration cannot be used.</exception>
    /// <exception cref="WeightsException">The weights cannot be read.</exception>
    /// <exception cref="TorchException">The weights are not those of this configuration.</exception>
    public static VitsModel Load(string folder)
    {
        var model = Load(folder, decoderWeightNorm: false);
        model.Training = false;
        return model;
    }

    /// <summary>The same in the form for training, the decoder's weight norm unfolded, whether it is so in the file or not.</summary>
    /// <exception cref="ModelException">The configuration cannot be used.</exception>
    /// <exception cref="WeightsException">The weights cannot be read.</exception>
    /// <exception cref="TorchException">The weights are not those of this configuration.</exception>
    public static VitsModel LoadForTraining(string folder) => Load(folder, decoderWeightNorm: true);

    /// <summary>A copy in the form that speaks and that is published: the decoder's weight norm folded.</summary>
    public VitsModel Folded()
    {
        var model = new VitsModel(Config) { Training = false };
        Checkpoint.Copy(this, model);
        return model;
    }

    private static VitsModel Load(string folder, bool decoderWeightNorm)
    {
        var model = new VitsModel(VitsConfig.Read(Path.Combine(folder, "config.json")), decoderWeightNorm);
        try
        {
            using var file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
            var own = file.Tensors.Where(named => !named.Key.StartsWith("discriminator.", StringComparison.Ordinal)).ToDictionary(); // finetune-hf-vits keeps it in the same file
            Checkpoint.Load(model, WeightNorm.OneSpelling(own, file.Path), file.Path);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Speaks a batch of texts. Gradients are not recorded.</summary>
    /// <param name="ids">[batch, tokens] whole numbers (long), 0 to vocab_size − 1.</param>
    /// <param name="mask">[batch, tokens] whole numbers, 1 for a token and 0 for padding after it; null if there is no padding.</param>
    /// <exception cref="ModelException">An id, the speaker, or a setting is out of range.</exception>
    public VitsSpeech Speak(Tensor ids, Tensor? mask = null, VitsSpeaking? speaking = null)
    {
        speaking ??= new VitsSpeaking();
        var rate = speaking.SpeakingRate ?? Config.SpeakingRate;
        if (!(rate > 0)) throw new ModelException($"the speaking rate is {rate}; it must be above 0");
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        if (ids.Shape.Length != 2 || ids.Count == 0) throw new ModelException($"token ids have the shape [{string.Join(", ", ids.Shape)}]; expected [batch, tokens], neither 0");
        if (mask is not null && !mask.Shape.AsSpan().SequenceEqual(ids.Shape)) throw new ModelException($"the mask has the shape [{string.Join(", ", mask.Shape)}], the token ids [{string.Join(", ", ids.Shape)}]; they must be the same");
        if (ids.lt(0).logical_or(ids.ge(Config.VocabSize)).sum().Item() > 0) throw new ModelException($"a token id is out of range; the vocabulary has the ids 0 to {Config.VocabSize - 1}");

        var tokenMask = (mask ?? Ops.ones_like(ids)).to(ids.Device, ScalarType.Float).unsqueeze(1); // [batch, 1, tokens]
        var speaker = SpeakerOf(speaking.Speaker, ids.Device);
        var text = TextEncoder.Forward(ids, tokenMask.transpose(1, 2));
        var logDuration = LogDurations(text.Hidden.transpose(1, 2), tokenMask, speaker, speaking);
        var durations = (logDuration.exp() * tokenMask * (1 / rate)).ceil().squeeze(1);

        var total = durations.sum([1]).clamp_min(1);
        if (!(total.max().Item() <= MostFrames)) throw new ModelException($"the network would speak for {total.max().Item().ToString("0", CultureInfo.InvariantCulture)} frames, more than {MostFrames}: its weights may be broken, or the speaking rate too low");
        var frames = total.to(ScalarType.Long);
        var (path, frameMask) = Alignment(durations, frames);
        path *= tokenMask;
        var means = path.matmul(text.PriorMeans).transpose(1, 2);
        var logs = path.matmul(text.PriorLogVariances).transpose(1, 2);
        var prior = means + Noise(speaking.PriorNoise, means.Shape, speaking.NoiseScale ?? Config.NoiseScale, speaking.Generator, ids.Device) * logs.exp();
        var latents = Flow.Reverse(prior, frameMask, speaker) * frameMask;
        var waveform = Decoder.Forward(latents, speaker).squeeze(1);
        return new VitsSpeech(scope.Keep(waveform), scope.Keep(frames * Config.HopLength), scope.Keep(latents), scope.Keep(durations));
    }

    private Tensor LogDurations(Tensor hidden, Tensor mask, Tensor? speaker, VitsSpeaking speaking)
    {
        if (_deterministic is not null) return _deterministic.Forward(hidden, mask, speaker);
        var noise = Noise(speaking.DurationNoise, [hidden.Size(0), 2, hidden.Size(2)], speaking.NoiseScaleDuration ?? Config.NoiseScaleDuration, speaking.Generator, hidden.Device);
        return _stochastic!.Reverse(hidden, mask, noise, speaker);
    }

    /// <summary>Which token each frame belongs to: [batch, frames, tokens] of 0 and 1; and which frames are any text's: [batch, 1, frames].</summary>
    private static (Tensor Path, Tensor FrameMask) Alignment(Tensor durations, Tensor frames)
    {
        var index = Ops.arange(0, (long)frames.max().Item(), 1, ScalarType.Long, null, durations.Device);
        var frameMask = index.unsqueeze(0).lt(frames.unsqueeze(1)).to(ScalarType.Float).unsqueeze(1);
        var ends = durations.cumsum(1).unsqueeze(1);
        var starts = ends - durations.unsqueeze(1);
        var frame = index.to(ScalarType.Float).unsqueeze(0).unsqueeze(2);
        var path = frame.ge(starts).logical_and(frame.lt(ends)).to(ScalarType.Float);
        return (path * frameMask.transpose(1, 2), frameMask);
    }

    private static Tensor Noise(Tensor? given, long[] shape, double scale, Generator? generator, Device device)
    {
        if (given is not null && !given.Shape.AsSpan().SequenceEqual(shape)) throw new ModelException($"the noise has the shape [{string.Join(", ", given.Shape)}], not [{string.Join(", ", shape)}]");
        return (given ?? Ops.randn(shape, generator)).to(device) * scale;
    }

    private Tensor? SpeakerOf(int? speaker, Device device)
    {
        if (_speakers is null) return speaker is null or 0 ? null : throw new ModelException($"speaker {speaker} was asked for; this network has one voice, 0");
        if (speaker is null || speaker < 0 || speaker >= Config.NumSpeakers) throw new ModelException($"the speaker must be 0 to {Config.NumSpeakers - 1}; {(speaker is null ? "none was given" : $"{speaker} was given")}");
        return _speakers.Forward(Tensor.From<long>([speaker.Value], 1).to(device)).unsqueeze(-1);
    }
}
