using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Vits;

/// <summary>What the discriminators make of a batch of sound.</summary>
/// <param name="Scores">Of each discriminator [batch, places]: near 1 where it takes the sound for real, near 0 where for generated.</param>
/// <param name="Features">Of each discriminator its layers' outputs, the last being the scores before they were flattened.</param>
public sealed record VitsVerdict(IReadOnlyList<Tensor> Scores, IReadOnlyList<IReadOnlyList<Tensor>> Features);

/// <summary>
/// The discriminators that VITS is trained against: one of scale and several of periods (Kong et al. 2020, section 2.3). Tensors have the names of finetune-hf-vits, without the
/// <c>discriminator.</c> in front; all convolutions are under weight norm.
/// </summary>
public sealed class VitsDiscriminator : Module
{
    private readonly IReadOnlyList<SubDiscriminator> _discriminators;

    /// <exception cref="ModelException">No discriminators of this shape can be made.</exception>
    public VitsDiscriminator(VitsDiscriminatorConfig config)
    {
        config.Check("the configuration of the discriminators");
        Config = config;
        _discriminators = Parts("discriminators", config.DiscriminatorPeriods.Select(period => (SubDiscriminator)new PeriodDiscriminator(config, period)).Prepend(new ScaleDiscriminator(config)));
    }

    public VitsDiscriminatorConfig Config { get; }

    /// <summary>Loads weights, folded or not, in either spelling; names may begin with <c>discriminator.</c>, and then other tensors of the file (a whole network's) are passed over.</summary>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    /// <exception cref="TorchException">The weights are not those of this shape.</exception>
    public void Load(string path)
    {
        const string prefix = "discriminator.";
        using var file = SafetensorsFile.Open(path);
        var prefixed = file.Tensors.Where(named => named.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(named => named.Key[prefix.Length..], named => named.Value);
        Checkpoint.Load(this, WeightNorm.OneSpelling(prefixed.Count > 0 ? prefixed : file.Tensors, path), path);
    }

    /// <param name="sound">[batch, 1, samples]</param>
    public VitsVerdict Forward(Tensor sound)
    {
        var (scores, features) = (new List<Tensor>(), new List<IReadOnlyList<Tensor>>());
        foreach (var discriminator in _discriminators)
        {
            var layers = discriminator.Forward(sound);
            scores.Add(layers[^1].flatten(1, -1));
            features.Add(layers);
        }
        return new VitsVerdict(scores, features);
    }
}
