using VoxMake.Torch.Native;

namespace VoxMake.Training;

/// <summary>Tells an allocation that failed from other faults.</summary>
public static class OutOfMemory
{
    /// <summary>Whether memory of the host or of a device ran out; libtorch has no other sign of it than its words (c10/core/CPUAllocator.cpp, c10/cuda/CUDACachingAllocator.cpp).</summary>
    public static bool Caused(Exception error) => error is OutOfMemoryException || error is TorchException && (
        error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase));
}
