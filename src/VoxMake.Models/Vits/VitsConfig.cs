using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Models.Vits;

/// <summary>
/// The shape of a VITS network: <c>config.json</c> of Hugging Face transformers (VitsConfig), with its names and its defaults. Fields of that file that say nothing of the network are passed over.
/// </summary>
/// <param name="SpeakerEmbeddingSize">0 for a network of one speaker.</param>
/// <param name="WindowSize">Tokens to either side for which attention learns a relative position; 0 for none.</param>
/// <param name="HiddenAct">Activation of the text encoder's feed-forward part: <c>relu</c> or <c>gelu</c>.</param>
/// <param name="FlowSize">Channels of the latents, even.</param>
/// <param name="SpectrogramBins">Rows of the linear spectrogram that the posterior encoder reads: n_fft / 2 + 1.</param>
/// <param name="DepthSeparableChannels">Channels of the stochastic duration predictor's flows, even; published networks have 2.</param>
/// <param name="DurationPredictorTailBound">The splines work within ± this; outside they change nothing.</param>
/// <param name="SpeakingRate">1 for the speed of the recordings, 2 for twice that.</param>
/// <param name="NoiseScale">Standard deviations of the noise that latents are drawn with.</param>
/// <param name="NoiseScaleDuration">The same for durations.</param>
/// <param name="SamplingRate">Hz.</param>
public sealed record VitsConfig(
    string ModelType = "vits",
    int VocabSize = 38,
    int HiddenSize = 192,
    int NumHiddenLayers = 6,
    int NumAttentionHeads = 2,
    int WindowSize = 4,
    bool UseBias = true,
    int FfnDim = 768,
    int FfnKernelSize = 3,
    int FlowSize = 192,
    int SpectrogramBins = 513,
    string HiddenAct = "relu",
    double HiddenDropout = 0.1,
    double AttentionDropout = 0.1,
    double ActivationDropout = 0.1,
    double LayerNormEps = 1e-5,
    bool UseStochasticDurationPrediction = true,
    int NumSpeakers = 1,
    int SpeakerEmbeddingSize = 0,
    int UpsampleInitialChannel = 512,
    int[]? UpsampleRates = null,
    int[]? UpsampleKernelSizes = null,
    int[]? ResblockKernelSizes = null,
    int[][]? ResblockDilationSizes = null,
    double LeakyReluSlope = 0.1,
    int DepthSeparableChannels = 2,
    int DepthSeparableNumLayers = 3,
    int DurationPredictorFlowBins = 10,
    double DurationPredictorTailBound = 5,
    int DurationPredictorKernelSize = 3,
    double DurationPredictorDropout = 0.5,
    int DurationPredictorNumFlows = 4,
    int DurationPredictorFilterChannels = 256,
    int PriorEncoderNumFlows = 4,
    int PriorEncoderNumWavenetLayers = 4,
    int PosteriorEncoderNumWavenetLayers = 16,
    int WavenetKernelSize = 5,
    int WavenetDilationRate = 1,
    double WavenetDropout = 0,
    double SpeakingRate = 1,
    double NoiseScale = 0.667,
    double NoiseScaleDuration = 0.8,
    int SamplingRate = 16000)
{
    /// <summary>Factors by which the decoder's steps make time finer; their product is the samples of a frame.</summary>
    public int[] UpsampleRates { get; init; } = UpsampleRates ?? [8, 8, 2, 2];

    public int[] UpsampleKernelSizes { get; init; } = UpsampleKernelSizes ?? [16, 16, 4, 4];

    public int[] ResblockKernelSizes { get; init; } = ResblockKernelSizes ?? [3, 7, 11];

    public int[][] ResblockDilationSizes { get; init; } = ResblockDilationSizes ?? [[1, 3, 5], [1, 3, 5], [1, 3, 5]];

    /// <summary>Samples of a frame of the latents.</summary>
    [JsonIgnore]
    public int HopLength => UpsampleRates.Aggregate(1, (product, rate) => product * rate);

    /// <summary>Reads and checks a <c>config.json</c>.</summary>
    /// <param name="name">What messages call it; null: the path.</param>
    /// <exception cref="ModelException">It cannot be read, is no JSON, or describes no VITS network.</exception>
    public static VitsConfig Read(string path, string? name = null)
    {
        name ??= path;
        try
        {
            var config = TransformersJson.Read(path, name).Deserialize(VitsConfigJson.Default.VitsConfig)!;
            config.Check(name);
            return config;
        }
        catch (JsonException error) { throw new ModelException($"{name} cannot be read: {error.Path?.TrimStart('$', '.')} is of another kind than in a configuration of VITS, or beyond all bounds", error); }
    }

    /// <summary>Whether a network of this shape can be made.</summary>
    /// <param name="file">What messages call the configuration.</param>
    /// <exception cref="ModelException">It cannot; the message names the field.</exception>
    public void Check(string file)
    {
        if (ModelType != "vits") throw new ModelException($"{file}: model_type is {ModelType}, not vits");
        foreach (var (name, size) in new (string, int)[]
        {
            ("vocab_size", VocabSize), ("hidden_size", HiddenSize), ("num_hidden_layers", NumHiddenLayers), ("num_attention_heads", NumAttentionHeads), ("ffn_dim", FfnDim),
            ("ffn_kernel_size", FfnKernelSize), ("flow_size", FlowSize), ("spectrogram_bins", SpectrogramBins), ("num_speakers", NumSpeakers), ("upsample_initial_channel", UpsampleInitialChannel),
            ("depth_separable_channels", DepthSeparableChannels), ("depth_separable_num_layers", DepthSeparableNumLayers), ("duration_predictor_flow_bins", DurationPredictorFlowBins),
            ("duration_predictor_kernel_size", DurationPredictorKernelSize), ("duration_predictor_num_flows", DurationPredictorNumFlows),
            ("duration_predictor_filter_channels", DurationPredictorFilterChannels), ("prior_encoder_num_flows", PriorEncoderNumFlows),
            ("prior_encoder_num_wavenet_layers", PriorEncoderNumWavenetLayers), ("posterior_encoder_num_wavenet_layers", PosteriorEncoderNumWavenetLayers),
            ("wavenet_kernel_size", WavenetKernelSize), ("wavenet_dilation_rate", WavenetDilationRate),
        })
            Range(file, name, size, 1, 1 << 16);
        Range(file, "window_size", WindowSize, 0, 1 << 10);
        Range(file, "speaker_embedding_size", SpeakerEmbeddingSize, NumSpeakers > 1 ? 1 : 0, 1 << 16);
        Range(file, "sampling_rate", SamplingRate, 1, 1 << 20);
        if (HiddenSize % NumAttentionHeads != 0) throw new ModelException($"{file}: hidden_size {HiddenSize} cannot be shared among {NumAttentionHeads} heads (num_attention_heads)");
        if (FlowSize % 2 != 0) throw new ModelException($"{file}: flow_size is {FlowSize}; it must be even");
        if (DepthSeparableChannels != 2) throw new ModelException($"{file}: depth_separable_channels is {DepthSeparableChannels}; only 2 gives one duration for a token");
        if (DurationPredictorFlowBins > 500) throw new ModelException($"{file}: duration_predictor_flow_bins is {DurationPredictorFlowBins}; expected at most 500");
        if (HiddenAct is not ("relu" or "gelu")) throw new ModelException($"{file}: hidden_act is {HiddenAct}; expected relu or gelu");
        if (!(SpeakingRate > 0)) throw new ModelException($"{file}: speaking_rate must be above 0");
        if (!(DurationPredictorTailBound > 0)) throw new ModelException($"{file}: duration_predictor_tail_bound must be above 0");

        if (UpsampleRates.Length is 0 or > 16 || UpsampleRates.Length != UpsampleKernelSizes.Length)
            throw new ModelException($"{file}: upsample_rates and upsample_kernel_sizes must be lists of the same length, 1 to 16");
        if (ResblockKernelSizes.Length is 0 or > 16 || ResblockDilationSizes.Any(list => list is null || list.Length is 0 or > 16) || ResblockKernelSizes.Length != ResblockDilationSizes.Length)
            throw new ModelException($"{file}: resblock_kernel_sizes and resblock_dilation_sizes must be lists of the same length, 1 to 16");
        var samples = 1L;
        for (var i = 0; i < UpsampleRates.Length; i++)
        {
            Range(file, "upsample_rates", UpsampleRates[i], 1, 1 << 10);
            Range(file, "upsample_kernel_sizes", UpsampleKernelSizes[i], UpsampleRates[i], 1 << 12);
            if ((UpsampleKernelSizes[i] - UpsampleRates[i]) % 2 != 0) throw new ModelException($"{file}: upsample_kernel_sizes {UpsampleKernelSizes[i]} and upsample_rates {UpsampleRates[i]} must both be even or both odd");
            samples *= UpsampleRates[i];
            if (samples > 1 << 20) throw new ModelException($"{file}: upsample_rates make more than {1 << 20} samples of a frame");
        }
        foreach (var kernel in ResblockKernelSizes) Odd(file, "resblock_kernel_sizes", kernel);
        foreach (var dilation in ResblockDilationSizes.SelectMany(list => list)) Range(file, "resblock_dilation_sizes", dilation, 1, 1 << 10);
        Odd(file, "wavenet_kernel_size", WavenetKernelSize);
        Odd(file, "duration_predictor_kernel_size", DurationPredictorKernelSize);
        if (UpsampleInitialChannel >> UpsampleRates.Length == 0) throw new ModelException($"{file}: upsample_initial_channel {UpsampleInitialChannel} cannot be halved {UpsampleRates.Length} times");
    }

    private static void Range(string file, string name, int value, int least, int most)
    {
        if (value < least || value > most) throw new ModelException($"{file}: {name} is {value}; expected {least} to {most}");
    }

    /// <summary>An even kernel would move the sound by half a step and change its length.</summary>
    private static void Odd(string file, string name, int kernel)
    {
        if (kernel % 2 == 0 || kernel is < 1 or > 1 << 10) throw new ModelException($"{file}: {name} holds {kernel}; expected an odd number up to {1 << 10}");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VitsConfig))]
internal sealed partial class VitsConfigJson : JsonSerializerContext;
