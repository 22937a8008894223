using VoxMake.Torch;

namespace VoxMake.Models;

/// <summary>
/// Where a network's tensors come from while it is made: a checkpoint, or chance. A network of billions of numbers is so never in memory twice, nor ever in a wider type than it is to have.
/// </summary>
/// <param name="name">The full name, as in published checkpoints.</param>
/// <returns>A tensor of that shape, which becomes the network's own.</returns>
public delegate Tensor WeightSource(string name, long[] shape);
