using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Whisper;

/// <summary>
/// A Whisper model as Hugging Face publishes it (<c>openai/whisper-tiny</c> … <c>whisper-large-v3-turbo</c>, distilled and fine-tuned ones): configuration, defaults of generation, weights.
/// Opening reads and checks all but the numbers: each tensor that the configuration asks for is there with its shape, and no other.
/// </summary>
public sealed class WhisperDirectory : IDisposable
{
    private const string HeadName = "proj_out.weight", EmbeddingName = "model.decoder.embed_tokens.weight";
    private readonly ModelWeights _weights;

    private WhisperDirectory(ModelFiles files, WhisperConfig config, WhisperGeneration generation, ModelWeights weights) => (Files, Config, Generation, _weights) = (files, config, generation, weights);

    public ModelFiles Files { get; }

    public WhisperConfig Config { get; }

    /// <summary>generation_config.json; empty where there is none.</summary>
    public WhisperGeneration Generation { get; }

    /// <summary>The type of the weights as they lie in the files.</summary>
    public ScalarType Type => Checkpoint.TypeOf(_weights.Tensors[EmbeddingName]);

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense, or weights and configuration are not of one model: all tensors at fault are named.</exception>
    /// <exception cref="WeightsException">A file of weights breaks a rule of its format.</exception>
    public static WhisperDirectory Open(string folder) => Open(ModelFiles.InFolder(folder));

    /// <summary>Opens files, wherever they lie.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense, or weights and configuration are not of one model: all tensors at fault are named.</exception>
    /// <exception cref="WeightsException">A file of weights breaks a rule of its format.</exception>
    public static WhisperDirectory Open(ModelFiles files)
    {
        var name = files.Shown("config.json");
        var config = WhisperConfig.Read(files["config.json"], name);
        var generation = files.TryGet("generation_config.json", out var path) ? WhisperGeneration.Read(path, files.Shown("generation_config.json"), config) : new WhisperGeneration();
        var weights = ModelWeights.Open(files);
        try
        {
            Check(config, weights, name);
            return new WhisperDirectory(files, config, generation, weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The network, ready for use: no gradients are kept for its tensors.</summary>
    /// <param name="type">What its numbers are to be; null: as in the files, but float32 on the CPU, where half precision has few operators.</param>
    public WhisperModel Model(Device device, ScalarType? type = null)
    {
        var to = type ?? (device == Device.Cpu ? ScalarType.Float : Type);
        var model = new WhisperModel(Config, (name, _) => Checkpoint.ToTensor(_weights.Tensors[name]).to(device, to)) { Training = false };
        foreach (var (_, parameter) in model.NamedParameters()) parameter.RequiresGrad = false;
        return model;
    }

    private static void Check(WhisperConfig config, ModelWeights weights, string name)
    {
        var faults = new List<string>();
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tensor, shape) in WhisperModel.Tensors(config))
        {
            wanted.Add(tensor);
            if (!weights.Tensors.TryGetValue(tensor, out var view)) faults.Add($"{tensor} is missing");
            else if (!view.Shape.AsSpan().SequenceEqual(shape)) faults.Add($"{tensor} has the shape [{string.Join(", ", view.Shape)}], not [{string.Join(", ", shape)}]");
            else if (view.DType is not (DType.F32 or DType.BF16 or DType.F16)) faults.Add($"{tensor} holds {view.DType.Name()}, not F32, BF16 or F16");
        }
        foreach (var extra in weights.Tensors.Keys.Where(tensor => !wanted.Contains(tensor)).Order(StringComparer.Ordinal))
        {
            if (extra != HeadName) faults.Add($"{extra} is left over");
            else if (weights.Tensors.TryGetValue(EmbeddingName, out var embedding) && !Same(weights.Tensors[extra], embedding))
                faults.Add($"{HeadName} differs from {EmbeddingName}, though Whisper's head is its embedding");
        }
        if (faults.Count > 0)
            throw new ModelException($"{weights.Name} does not fit {name}: {string.Join("; ", faults.Take(10))}{(faults.Count > 10 ? $"; and {faults.Count - 10} more" : "")}");
    }

    private static bool Same(TensorView a, TensorView b) => a.DType == b.DType && a.Shape.AsSpan().SequenceEqual(b.Shape) && a.ToArray().AsSpan().SequenceEqual(b.ToArray());

    public void Dispose() => _weights.Dispose();
}
