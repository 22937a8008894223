using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Lora;

/// <summary>An adapter that lies beside a network: its tensors under peft's names, read from and written to peft's own files.</summary>
public sealed class LoraAdapter
{
    /// <summary>peft's files.</summary>
    public const string ConfigFile = "adapter_config.json", WeightsFile = "adapter_model.safetensors";

    private LoraAdapter(LoraConfig config, IReadOnlyList<LoraLinear> layers) => (Config, Layers) = (config, layers);

    public LoraConfig Config { get; }

    /// <summary>The layers that it lies beside.</summary>
    public IReadOnlyList<LoraLinear> Layers { get; }

    /// <summary>A: [rank, in] and B: [out, rank] of each layer, as <c>base_model.model.&lt;layer&gt;.lora_A.weight</c>.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedTensors() =>
        Layers.SelectMany(layer => new[] { (LoraWeights.NameOf(layer.Name, 'A'), layer.LoraA!), (LoraWeights.NameOf(layer.Name, 'B'), layer.LoraB!) });

    /// <summary>Lays a new adapter beside a network, as peft starts one: A uniform within ±1/√in (kaiming_uniform_ with a = √5), B zero, so that nothing changes yet.</summary>
    /// <param name="type">Of its tensors; float32 also beside a network in bfloat16.</param>
    /// <exception cref="ModelException">No layer has one of the names.</exception>
    public static LoraAdapter Start(LlamaModel model, LoraConfig config, long seed, ScalarType type = ScalarType.Float)
    {
        config.Check("the adapter");
        List<LoraLinear> layers = [.. model.Projections.Where(layer => config.Targets(layer.Name))];
        foreach (var (index, layer) in layers.Index())
        {
            using var generator = new Generator(CounterRandom.Key(seed, Purpose.Weights, index));
            var bound = 1 / Math.Sqrt(layer.InFeatures);
            layer.Attach(
                () => Ops.empty([config.Rank, layer.InFeatures]).uniform_(-bound, bound, generator).to(model.Device, type),
                () => Ops.zeros([layer.OutFeatures, config.Rank]).to(model.Device, type), config.Scaling, config.Dropout);
        }
        return new LoraAdapter(config, layers);
    }

    /// <summary>Lays an adapter of a folder beside a network.</summary>
    /// <exception cref="ModelException">It is none, or belongs to another network: all tensors at fault are named.</exception>
    /// <exception cref="WeightsException">The file of weights breaks a rule of its format.</exception>
    public static LoraAdapter Load(LlamaModel model, ModelFiles files)
    {
        using var weights = LoraWeights.Open(files, model.Config);
        List<LoraLinear> layers = [.. model.Projections.Where(layer => weights.Config.Targets(layer.Name))];
        foreach (var layer in layers)
        {
            var pair = weights.Of(layer.Name)!.Value;
            layer.Attach(() => Checkpoint.ToTensor(pair.A).to(model.Device), () => Checkpoint.ToTensor(pair.B).to(model.Device), weights.Config.Scaling, weights.Config.Dropout);
        }
        return new LoraAdapter(weights.Config, layers);
    }

    /// <summary>Writes both files as peft's save_pretrained does.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, ConfigFile), Config.ToJson());
        Checkpoint.Save(NamedTensors(), Path.Combine(folder, WeightsFile), new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>The weight with the adapter's product added: <c>W + scaling · B A</c> in float32, rounded once (peft's merge_and_unload, which rounds twice in bfloat16).</summary>
    /// <returns>[out, in] in the weight's type.</returns>
    public static Tensor Merge(Tensor weight, Tensor a, Tensor b, double scaling)
    {
        using var noGrad = Libtorch.NoGrad();
        var product = b.to(ScalarType.Float).matmul(a.to(ScalarType.Float)) * scaling;
        return (weight.to(ScalarType.Float) + product).to(weight.Type);
    }
}
