using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Vits;

/// <summary>
/// A VITS model as Hugging Face publishes it (<c>facebook/mms-tts-*</c>, a result of save_pretrained, our own export): configuration, tokenizer, weights, and where there is one the discriminator
/// to train on with. Opening reads and checks; tensors stay in their files until a network is made of them.
/// </summary>
public sealed class VitsDirectory : IDisposable
{
    /// <summary>Our export's file for the discriminator; transformers passes it over.</summary>
    public const string DiscriminatorFile = "discriminator.safetensors";

    private readonly VitsWeights _weights;
    private readonly SafetensorsFile? _discriminator;

    private VitsDirectory(ModelFiles files, VitsConfig config, VitsTokenizer tokenizer, VitsWeights weights, SafetensorsFile? discriminator) =>
        (Files, Config, Tokenizer, _weights, _discriminator) = (files, config, tokenizer, weights, discriminator);

    public ModelFiles Files { get; }
    public VitsConfig Config { get; }
    public VitsTokenizer Tokenizer { get; }

    /// <summary>What messages call the file of the weights.</summary>
    public string WeightsName => _weights.Name;

    /// <summary>The network's tensors under Hugging Face's names; weight norm is spelled weight_g and weight_v.</summary>
    public IReadOnlyDictionary<string, TensorView> Weights => _weights.Network;

    /// <summary>The discriminator's tensors, names without <c>discriminator.</c>; empty where the model has none.</summary>
    public IReadOnlyDictionary<string, TensorView> Discriminator => _discriminator?.Tensors ?? _weights.Discriminator;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense.</exception>
    /// <exception cref="WeightsException">A file of weights breaks a rule of its format.</exception>
    public static VitsDirectory Open(string folder) => Open(ModelFiles.InFolder(folder));

    /// <summary>Opens files, wherever they lie.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense.</exception>
    /// <exception cref="WeightsException">A file of weights breaks a rule of its format.</exception>
    public static VitsDirectory Open(ModelFiles files)
    {
        var config = VitsConfig.Read(files["config.json"], files.Shown("config.json"));
        var tokenizer = VitsTokenizerFiles.Read(files);
        if (tokenizer.Vocabulary.Size > config.VocabSize)
            throw new ModelException($"{files.Shown("vocab.json")} has ids up to {tokenizer.Vocabulary.Size - 1}, {files.Shown("config.json")} says vocab_size {config.VocabSize}; they are not of one model");
        var weights = VitsWeights.Open(files);
        try
        {
            CheckSize(config, weights, files.Shown("config.json"));
            return new VitsDirectory(files, config, tokenizer, weights, files.TryGet(DiscriminatorFile, out var path) ? SafetensorsFile.Open(path) : null);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The network, ready to speak: no dropout, the decoder's weight norm folded.</summary>
    /// <exception cref="Torch.Native.TorchException">Tensors are missing or left over, or have other shapes: all are named.</exception>
    public VitsModel Model()
    {
        var model = new VitsModel(Config);
        try
        {
            Checkpoint.Load(model, Weights, WeightsName);
            model.Training = false;
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads the weights into a network made elsewhere: of the same shape, or with more tokens (<see cref="VitsVocabulary.With"/>) or speakers.</summary>
    /// <param name="seed">Of rows that are new.</param>
    /// <exception cref="Torch.Native.TorchException">Something else does not fit; all tensors at fault are named.</exception>
    public VitsGrowth LoadInto(VitsModel network, ulong seed) => VitsGrowth.Load(network, Weights, WeightsName, seed);

    /// <summary>
    /// Writes a directory that VitsModel and VitsTokenizer of transformers load. Weight norm of the flow and the posterior encoder is spelled weight_g and weight_v: so it is in all published
    /// checkpoints, every version of transformers reads it, and new ones rename it (parametrizations.weight.original0, original1) as they load.
    /// </summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <exception cref="ModelException">Network and tokenizer do not fit.</exception>
    public static void Write(string folder, VitsModel model, VitsTokenizer tokenizer)
    {
        if (tokenizer.Vocabulary.Size > model.Config.VocabSize) throw new ModelException($"the tokenizer has ids up to {tokenizer.Vocabulary.Size - 1}, the network's vocab_size is {model.Config.VocabSize}");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "config.json"), TransformersJson.Bytes(ToJson(model.Config), ascii: true));
        VitsTokenizerFiles.Write(tokenizer, folder);
        Checkpoint.Save(model, Path.Combine(folder, "model.safetensors"), new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>All fields that transformers writes, but for its own version.</summary>
    private static JsonObject ToJson(VitsConfig config)
    {
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray("VitsModel"),
            ["dtype"] = "float32", // transformers 5
            ["torch_dtype"] = "float32", // transformers 4
            ["initializer_range"] = 0.02,
            ["layerdrop"] = 0.1,
            ["pad_token_id"] = null,
        };
        foreach (var (field, value) in JsonSerializer.SerializeToNode(config, VitsConfigJson.Default.VitsConfig)!.AsObject())
            json[field] = IsReal(field) ? JsonValue.Create(value!.GetValue<double>()) : value?.DeepClone(); // 1.0, not 1
        return json;
    }

    private static bool IsReal(string field) => VitsConfigJson.Default.VitsConfig.Properties.Any(property => property.Name == field && property.PropertyType == typeof(double));

    /// <summary>A configuration may ask for any sizes; memory is not taken for more than the weights fill.</summary>
    private static void CheckSize(VitsConfig config, VitsWeights weights, string name)
    {
        var (asked, there) = (RoughNumbers(config), weights.Numbers);
        if (asked > 2.0 * there + 1e6) throw new ModelException($"{name} describes a network of some {asked:0} numbers, {weights.Name} holds {there}; they are not of one model");
    }

    /// <summary>The numbers of a network's large tensors, never more than it really has.</summary>
    private static double RoughNumbers(VitsConfig c)
    {
        double hidden = c.HiddenSize;
        var text = c.VocabSize * hidden + c.NumHiddenLayers * (4 * hidden * hidden + 2 * hidden * c.FfnDim * c.FfnKernelSize);
        double WaveNet(int layers) => layers * (2 * hidden * hidden * c.WavenetKernelSize + hidden * hidden + 2 * hidden * c.SpeakerEmbeddingSize);
        var flow = c.PriorEncoderNumFlows * WaveNet(c.PriorEncoderNumWavenetLayers);
        var posterior = c.SpectrogramBins * hidden + WaveNet(c.PosteriorEncoderNumWavenetLayers);
        var decoder = 7.0 * c.FlowSize * c.UpsampleInitialChannel;
        for (var step = 0; step < c.UpsampleRates.Length; step++)
        {
            double into = c.UpsampleInitialChannel >> step, channels = c.UpsampleInitialChannel >> step + 1;
            decoder += into * channels * c.UpsampleKernelSizes[step] + c.ResblockKernelSizes.Zip(c.ResblockDilationSizes, (kernel, dilations) => 2.0 * dilations.Length * channels * channels * kernel).Sum();
        }
        double durations = c.UseStochasticDurationPrediction
            ? 2.0 * c.DurationPredictorNumFlows * c.DepthSeparableNumLayers * hidden * hidden
            : c.DurationPredictorKernelSize * c.DurationPredictorFilterChannels * (hidden + c.DurationPredictorFilterChannels);
        return text + flow + posterior + decoder + durations + (c.NumSpeakers > 1 ? (double)c.NumSpeakers * c.SpeakerEmbeddingSize : 0);
    }

    public void Dispose()
    {
        _weights.Dispose();
        _discriminator?.Dispose();
    }
}
