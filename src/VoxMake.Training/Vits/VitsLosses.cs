namespace VoxMake.Training.Vits;

/// <summary>The numbers of one step, factors included. Generator losses are those against the discriminator after its own update, as in the original's train.py.</summary>
/// <param name="Discriminator">Least squares of the discriminators: Σ mean((1 − real)²) + mean(generated²).</param>
/// <param name="Generator">Least squares of the generator against them: Σ mean((1 − generated)²).</param>
/// <param name="FeatureMatching">2 · Σ mean |features of the real − of the generated|.</param>
/// <param name="Mel">Mean absolute difference of log mel spectrograms.</param>
/// <param name="Duration">Negative log-likelihood of durations, or their squared distance, a token.</param>
/// <param name="Kl">Divergence of the posterior from the aligned prior, a frame.</param>
/// <param name="GradNormGenerator">Euclidean norm of the generator's gradients before clipping.</param>
/// <param name="GradNormDiscriminator">The discriminator's.</param>
public sealed record VitsLosses(double Discriminator, double Generator, double FeatureMatching, double Mel, double Duration, double Kl, double GradNormGenerator, double GradNormDiscriminator)
{
    /// <summary>What <see cref="Numbers"/> and validations are called.</summary>
    public static MeasuredNumbers Measured { get; } = new(["learning_rate", "loss_disc", "loss_gen", "loss_fm", "loss_mel", "loss_dur", "loss_kl", "grad_norm_g", "grad_norm_d"], "val_mel");

    /// <summary>All that is written down of a step.</summary>
    public double[] Numbers(double learningRate) => [learningRate, Discriminator, Generator, FeatureMatching, Mel, Duration, Kl, GradNormGenerator, GradNormDiscriminator];

    /// <summary>What the generator minimises.</summary>
    public double GeneratorTotal => Generator + FeatureMatching + Mel + Duration + Kl;

    /// <summary>Whether every number is one: no infinity, no NaN.</summary>
    public bool IsFinite => double.IsFinite(Discriminator + GeneratorTotal + GradNormGenerator + GradNormDiscriminator);
}
