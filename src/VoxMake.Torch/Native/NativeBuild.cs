using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace VoxMake.Torch.Native;

/// <summary>Compiles C++ that lies in this assembly against a libtorch; what comes of it is kept for each source, libtorch and set of flags under the user's cache folder.</summary>
internal static class NativeBuild
{
    /// <summary>The library made of a source, compiled now if it never was.</summary>
    /// <param name="name">Of the source, without its extension.</param>
    /// <param name="what">What it is, for people.</param>
    /// <param name="flags">Besides those that all need.</param>
    /// <param name="headers">Headers to stand in for ones that are not installed: names such as <c>gloo/context.h</c>, and what is written there. Those of the system come first.</param>
    /// <exception cref="TorchException">It does not compile, or there is no compiler.</exception>
    public static string Library(LibtorchPlace place, string name, string what, IReadOnlyList<string> flags, IReadOnlyList<(string Name, string Text)> headers)
    {
        var source = Source(name + ".cpp");
        IReadOnlyList<string> all = [.. Flags(place), .. flags];
        var built = File.GetLastWriteTimeUtc(Path.Combine(place.Libraries, "libtorch.so"));
        var inputs = string.Join('\n', [source, string.Join(' ', all), place.Version, $"{built:O}", .. headers.Select(header => $"{header.Name}\n{header.Text}")]);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs)))[..16];
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache", "voxmake", "torch-" + key);
        var library = Path.Combine(folder, $"lib{name}.so");
        if (!File.Exists(library)) Compile(source, all, headers, place, what, folder, library);
        return library;
    }

    /// <summary>A text of this assembly.</summary>
    public static string Source(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
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
    private static void Compile(string source, IReadOnlyList<string> flags, IReadOnlyList<(string Name, string Text)> headers, LibtorchPlace place, string what, string folder, string library)
    {
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        Directory.CreateDirectory(temporary);
        Console.Error.WriteLine($"compiling {what} for {place} into {folder}: once, half a minute");
        try
        {
            var (text, made) = (Path.Combine(temporary, "source.cpp"), Path.Combine(temporary, "made.so"));
            File.WriteAllText(text, source);
            foreach (var (name, content) in headers)
            {
                var header = Path.Combine(temporary, name);
                Directory.CreateDirectory(Path.GetDirectoryName(header)!);
                File.WriteAllText(header, content);
            }
            var info = new ProcessStartInfo("g++", [text, "-o", made, .. flags, "-idirafter", temporary]) { RedirectStandardError = true };
            using var compiler = Process.Start(info)!;
            var said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            var errors = said.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Take(5);
            if (compiler.ExitCode != 0) throw new TorchException($"{what} does not compile for {place}:\n{string.Join('\n', errors)}");
            File.Move(made, library, overwrite: true);
        }
        catch (System.ComponentModel.Win32Exception) { throw new TorchException($"there is no C++ compiler for {what} (for {place}). Install it: apt-get install g++"); }
        finally { Directory.Delete(temporary, recursive: true); }
    }
}
