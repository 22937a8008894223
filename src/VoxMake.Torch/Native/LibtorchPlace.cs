using System.Diagnostics;

namespace VoxMake.Torch.Native;

/// <summary>A libtorch on this machine.</summary>
/// <param name="Headers">Folders for the compiler to look in.</param>
/// <param name="Libraries">Folder of libtorch.so.</param>
/// <param name="From">How it was found, for people.</param>
internal sealed record LibtorchPlace(IReadOnlyList<string> Headers, string Libraries, string From)
{
    /// <summary>Such as <c>1.13.1</c>, as its headers say (Debian's 1.13.1 calls itself 1.13.0).</summary>
    public string Version { get; } = VersionOf(Headers);

    /// <summary>Whether it has CUDA.</summary>
    public bool HasCuda => File.Exists(Path.Combine(Libraries, "libtorch_cuda.so"));

    /// <summary>
    /// Looks where VOX_TORCH says (the folder of a PyTorch or libtorch), then at the python on PATH, then for Debian's libtorch-dev. What was tried is noted in
    /// <paramref name="tried"/>, to be shown only if nothing is found.
    /// </summary>
    public static LibtorchPlace? Find(List<string> tried)
    {
        if (Environment.GetEnvironmentVariable("VOX_TORCH") is { Length: > 0 } chosen)
        {
            if (InFolder(chosen, $"VOX_TORCH={chosen}") is { } named) return named;
            tried.Add($"VOX_TORCH={chosen}: no lib/libtorch.so and include/torch/csrc there");
            return null; // whoever names one does not want another
        }
        return OfPython(tried) ?? OfDebian(tried);
    }

    /// <summary>Such as <c>libtorch 1.13.1 (Debian's libtorch-dev, /usr/lib/x86_64-linux-gnu)</c>.</summary>
    public override string ToString() => $"libtorch {Version} ({From}, {Libraries})";

    private static string VersionOf(IReadOnlyList<string> headers)
    {
        var file = headers.Select(folder => Path.Combine(folder, "torch", "version.h")).FirstOrDefault(File.Exists);
        if (file is null) return "of unknown version";
        var defines = File.ReadLines(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words is ["#define", _, _]).ToDictionary(words => words[1], words => words[2]);
        return string.Join('.', new[] { "MAJOR", "MINOR", "PATCH" }.Select(part => defines.GetValueOrDefault("TORCH_VERSION_" + part, "?")));
    }

    private static LibtorchPlace? OfDebian(List<string> tried)
    {
        const string headers = "/usr/include/torch/csrc/api/include";
        foreach (var libraries in Directory.Exists("/usr/lib") ? Directory.GetDirectories("/usr/lib", "*-linux-gnu") : [])
            if (Directory.Exists(headers) && File.Exists(Path.Combine(libraries, "libtorch.so"))) return new LibtorchPlace([headers], libraries, "Debian's libtorch-dev");
        tried.Add("Debian's libtorch-dev: not installed");
        return null;
    }

    private static LibtorchPlace? InFolder(string folder, string from)
    {
        var include = Path.Combine(folder, "include");
        return File.Exists(Path.Combine(folder, "lib", "libtorch.so")) && Directory.Exists(Path.Combine(include, "torch", "csrc"))
            ? new LibtorchPlace([include, Path.Combine(include, "torch", "csrc", "api", "include"), .. HeadersOfCuda(folder)], Path.Combine(folder, "lib"), from)
            : null;
    }

    /// <summary>Where CUDA's own headers may lie: beside a PyTorch that pip installed, or where the toolkit puts them. Only memory figures of older versions need them.</summary>
    private static IEnumerable<string> HeadersOfCuda(string folder)
    {
        var packages = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))!, "nvidia");
        string[] places = [Path.Combine(packages, "cuda_runtime", "include"), Path.Combine(packages, "cu13", "include"), "/usr/local/cuda/include"];
        return places.Where(place => File.Exists(Path.Combine(place, "cuda_runtime_api.h")));
    }

    /// <summary>Asks the python on PATH where its torch is, without importing it (that takes seconds).</summary>
    private static LibtorchPlace? OfPython(List<string> tried)
    {
        try
        {
            var info = new ProcessStartInfo("python3", ["-c", "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var python = Process.Start(info)!;
            var folder = python.StandardOutput.ReadToEnd().Trim();
            python.WaitForExit();
            if (folder.Length == 0) tried.Add("python3 on PATH: it has no torch");
            else if (InFolder(folder, "the python on PATH") is { } place) return place;
            else tried.Add($"python3 on PATH: its torch in {folder} has no headers");
        }
        catch (System.ComponentModel.Win32Exception) { tried.Add("python3: not on PATH"); }
        return null;
    }
}
