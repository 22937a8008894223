using System.Runtime.InteropServices;
using VoxMake.Torch.Native;

namespace VoxMake.Torch;

/// <summary>What holds for the whole process: which libtorch, how many threads, determinism, gradients, mixed precision.</summary>
public static unsafe class Libtorch
{
    /// <summary>Such as <c>1.13.1</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NativeMethods.vox_version())!;

    /// <summary>One line for people: version, how it was found, threads, CUDA devices.</summary>
    public static string Describe() => $"libtorch {Version} ({TorchLibrary.Place.From}), {Threads} threads, {(CudaDevices == 0 ? "no CUDA device" : $"{CudaDevices} CUDA devices")}";

    /// <summary>CUDA devices that can be used; 0 without CUDA.</summary>
    public static int CudaDevices => NativeMethods.vox_cuda_devices();

    /// <summary>Threads inside an operator.</summary>
    public static int Threads
    {
        get => NativeMethods.vox_threads();
        set => NativeMethods.vox_set_threads(value);
    }

    /// <summary>Refuses operators that could give other bits on the same input.</summary>
    public static bool Deterministic
    {
        set => NativeMethods.Check(NativeMethods.vox_set_deterministic(value ? 1 : 0));
    }

    /// <summary>Seeds the process's own generators.</summary>
    public static void ManualSeed(ulong seed) => NativeMethods.Check(NativeMethods.vox_manual_seed(seed));

    /// <summary>Where the CPU's own generator stands, as bytes; for checkpoints.</summary>
    public static byte[] RandomState
    {
        get
        {
            using var scope = new TensorScope();
            NativeMethods.Check(NativeMethods.vox_generator_state(0, out var state));
            return Tensor.Take(state).ToArray<byte>();
        }
        set
        {
            using var scope = new TensorScope();
            NativeMethods.Check(NativeMethods.vox_generator_set_state(0, Tensor.From<byte>(value, value.Length).Handle));
        }
    }

    /// <summary>No gradients are recorded on this thread until the result is disposed.</summary>
    public static IDisposable NoGrad() => new GradMode(false);

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = NativeMethods.vox_grad_enabled();

        public GradMode(bool enabled) => NativeMethods.vox_set_grad_enabled(enabled ? 1 : 0);
        public void Dispose() => NativeMethods.vox_set_grad_enabled(_before);
    }

    /// <summary>Operators that can do so run in a lower precision on this thread until the result is disposed.</summary>
    public static IDisposable Autocast(Device device, ScalarType type) => new AutocastMode(device.Type == 1, type);

    private sealed class AutocastMode : IDisposable
    {
        private readonly bool _cuda;
        private readonly ScalarType _type;

        public AutocastMode(bool cuda, ScalarType type)
        {
            (_cuda, _type) = (cuda, type);
            NativeMethods.Check(NativeMethods.vox_set_autocast(cuda ? 1 : 0, 1, (int)type));
        }

        public void Dispose() => NativeMethods.Check(NativeMethods.vox_set_autocast(_cuda ? 1 : 0, 0, (int)_type));
    }
}
