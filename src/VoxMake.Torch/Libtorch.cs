using System.Runtime.InteropServices;
using VoxMake.Torch.Native;

namespace VoxMake.Torch;

/// <summary>What holds for the whole process: which libtorch, how many threads, determinism, gradients, mixed precision.</summary>
public static unsafe class Libtorch
{
    /// <summary>Such as <c>1.13.1</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NativeMethods.vox_version())!;

    /// <summary>
    /// The kind of processor, such as <c>AVX2 on AuthenticAMD family 25 model 1</c>: the instructions that libtorch uses, which <c>ATEN_CPU_CAPABILITY</c> may narrow, and whose processor it is.
    /// Another one rounds sums differently.
    /// </summary>
    public static string Processor => Native.Processor.Describe(Marshal.PtrToStringUTF8((nint)NativeMethods.vox_config())!);

    /// <summary>
    /// What multiplies matrices on the processor, such as <c>openblas-pthread (OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64)</c>, with the code that it chose for this
    /// processor where it says so; <c>inside libtorch</c> where it is part of that. Another one rounds sums differently.
    /// </summary>
    public static string Blas => TorchLibrary.Blas is { } blas ? blas.Config is { } config ? $"{blas.Name} ({config})" : blas.Name : "inside libtorch";

    /// <summary>The version of the libtorch that would be used; null where none is found. Nothing is compiled or loaded for it.</summary>
    public static string? Installed => LibtorchPlace.Find([])?.Version;

    /// <summary>
    /// One line for people, such as <c>libtorch 1.13.0 (Debian's libtorch-dev, /usr/lib/x86_64-linux-gnu), openblas-pthread, 2 threads, no CUDA device</c>: which, found where, what multiplies its
    /// matrices, threads, GPUs.
    /// </summary>
    public static string Describe()
    {
        var devices = Enumerable.Range(0, CudaDevices).Select(index => $"cuda:{index} {Cuda.Name(index)}").DefaultIfEmpty("no CUDA device");
        return string.Join(", ", [TorchLibrary.Place.ToString(), .. TorchLibrary.Blas is { } blas ? [blas.Name] : Array.Empty<string>(), $"{Threads} thread{(Threads == 1 ? "" : "s")}", .. devices]);
    }

    /// <summary>CUDA devices that can be used; 0 without CUDA.</summary>
    public static int CudaDevices => NativeMethods.vox_cuda_devices();

    /// <summary>What works, but not as well as it could, and what to do; a line each, for people. Say them before hours are spent.</summary>
    public static IReadOnlyList<string> Warnings => WarningsOf(TorchLibrary.Blas, TorchLibrary.Place.HasCuda, CudaDevices);

    internal static IReadOnlyList<string> WarningsOf(Native.Blas? blas, bool hasCuda, int devices)
    {
        var warnings = new List<string>();
        if (blas is { IsReference: true })
            warnings.Add($"libtorch multiplies matrices with the reference BLAS ({blas.File}), thirty times slower than OpenBLAS. Install it: apt-get install libopenblas0-pthread (if it is installed: update-alternatives --auto libblas.so.3-x86_64-linux-gnu)");
        if (hasCuda && devices == 0)
            warnings.Add("this libtorch is made for CUDA, but no GPU can be used: see whether nvidia-smi lists one, whether CUDA_VISIBLE_DEVICES hides it, and whether the driver is new enough for this PyTorch. It goes on with the CPU");
        return warnings;
    }

    /// <summary>
    /// Threads inside an operator; the bits of a sum may depend on it. OpenBLAS, which keeps a number of its own, is told too. The pool between operators (interop threads) is used by nothing here,
    /// so no result depends on it.
    /// </summary>
    public static int Threads
    {
        get => NativeMethods.vox_threads();
        set
        {
            NativeMethods.vox_set_threads(value);
            TorchLibrary.Blas?.SetThreads(value);
        }
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
        get => RandomStateOf(Device.Cpu);
        set => SetRandomStateOf(Device.Cpu, value);
    }

    /// <summary>Where the process's own generator of a device stands, as bytes; reading it does not move it.</summary>
    public static byte[] RandomStateOf(Device device)
    {
        using var scope = new TensorScope();
        NativeMethods.Check(NativeMethods.vox_generator_state(0, device.Code, out var state));
        return Tensor.Take(state).ToArray<byte>();
    }

    /// <summary>Takes the process's own generator of a device up where it stood.</summary>
    public static void SetRandomStateOf(Device device, byte[] state)
    {
        using var scope = new TensorScope();
        NativeMethods.Check(NativeMethods.vox_generator_set_state(0, device.Code, Tensor.From<byte>(state, state.Length).Handle));
    }

    /// <summary>No gradients are recorded on this thread until the result is disposed.</summary>
    public static IDisposable NoGrad() => new GradMode(false);

    /// <summary>Gradients are recorded on this thread until the result is disposed, as they are at first.</summary>
    public static IDisposable WithGrad() => new GradMode(true);

    /// <summary>Whether gradients are recorded on this thread.</summary>
    public static bool RecordsGradients => NativeMethods.vox_grad_enabled() != 0;

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = NativeMethods.vox_grad_enabled();

        public GradMode(bool enabled) => NativeMethods.vox_set_grad_enabled(enabled ? 1 : 0);
        public void Dispose() => NativeMethods.vox_set_grad_enabled(_before);
    }

    /// <summary>Operators that can do so run in a lower precision on this thread until the result is disposed; then it is as it was before.</summary>
    public static IDisposable Autocast(Device device, ScalarType type) => new AutocastMode(device.Type == 1, true, type);

    /// <summary>Nothing runs in a lower precision for that kind of device on this thread until the result is disposed.</summary>
    public static IDisposable NoAutocast(Device device) => new AutocastMode(device.Type == 1, false, AutocastOf(device.Type == 1).Type);

    internal static (bool On, ScalarType Type) AutocastOf(bool cuda)
    {
        NativeMethods.Check(NativeMethods.vox_autocast(cuda ? 1 : 0, out var on, out var type));
        return (on != 0, (ScalarType)type);
    }

    internal sealed class AutocastMode : IDisposable
    {
        private readonly bool _cuda;
        private readonly (bool On, ScalarType Type) _before;

        public AutocastMode(bool cuda, bool on, ScalarType type)
        {
            (_cuda, _before) = (cuda, AutocastOf(cuda));
            Set(on, type);
        }

        private void Set(bool on, ScalarType type) => NativeMethods.Check(NativeMethods.vox_set_autocast(_cuda ? 1 : 0, on ? 1 : 0, (int)type));

        public void Dispose()
        {
            Set(_before.On, _before.Type);
            NativeMethods.vox_clear_autocast_cache(); // of the type that it was in between
        }
    }
}
