using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Optim;

namespace VoxMake.Training.Vits;

/// <summary>
/// Trains a VITS network and its discriminator, a step at a time, as the original's train.py does: the discriminator first, then the generator against the updated discriminator.
/// The trainer owns the optimizers, not the networks.
/// </summary>
public sealed class VitsTrainer : IDisposable
{
    /// <param name="generator">In training form (weight norm unfolded: see VitsModel.LoadForTraining), on <paramref name="device"/>.</param>
    /// <param name="discriminator">On the same device.</param>
    /// <exception cref="ModelException">The options do not fit the network.</exception>
    public VitsTrainer(VitsModel generator, VitsDiscriminator discriminator, VitsTrainingOptions options, Device? device = null)
    {
        options.Check(generator.Config);
        (Generator, Discriminator, Options, Device) = (generator, discriminator, options, device ?? Device.Cpu);
        AdamW Optimizer(Torch.Nn.Module module) => new(module.NamedParameters(), options.LearningRate, options.Beta1, options.Beta2, options.Eps, options.WeightDecay);
        (GeneratorOptimizer, DiscriminatorOptimizer) = (Optimizer(generator), Optimizer(discriminator));
    }

    public VitsModel Generator { get; }
    public VitsDiscriminator Discriminator { get; }
    public VitsTrainingOptions Options { get; }
    public Device Device { get; }

    /// <summary>For checkpoints: <see cref="AdamW.NamedState"/> and <see cref="AdamW.Steps"/>.</summary>
    public AdamW GeneratorOptimizer { get; }

    /// <summary>For checkpoints, as <see cref="GeneratorOptimizer"/>.</summary>
    public AdamW DiscriminatorOptimizer { get; }

    /// <summary>Of both optimizers; to be set before a step.</summary>
    public double LearningRate
    {
        get => GeneratorOptimizer.LearningRate;
        set => GeneratorOptimizer.LearningRate = DiscriminatorOptimizer.LearningRate = value;
    }

    /// <summary>One step on one batch.</summary>
    public VitsLosses Step(VitsBatch batch, VitsDraws? draws = null) => Step([batch], null, draws is null ? null : [draws]);

    /// <summary>One step on the batch that several micro-batches make together.</summary>
    /// <param name="seed">Called with a micro-batch's number before its random numbers are drawn, to seed the process's generator; called twice for each where there are several. Null to leave it as it is.</param>
    /// <param name="draws">Random numbers given, one for each micro-batch; null to draw them.</param>
    public VitsLosses Step(IReadOnlyList<VitsBatch> batches, Action<int>? seed = null, IReadOnlyList<VitsDraws>? draws = null) => throw new NotSupportedException("the step is being built");

    public void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
    }
}
