using VoxMake.Torch.Native;

namespace VoxMake.Torch;

/// <summary>GPUs through CUDA: whose, how far, and how full; <see cref="Libtorch.CudaDevices"/> of them.</summary>
public static unsafe class Cuda
{
    /// <summary>What a device calls itself, such as <c>NVIDIA H200</c>.</summary>
    /// <param name="index">From 0.</param>
    public static string Name(int index = 0) => CudaDriver.Name(index) ?? "CUDA device";

    /// <summary>Waits until all that was asked of a device is done; a clock means something only then.</summary>
    /// <param name="index">Which; -1 for the present one.</param>
    public static void Synchronize(int index = -1) => NativeMethods.Check(NativeMethods.vox_cuda_synchronize(index));

    /// <summary>How full a device is.</summary>
    /// <param name="index">From 0.</param>
    public static CudaMemory Memory(int index = 0)
    {
        var figures = stackalloc long[5];
        NativeMethods.Check(NativeMethods.vox_cuda_memory(index, figures));
        return new CudaMemory(Known(figures[0]), Known(figures[1]), Known(figures[2]), Known(figures[3]), Known(figures[4]));

        static long? Known(long bytes) => bytes < 0 ? null : bytes;
    }

    /// <summary>From now on <see cref="CudaMemory.Peak"/> is counted anew.</summary>
    /// <param name="index">From 0.</param>
    public static void ResetPeak(int index = 0) => NativeMethods.Check(NativeMethods.vox_cuda_reset_peak(index));

    /// <summary>Gives what the allocator holds for later back to the device, for others. Slow; tensors are not touched.</summary>
    public static void EmptyCache() => NativeMethods.Check(NativeMethods.vox_cuda_empty_cache());
}

/// <summary>Memory of a GPU in bytes, in the words of torch.cuda. What a libtorch before 2.9 without CUDA's headers cannot say is null.</summary>
/// <param name="Allocated">In tensors of this process.</param>
/// <param name="Reserved">Taken from the device by this process's allocator, used or not.</param>
/// <param name="Peak">The most that was allocated since the start, or since <see cref="Cuda.ResetPeak"/>.</param>
/// <param name="Free">Left on the device, for all processes.</param>
/// <param name="Total">All of the device.</param>
public readonly record struct CudaMemory(long? Allocated, long? Reserved, long? Peak, long? Free, long? Total);
