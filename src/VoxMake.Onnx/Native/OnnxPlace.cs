using System.Runtime.InteropServices;

namespace VoxMake.Onnx.Native;

/// <summary>Where an onnxruntime may lie on this machine.</summary>
internal static class OnnxPlace
{
    /// <summary>Names a library, or a folder that holds one.</summary>
    public const string Variable = "VOX_ONNXRUNTIME";

    private const string FileName = "libonnxruntime.so";

    /// <summary>Names by which a system may have it.</summary>
    public static readonly IReadOnlyList<string> SystemNames = ["libonnxruntime.so.1", FileName];

    /// <summary>
    /// Loads the first of: what <see cref="Variable"/> names, <c>native/libonnxruntime.so</c> beside the program, the system's.
    /// </summary>
    /// <param name="chosen">The value of <see cref="Variable"/>; null or empty: not set.</param>
    /// <param name="program">The folder of the program.</param>
    /// <param name="systemNames">Usually <see cref="SystemNames"/>.</param>
    /// <returns>The loaded library, and how it was found.</returns>
    /// <exception cref="OnnxException">None is there; the message lists each place that was tried, and says what to do.</exception>
    public static (nint Handle, string From) Load(string? chosen, string program, IReadOnlyList<string> systemNames)
    {
        var tried = new List<string>();
        if (!string.IsNullOrEmpty(chosen))
        {
            var named = Directory.Exists(chosen) ? Path.Combine(chosen, FileName) : chosen;
            if (TryFile(named, tried, out var handle)) return (handle, $"{Variable}={chosen}");
            throw Missing(tried.Select(place => $"{Variable}: {place}")); // whoever names one does not want another
        }
        var beside = Path.Combine(program, "native", FileName);
        if (TryFile(beside, tried, out var own)) return (own, beside);
        foreach (var name in systemNames)
        {
            if (NativeLibrary.TryLoad(name, out var system)) return (system, $"the system's {name}");
            tried.Add($"the system's {name}: not installed");
        }
        throw Missing(tried);
    }

    private static bool TryFile(string path, List<string> tried, out nint handle)
    {
        handle = 0;
        if (!File.Exists(path))
        {
            tried.Add($"{path}: no such file");
            return false;
        }
        try
        {
            handle = NativeLibrary.Load(path);
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            tried.Add($"{path}: {error.Message}");
            return false;
        }
    }

    private static OnnxException Missing(IEnumerable<string> tried) => new(
        $"onnxruntime was not found ({string.Join("; ", tried)}). Install npm and run build.sh again, which puts it beside the tools, or set {Variable} to a libonnxruntime.so or its folder");
}
