using System.Text.Json.Nodes;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Llama;

/// <summary>
/// A language model as Hugging Face publishes it (Llama-3.2, <c>canopylabs/orpheus-3b</c>, a result of save_pretrained, our own export): configuration, defaults of generation, weights. Opening
/// reads and checks all but the numbers: each tensor that the configuration asks for is there with its shape, and no other. What would make another model than the one meant is refused, for a
/// server would load it and speak garbage.
/// </summary>
public sealed class LlamaDirectory : IDisposable
{
    /// <summary>Where our export of a fine-tuned model has the merged one.</summary>
    public const string MergedFolder = "merged_16bit/";

    private const string HeadName = "lm_head.weight", EmbeddingName = "model.embed_tokens.weight";
    private readonly ModelWeights _weights;

    private LlamaDirectory(ModelFiles files, JsonObject configJson, LlamaConfig config, GenerationConfig generation, ModelWeights weights) =>
        (Files, ConfigJson, Config, Generation, _weights) = (files, configJson, config, generation, weights);

    public ModelFiles Files { get; }

    /// <summary>config.json as it stands.</summary>
    public JsonObject ConfigJson { get; }

    public LlamaConfig Config { get; }

    /// <summary>generation_config.json; the defaults where there is none.</summary>
    public GenerationConfig Generation { get; }

    /// <summary>What messages call the file of the weights.</summary>
    public string WeightsName => _weights.Name;

    /// <summary>All tensors of the files.</summary>
    public IReadOnlyDictionary<string, TensorView> Weights => _weights.Tensors;

    /// <summary>The name of the file that a tensor is in.</summary>
    public string FileOf(string tensor) => _weights.FileOf(tensor);

    /// <summary>The type of the weights as they lie in the files.</summary>
    public ScalarType Type => Checkpoint.TypeOf(Weights[EmbeddingName]);

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense, or weights and configuration are not of one model: all tensors at fault are named.</exception>
    /// <exception cref="WeightsException">A file of weights breaks a rule of its format.</exception>
    public static LlamaDirectory Open(string folder) => Open(ModelFiles.InFolder(folder));

    /// <summary>Opens files, wherever they lie.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense, or weights and configuration are not of one model: all tensors at fault are named.</exception>
    /// <exception cref="WeightsException">A file of weights breaks a rule of its format.</exception>
    public static LlamaDirectory Open(ModelFiles files)
    {
        var name = files.Shown("config.json");
        var json = TransformersJson.Read(files["config.json"], name);
        var config = LlamaConfig.Of(json, name);
        var generation = files.TryGet("generation_config.json", out var path) ? GenerationConfig.Read(path, files.Shown("generation_config.json")) : new GenerationConfig();
        var weights = ModelWeights.Open(files);
        try
        {
            Check(config, weights, name);
            return new LlamaDirectory(files, json, config, generation, weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The network, ready for use.</summary>
    /// <param name="type">What its numbers are to be; null: as in the files.</param>
    public LlamaModel Model(Device device, ScalarType? type = null) => new(Config, (name, _) => Load(name, device, type)) { Training = false };

    /// <summary>One tensor, of the present scope.</summary>
    public Tensor Load(string name, Device device, ScalarType? type = null)
    {
        var tensor = Checkpoint.ToTensor(Weights[name]);
        return tensor.to(device, type ?? tensor.Type);
    }

    private static void Check(LlamaConfig config, ModelWeights weights, string name)
    {
        var faults = new List<string>();
        var wanted = new HashSet<string>();
        foreach (var (tensor, shape) in LlamaModel.Tensors(config))
        {
            wanted.Add(tensor);
            if (!weights.Tensors.TryGetValue(tensor, out var view)) faults.Add($"{tensor} is missing");
            else if (!view.Shape.AsSpan().SequenceEqual(shape)) faults.Add($"{tensor} has the shape [{string.Join(", ", view.Shape)}], not [{string.Join(", ", shape)}]");
            else if (view.DType is not (DType.F32 or DType.BF16 or DType.F16)) faults.Add($"{tensor} holds {view.DType.Name()}, not F32, BF16 or F16");
        }
        foreach (var extra in weights.Tensors.Keys.Where(tensor => !wanted.Contains(tensor) && !tensor.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (extra != HeadName) faults.Add($"{extra} is left over");
            else if (weights.Tensors.TryGetValue(EmbeddingName, out var embedding) && !Same(weights.Tensors[extra], embedding))
                faults.Add($"{HeadName} differs from {EmbeddingName}, though tie_word_embeddings says that they are one");
        }
        if (faults.Count > 0)
            throw new ModelException($"{weights.Name} does not fit {name}: {string.Join("; ", faults.Take(10))}{(faults.Count > 10 ? $"; and {faults.Count - 10} more" : "")}");
    }

    /// <summary>Whether two tensors hold the same bytes.</summary>
    private static unsafe bool Same(TensorView a, TensorView b)
    {
        if (a.DType != b.DType || !a.Shape.AsSpan().SequenceEqual(b.Shape)) return false;
        if (!a.IsContiguous || !b.IsContiguous) return a.ToArray().AsSpan().SequenceEqual(b.ToArray());
        const int Piece = 1 << 26;
        for (var at = 0L; at < a.ByteLength; at += Piece)
        {
            var length = (int)Math.Min(Piece, a.ByteLength - at);
            if (!new ReadOnlySpan<byte>((byte*)a.Pointer + at, length).SequenceEqual(new ReadOnlySpan<byte>((byte*)b.Pointer + at, length))) return false;
        }
        return true;
    }

    public void Dispose() => _weights.Dispose();
}
