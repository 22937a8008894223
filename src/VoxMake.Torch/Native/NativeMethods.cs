using System.Runtime.InteropServices;

namespace VoxMake.Torch.Native;

/// <summary>The functions of voxtorch.cpp, under the names that they have there.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "voxtorch";

    [LibraryImport(Library)] public static partial byte* vox_error();
    [LibraryImport(Library)] public static partial long vox_failure();
    [LibraryImport(Library)] public static partial byte* vox_version();
    [LibraryImport(Library)] public static partial byte* vox_config();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int vox_find_operator(string name, string overload, out nint handle);
    [LibraryImport(Library)] public static partial int vox_operator_schema(nint handle, byte* text, long size);
    [LibraryImport(Library)] public static partial int vox_call(nint handle, Value* arguments, int count, Value* results, int capacity, out int returned);
    [LibraryImport(Library)] public static partial void vox_free_list(Value* list);

    [LibraryImport(Library)] public static partial void vox_tensor_free(nint tensor);
    [LibraryImport(Library)] public static partial long vox_live_tensors();
    [LibraryImport(Library)] public static partial int vox_tensor_from_memory(void* data, long* sizes, int dims, int type, delegate* unmanaged[Cdecl]<void*, void> release, void* context, out nint result);
    [LibraryImport(Library)] public static partial int vox_tensor_data(nint tensor, out void* data);
    [LibraryImport(Library)] public static partial int vox_tensor_shape(nint tensor, long* sizes, long* strides, int capacity, out int dims);
    [LibraryImport(Library)] public static partial int vox_tensor_type(nint tensor, out int type, out long device);

    [LibraryImport(Library)] public static partial int vox_requires_grad(nint tensor, out int yes);
    [LibraryImport(Library)] public static partial int vox_set_requires_grad(nint tensor, int yes);
    [LibraryImport(Library)] public static partial int vox_grad(nint tensor, out nint grad);
    [LibraryImport(Library)] public static partial int vox_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] public static partial int vox_backward(nint* tensors, nint* gradients, int count, int keepGraph, int createGraph);
    [LibraryImport(Library)] public static partial int vox_tensor_share(nint tensor, out nint other);
    [LibraryImport(Library)] public static partial int vox_custom_function(nint* inputs, int inputCount, nint* outputs, int outputCount,
        delegate* unmanaged[Cdecl]<void*, nint*, int, byte*, nint*, int, long> backward, delegate* unmanaged[Cdecl]<void*, void> release, void* context, nint* results);
    [LibraryImport(Library)] public static partial int vox_grad_enabled();
    [LibraryImport(Library)] public static partial void vox_set_grad_enabled(int yes);

    [LibraryImport(Library)] public static partial int vox_manual_seed(ulong seed);
    [LibraryImport(Library)] public static partial int vox_generator_new(ulong seed, long device, out nint generator);
    [LibraryImport(Library)] public static partial void vox_generator_free(nint generator);
    [LibraryImport(Library)] public static partial int vox_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] public static partial int vox_generator_state(nint generator, long device, out nint state);
    [LibraryImport(Library)] public static partial int vox_generator_set_state(nint generator, long device, nint state);

    [LibraryImport(Library)] public static partial void vox_set_threads(int threads);
    [LibraryImport(Library)] public static partial int vox_threads();
    [LibraryImport(Library)] public static partial int vox_set_deterministic(int yes);
    [LibraryImport(Library)] public static partial int vox_cuda_devices();
    [LibraryImport(Library)] public static partial int vox_cuda_synchronize(long device);
    [LibraryImport(Library)] public static partial int vox_cuda_memory(int device, long* figures);
    [LibraryImport(Library)] public static partial int vox_cuda_empty_cache();
    [LibraryImport(Library)] public static partial int vox_cuda_reset_peak(int device);
    [LibraryImport(Library)] public static partial int vox_set_autocast(int cuda, int yes, int type);
    [LibraryImport(Library)] public static partial int vox_autocast(int cuda, out int yes, out int type);
    [LibraryImport(Library)] public static partial void vox_clear_autocast_cache();

    /// <summary>Throws what libtorch said if a function did not end well.</summary>
    public static void Check(int status)
    {
        if (status != 0) Fail(status);
    }

    private static void Fail(int status)
    {
        if (status == 3) CallbackFailures.Rethrow(vox_failure());
        var said = (Marshal.PtrToStringUTF8((nint)vox_error()) ?? "libtorch failed without a word").TrimEnd();
        throw status == 2 ? new TorchOutOfMemoryException(said) : new TorchException(said);
    }
}
