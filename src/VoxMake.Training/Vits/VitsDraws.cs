using VoxMake.Torch;

namespace VoxMake.Training.Vits;

/// <summary>Random numbers of one micro-batch, given instead of drawn: to compare a step with another program's. What is null is drawn.</summary>
/// <param name="PosteriorNoise">[batch, flow_size, frames], normal(0, 1).</param>
/// <param name="DurationNoise">[batch, 2, tokens], normal(0, 1); only the stochastic duration predictor wants it.</param>
/// <param name="SliceUniform">[batch] float32, uniform in [0, 1): where the segments begin.</param>
public sealed record VitsDraws(Tensor? PosteriorNoise = null, Tensor? DurationNoise = null, Tensor? SliceUniform = null);
