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
        Layers.SelectMany(layer => new[] { (NameOf(layer.Name, 'A'), layer.LoraA!), (NameOf(layer.Name, 'B'), layer.LoraB!) });

    /// <summary>Lays a new adapter beside a network, as peft starts one: A uniform within ±1/√in (kaiming_uniform_ with a = √5), B zero, so that nothing changes yet.</summary>
    /// <param name="type">Of its tensors; float32 also beside a network in bfloat16.</param>
    /// <exception cref="ModelException">No layer has one of the names.</exception>
    public static LoraAdapter Start(LlamaModel model, LoraConfig config, long seed, ScalarType type = ScalarType.Float)
    {
        var layers = LayersOf(model, config, "target_modules");
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
        var (path, name) = (files[WeightsFile], files.Shown(WeightsFile));
        var config = LoraConfig.Read(files[ConfigFile], files.Shown(ConfigFile));
        using var file = SafetensorsFile.Open(path);
        var layers = LayersOf(model, config, files.Shown(ConfigFile));
        Check(layers, config, file, name);
        foreach (var layer in layers)
        {
            Tensor Read(char part) => Checkpoint.ToTensor(file[NameOf(layer.Name, part)]).to(model.Device);
            layer.Attach(() => Read('A'), () => Read('B'), config.Scaling, config.Dropout);
        }
        return new LoraAdapter(config, layers);
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

    private static string NameOf(string layer, char part) => $"base_model.model.{layer}.lora_{part}.weight";

    private static List<LoraLinear> LayersOf(LlamaModel model, LoraConfig config, string from)
    {
        foreach (var target in config.TargetModules)
            if (!LoraConfig.AllLinear.Contains(target)) throw new ModelException($"{from} names {target}; layers that can have an adapter are {string.Join(", ", LoraConfig.AllLinear)}");
        return [.. model.Projections.Where(layer => config.Targets(layer.Name))];
    }

    private static void Check(IReadOnlyList<LoraLinear> layers, LoraConfig config, SafetensorsFile file, string name)
    {
        var faults = new List<string>();
        var wanted = new HashSet<string>();
        foreach (var layer in layers)
            foreach (var (part, shape) in new[] { ('A', new[] { config.Rank, layer.InFeatures }), ('B', [layer.OutFeatures, config.Rank]) })
            {
                wanted.Add(NameOf(layer.Name, part));
                if (!file.TryGet(NameOf(layer.Name, part), out var view)) faults.Add($"{NameOf(layer.Name, part)} is missing");
                else if (!view.Shape.AsSpan().SequenceEqual(shape)) faults.Add($"{view.Name} has the shape [{string.Join(", ", view.Shape)}], not [{string.Join(", ", shape)}]");
                else if (view.DType is not (DType.F32 or DType.BF16 or DType.F16)) faults.Add($"{view.Name} holds {view.DType.Name()}, not F32, BF16 or F16");
            }
        faults.AddRange(file.Tensors.Keys.Where(tensor => !wanted.Contains(tensor)).Order(StringComparer.Ordinal).Select(tensor => $"{tensor} is left over"));
        if (faults.Count > 0) throw new ModelException($"{name} does not fit the network: {string.Join("; ", faults.Take(10))}{(faults.Count > 10 ? $"; and {faults.Count - 10} more" : "")}");
    }
}
