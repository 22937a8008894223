using VoxMake.Models.Llama;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Lora;

/// <summary>peft's files of an adapter, opened and held to the network that it is for; no network is made.</summary>
public sealed class LoraWeights : IDisposable
{
    private readonly SafetensorsFile _file;

    private LoraWeights(SafetensorsFile file, LoraConfig config, string name) => (_file, Config, Name) = (file, config, name);

    public LoraConfig Config { get; }

    /// <summary>What messages call the file of the weights.</summary>
    public string Name { get; }

    /// <summary>Opens an adapter.</summary>
    /// <param name="network">The network that it is for.</param>
    /// <exception cref="ModelException">It is none, or belongs to another network: all tensors at fault are named.</exception>
    /// <exception cref="WeightsException">The file of weights breaks a rule of its format.</exception>
    public static LoraWeights Open(ModelFiles files, LlamaConfig network)
    {
        var (path, name) = (files[LoraAdapter.WeightsFile], files.Shown(LoraAdapter.WeightsFile));
        var config = LoraConfig.Read(files[LoraAdapter.ConfigFile], files.Shown(LoraAdapter.ConfigFile));
        config.Check(files.Shown(LoraAdapter.ConfigFile));
        var file = SafetensorsFile.Open(path);
        try
        {
            Check(file, config, network, name);
            return new LoraWeights(file, config, name);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A: [rank, in] and B: [out, rank] of a layer; null where it has none.</summary>
    /// <param name="layer">Its full name, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
    public (TensorView A, TensorView B)? Of(string layer) => _file.TryGet(NameOf(layer, 'A'), out var a) ? (a, _file[NameOf(layer, 'B')]) : null;

    /// <summary>peft's name of a tensor.</summary>
    internal static string NameOf(string layer, char part) => $"base_model.model.{layer}.lora_{part}.weight";

    private static void Check(SafetensorsFile file, LoraConfig config, LlamaConfig network, string name)
    {
        const string Weight = ".weight";
        var faults = new List<string>();
        var wanted = new HashSet<string>();
        foreach (var (tensor, shape) in LlamaModel.Tensors(network))
        {
            if (shape.Length != 2 || !tensor.EndsWith(Weight, StringComparison.Ordinal) || !config.Targets(tensor[..^Weight.Length])) continue;
            foreach (var (part, expected) in new[] { ('A', new[] { config.Rank, shape[1] }), ('B', [shape[0], config.Rank]) })
            {
                var full = NameOf(tensor[..^Weight.Length], part);
                wanted.Add(full);
                if (!file.TryGet(full, out var view)) faults.Add($"{full} is missing");
                else if (!view.Shape.AsSpan().SequenceEqual(expected)) faults.Add($"{full} has the shape [{string.Join(", ", view.Shape)}], not [{string.Join(", ", expected)}]");
                else if (view.DType is not (DType.F32 or DType.BF16 or DType.F16)) faults.Add($"{full} holds {view.DType.Name()}, not F32, BF16 or F16");
            }
        }
        faults.AddRange(file.Tensors.Keys.Where(tensor => !wanted.Contains(tensor)).Order(StringComparer.Ordinal).Select(tensor => $"{tensor} is left over"));
        if (faults.Count > 0) throw new ModelException($"{name} does not fit the network: {string.Join("; ", faults.Take(10))}{(faults.Count > 10 ? $"; and {faults.Count - 10} more" : "")}");
    }

    public void Dispose() => _file.Dispose();
}
