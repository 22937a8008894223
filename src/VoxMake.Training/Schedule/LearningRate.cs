namespace VoxMake.Training;

/// <summary>
/// The learning rate of a step: it rises by equal parts over the first steps, and is multiplied by a factor after every epoch (torch.optim.lr_scheduler.ExponentialLR, as the original VITS has
/// it). It does not depend on how long the training is to be, so that a longer run begins as a shorter one did.
/// </summary>
/// <param name="Peak">The rate after warm-up, in the first epoch.</param>
/// <param name="Decay">Factor of an epoch, above 0 and at most 1.</param>
/// <param name="WarmupSteps">Steps until the whole rate is reached; 0 for none.</param>
public sealed record LearningRate(double Peak, double Decay, long WarmupSteps)
{
    /// <summary>The rate of a step (from 1) of an epoch (from 0).</summary>
    public double At(long step, long epoch)
    {
        var rate = Peak * Math.Pow(Decay, epoch);
        return step <= WarmupSteps ? rate * step / (WarmupSteps + 1) : rate;
    }
}
