namespace VoxMake.Torch.Weights;

/// <summary>How much a PyTorch file may ask for before it is refused; the defaults are far above what real checkpoints have.</summary>
/// <param name="MaxPickleBytes">Size of data.pkl, which holds names and numbers, no tensors.</param>
/// <param name="MaxValues">Values that data.pkl makes, and values of its tree when containers that stand in several places are counted in each.</param>
/// <param name="MaxDepth">Containers within containers.</param>
/// <param name="MaxRecords">Records of the zip, about one a tensor.</param>
/// <param name="MaxUnfolding">All tensors copied out may take this many times the file's size, plus 64 MiB: views of one storage are common, bombs of them are not.</param>
public sealed record TorchLimits(long MaxPickleBytes = 64 << 20, int MaxValues = 4_000_000, int MaxDepth = 100, int MaxRecords = 1_000_000, int MaxUnfolding = 16);
