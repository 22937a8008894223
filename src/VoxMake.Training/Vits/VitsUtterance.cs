namespace VoxMake.Training.Vits;

/// <summary>A clip with its text, as the step reads it.</summary>
/// <param name="Ids">Token ids of the text, blanks between them already.</param>
/// <param name="Samples">The sound at the network's sampling rate, within ±1; at least n_fft samples.</param>
/// <param name="Speaker">From 0; networks of one speaker do not look at it.</param>
public sealed record VitsUtterance(IReadOnlyList<int> Ids, ReadOnlyMemory<float> Samples, int Speaker = 0);
