using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VoxMake.Torch.Native;

/// <summary>
/// Finds a libtorch, compiles the one C++ file against it at first use (kept for each version under the user's cache folder), and loads it. It says loudly what to install
/// when it finds none.
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
        var source = Source();
        var flags = Flags(place);
        var built = File.GetLastWriteTimeUtc(Path.Combine(place.Libraries, "libtorch.so"));
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{string.Join(' ', flags)}\n{place.Version}\n{built:O}")))[..16];
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache", "voxmake", "torch-" + key);
        var library = Path.Combine(folder, "libvoxtorch.so");
        if (!File.Exists(library)) Compile(source, flags, place, folder, library);
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

    private static string Source()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("voxtorch.cpp")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static IReadOnlyList<string> Flags(LibtorchPlace place) =>
    [
        "-std=c++17", "-O2", "-fPIC", "-shared",
        .. place.Headers.Select(header => "-I" + header),
        "-L" + place.Libraries, "-Wl,-rpath," + place.Libraries, "-ltorch", "-ltorch_cpu", "-lc10",
        .. place.HasCuda ? ["-DVOX_CUDA", "-Wl,--no-as-needed", "-ltorch_cuda", "-lc10_cuda"] : Array.Empty<string>(),
    ];

    /// <summary>Two processes may get here at once: each compiles under a name of its own, and what is renamed last stays. Both are the same.</summary>
    private static void Compile(string source, IReadOnlyList<string> flags, LibtorchPlace place, string folder, string library)
    {
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        Console.Error.WriteLine($"compiling the torch bridge for {place} into {folder}: once, half a minute");
        try
        {
            File.WriteAllText(temporary + ".cpp", source);
            var info = new ProcessStartInfo("g++", [temporary + ".cpp", "-o", temporary + ".so", .. flags]) { RedirectStandardError = true };
            using var compiler = Process.Start(info)!;
            var said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            if (compiler.ExitCode != 0) throw new TorchException($"the torch bridge does not compile for {place}:\n{string.Join('\n', said.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Take(5))}");
            File.Move(temporary + ".so", library, overwrite: true);
        }
        catch (System.ComponentModel.Win32Exception) { throw new TorchException($"there is no C++ compiler for the torch bridge (for {place}). Install it: apt-get install g++"); }
        finally
        {
            File.Delete(temporary + ".cpp");
            File.Delete(temporary + ".so");
        }
    }
}
