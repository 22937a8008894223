using VoxMake.Models.Vits;
using VoxMake.Torch;

namespace VoxMake.Training.Vits;

/// <summary>Both networks on their device, with the trainer that moves their weights.</summary>
public sealed class VitsNetworks : IDisposable
{
    private VitsNetworks(VitsModel generator, VitsDiscriminator discriminator, VitsTrainer trainer) => (Generator, Discriminator, Trainer) = (generator, discriminator, trainer);

    public VitsModel Generator { get; }
    public VitsDiscriminator Discriminator { get; }
    public VitsTrainer Trainer { get; }

    /// <summary>Numbers that are trained, of the generator.</summary>
    public long GeneratorParameters => Generator.NamedParameters().Sum(named => named.Tensor.Count);

    /// <summary>Numbers that are trained, of the discriminator.</summary>
    public long DiscriminatorParameters => Discriminator.NamedParameters().Sum(named => named.Tensor.Count);

    /// <summary>Makes them, with their first weights.</summary>
    public static VitsNetworks Begin(VitsBeginning beginning, VitsTrainingOptions options, Device device)
    {
        var (generator, discriminator) = beginning.Networks();
        try
        {
            generator.MoveTo(device);
            discriminator.MoveTo(device);
            return new VitsNetworks(generator, discriminator, new VitsTrainer(generator, discriminator, options, device));
        }
        catch
        {
            generator.Dispose();
            discriminator.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Trainer.Dispose();
        Generator.Dispose();
        Discriminator.Dispose();
    }
}
