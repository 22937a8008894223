using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Vits;

/// <summary>The weights of a VITS model: the network's, and where they stand in the same file, the discriminator's.</summary>
internal sealed class VitsWeights : IDisposable
{
    private const string DiscriminatorPrefix = "discriminator.";
    private readonly ModelWeights _weights;

    private VitsWeights(ModelWeights weights)
    {
        _weights = weights;
        var spelled = WeightNorm.OneSpelling(weights.Tensors, weights.Name);
        Network = spelled.Where(named => !named.Key.StartsWith(DiscriminatorPrefix, StringComparison.Ordinal)).ToDictionary();
        Discriminator = spelled.Where(named => named.Key.StartsWith(DiscriminatorPrefix, StringComparison.Ordinal)).ToDictionary(named => named.Key[DiscriminatorPrefix.Length..], named => named.Value);
    }

    /// <summary>What messages call the file.</summary>
    public string Name => _weights.Name;

    /// <summary>The network's tensors; weight norm is spelled weight_g and weight_v.</summary>
    public IReadOnlyDictionary<string, TensorView> Network { get; }

    /// <summary>The tensors that stand under <c>discriminator.</c> in the same file, as finetune-hf-vits leaves them; names without that.</summary>
    public IReadOnlyDictionary<string, TensorView> Discriminator { get; }

    /// <summary>Numbers in all tensors of the network.</summary>
    public long Numbers => Network.Values.Sum(tensor => tensor.ElementCount);

    /// <summary>Opens what there is, safetensors first.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    /// <exception cref="WeightsException">A file breaks a rule of its format.</exception>
    public static VitsWeights Open(ModelFiles files)
    {
        var weights = ModelWeights.Open(files);
        try { return new VitsWeights(weights); }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public void Dispose() => _weights.Dispose();
}
