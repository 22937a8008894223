using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Vits;

/// <summary>The weights of a model where they lie: model.safetensors, safetensors in several files, or pytorch_model.bin.</summary>
internal sealed class VitsWeights : IDisposable
{
    private const string DiscriminatorPrefix = "discriminator.";
    private readonly IDisposable _file;

    private VitsWeights(IDisposable file, IReadOnlyDictionary<string, TensorView> tensors, string name)
    {
        _file = file;
        Name = name;
        var spelled = WeightNorm.OneSpelling(tensors, name);
        Network = spelled.Where(named => !named.Key.StartsWith(DiscriminatorPrefix, StringComparison.Ordinal)).ToDictionary();
        Discriminator = spelled.Where(named => named.Key.StartsWith(DiscriminatorPrefix, StringComparison.Ordinal)).ToDictionary(named => named.Key[DiscriminatorPrefix.Length..], named => named.Value);
    }

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>The network's tensors; weight norm is spelled weight_g and weight_v.</summary>
    public IReadOnlyDictionary<string, TensorView> Network { get; }

    /// <summary>The tensors that stand under <c>discriminator.</c> in the same file, as finetune-hf-vits leaves them; names without that.</summary>
    public IReadOnlyDictionary<string, TensorView> Discriminator { get; }

    /// <summary>Numbers in all tensors of the network.</summary>
    public long Numbers => Network.Values.Sum(tensor => tensor.ElementCount);

    /// <summary>Opens what there is, safetensors first.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    /// <exception cref="WeightsException">A file breaks a rule of its format.</exception>
    public static VitsWeights Open(VitsFiles files)
    {
        if (files.TryGet("model.safetensors", out var path)) return Of(SafetensorsFile.Open(path), file => file.Tensors, files.Shown("model.safetensors"));
        if (files.TryGet("model.safetensors.index.json", out path))
        {
            var name = files.Shown("model.safetensors.index.json");
            if (!files.AreNamed) throw new ModelException($"{name}: weights in several files are read from a folder only; save the model in one file (max_shard_size of save_pretrained)");
            return Of(SafetensorsIndex.Open(path), file => file.Tensors, name);
        }
        if (files.TryGet("pytorch_model.bin", out path)) return Of(TorchFile.Open(path), file => file.StateDict(), files.Shown("pytorch_model.bin"));
        throw new ModelException($"{files.Shown("model.safetensors")}: there is none, and no pytorch_model.bin either");
    }

    private static VitsWeights Of<T>(T file, Func<T, IReadOnlyDictionary<string, TensorView>> tensors, string name) where T : IDisposable
    {
        try { return new VitsWeights(file, tensors(file), name); }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();
}
