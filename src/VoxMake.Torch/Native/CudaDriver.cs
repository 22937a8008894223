using System.Runtime.InteropServices;
using System.Text;

namespace VoxMake.Torch.Native;

/// <summary>What the driver says of a GPU, in the order of CUDA_VISIBLE_DEVICES as libtorch counts them. The driver's own library has it (CUDA Driver API, Device Management), so no header of CUDA is needed.</summary>
internal static unsafe class CudaDriver
{
    /// <summary>Such as <c>NVIDIA H200</c>; null where there is no driver, or it does not answer.</summary>
    public static string? Name(int index)
    {
        if (!NativeLibrary.TryLoad("libcuda.so.1", out var driver)) return null;
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out var init) || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var get) || !NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out var name)) return null;
        const int most = 256;
        var text = stackalloc byte[most];
        int device;
        if (((delegate* unmanaged[Cdecl]<uint, int>)init)(0) != 0) return null;
        if (((delegate* unmanaged[Cdecl]<int*, int, int>)get)(&device, index) != 0) return null;
        if (((delegate* unmanaged[Cdecl]<byte*, int, int, int>)name)(text, most, device) != 0) return null;
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
    }
}
