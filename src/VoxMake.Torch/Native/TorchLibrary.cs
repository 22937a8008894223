using System.Runtime.InteropServices;

namespace VoxMake.Torch.Native;

/// <summary>
/// Finds a libtorch, compiles the C++ of the bridge against it at first use, and loads it. It says loudly what to install when it finds none.
/// </summary>
internal static class TorchLibrary
{
    private static readonly Lazy<(nint Handle, LibtorchPlace Place, Blas? Blas)> Loaded = new(Load);

    /// <summary>How the libtorch in use was found.</summary>
    public static LibtorchPlace Place => Loaded.Value.Place;

    /// <summary>What multiplies its matrices; null where that is inside libtorch.</summary>
    public static Blas? Blas => Loaded.Value.Blas;

#pragma warning disable CA2255 // a library may register where its own native part is found
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(TorchLibrary).Assembly, (name, _, _) => name == NativeMethods.Library ? Loaded.Value.Handle : 0);
#pragma warning restore CA2255

    private static (nint, LibtorchPlace, Blas?) Load()
    {
        var tried = new List<string>();
        var place = LibtorchPlace.Find(tried)
            ?? throw new TorchException($"no libtorch was found ({string.Join("; ", tried)}). Install it: apt-get install libtorch-dev libopenblas0-pthread g++, or set VOX_TORCH to the folder of a PyTorch");
        var library = NativeBuild.Library(place, "voxtorch", "the torch bridge", [], []);
        LetWaitingThreadsSleep();
        try { return (NativeLibrary.Load(library), place, Native.Blas.InThisProcess()); }
        catch (DllNotFoundException error) { throw new TorchException($"{library} does not load: {error.Message}"); }
    }

    /// <summary>
    /// OpenMP's threads spin while they wait for each other, by default for about a millisecond. Where other programs want the cores too, that costs many times what it saves: a training step
    /// on two busy cores took 0.7 to 11 s. Asleep at once they lose as much to waking up where the cores are free. So they spin for some ten microseconds, unless the user has said otherwise.
    /// OpenMP reads this once, when it is loaded, from the C library's environment, which .NET does not write to.
    /// </summary>
    private static void LetWaitingThreadsSleep()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) SetEnvironment("GOMP_SPINCOUNT", "10000", overwrite: 0);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
