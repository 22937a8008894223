namespace VoxMake.Torch.Weights;

/// <summary>A tensor as the header of a safetensors file tells it; checked, so its bytes lie inside the file.</summary>
/// <param name="Name">Any text, also an empty one, <c>../x</c> or with control characters: a name, never a path.</param>
/// <param name="DType">What an element is.</param>
/// <param name="Shape">Dimensions, outermost first; empty for a single number.</param>
/// <param name="ByteOffset">Where its bytes begin, from the start of the file.</param>
/// <param name="ByteLength">Elements × size of one.</param>
public sealed record TensorEntry(string Name, DType DType, long[] Shape, long ByteOffset, long ByteLength);
