using VoxMake.Models.Vits;
using VoxMake.Torch;

namespace VoxMake.Training.Vits;

/// <summary>The losses of VITS (losses.py of the original; VITS, sections 2.1 to 2.3), each one number in float32.</summary>
internal static class VitsObjective
{
    /// <summary>Least squares: real sound is to score 1, generated 0; the sum over discriminators of means.</summary>
    public static Tensor Discriminators(IReadOnlyList<Tensor> real, IReadOnlyList<Tensor> generated) => Sum(real.Zip(generated, (r, g) => Distance(r, 1) + Float(g).pow(2).mean()));

    /// <summary>Least squares: generated sound is to score 1.</summary>
    public static Tensor Generator(IReadOnlyList<Tensor> generated) => Sum(generated.Select(scores => Distance(scores, 1)));

    /// <summary>Twice the sum over all layers of all discriminators of the mean absolute difference. Features of the real sound carry no gradient.</summary>
    public static Tensor Features(VitsVerdict real, VitsVerdict generated) =>
        Sum(real.Features.Zip(generated.Features, (r, g) => (r, g)).SelectMany(pair => pair.r.Zip(pair.g, (r, g) => (Float(r) - Float(g)).abs().mean()))) * 2;

    /// <summary>KL divergence of the posterior from the prior of the aligned tokens, with the drawn latents in place of the posterior's expectation; summed over channels, a mean over frames.</summary>
    public static Tensor Kl(VitsTrainingOutput pass)
    {
        var density = (pass.PriorLatents - pass.PriorMeans).pow(2) * (pass.PriorLogs * -2).exp() * 0.5;
        return ((pass.PriorLogs - pass.PosteriorLogs - 0.5 + density) * pass.FrameMask).sum() / pass.FrameMask.sum();
    }

    /// <summary>Mean absolute difference.</summary>
    public static Tensor Mel(Tensor real, Tensor generated) => (real - generated).abs().mean();

    private static Tensor Distance(Tensor scores, double from) => (Float(scores) - from).pow(2).mean();

    private static Tensor Float(Tensor x) => x.Type == ScalarType.Float ? x : x.to(ScalarType.Float);

    private static Tensor Sum(IEnumerable<Tensor> terms) => terms.Aggregate((sum, term) => sum + term);
}
