using System.Runtime.InteropServices;

namespace VoxMake.Torch.Native;

/// <summary>The library outside libtorch that multiplies its matrices. Debian's libtorch has one, PyTorch's own builds carry theirs inside.</summary>
/// <param name="Name">Such as <c>openblas-pthread</c>, the folder that Debian keeps it in.</param>
/// <param name="File">The library.</param>
/// <param name="IsReference">Whether it is the reference BLAS: right, on one thread, and thirty times slower.</param>
internal sealed unsafe record Blas(string Name, string File, bool IsReference)
{
    /// <summary>What this process has loaded; null where it is inside libtorch.</summary>
    public static Blas? InThisProcess() => In(System.IO.File.ReadLines("/proc/self/maps"));

    /// <summary>
    /// Finds it among the lines of a <c>/proc/[pid]/maps</c> (proc(5)). Debian's libblas.so.3 is a link to the library in use, each in a folder of its own. OpenBLAS's is a thin layer over its
    /// libopenblas, which alone says nothing: LAPACK may have brought it along.
    /// </summary>
    public static Blas? In(IEnumerable<string> maps)
    {
        string? blas = null, open = null;
        foreach (var line in maps)
        {
            var start = line.IndexOf('/');
            var name = start < 0 ? "" : Path.GetFileName(line[start..]);
            if (name.StartsWith("libblas.so", StringComparison.Ordinal)) blas = line[start..];
            if (name.StartsWith("libopenblas", StringComparison.Ordinal)) open = line[start..];
        }
        if (blas is null) return open is null ? null : new Blas("openblas", open, false);
        var folder = Path.GetFileName(Path.GetDirectoryName(blas)!);
        if (folder.StartsWith("openblas", StringComparison.Ordinal)) return new Blas(folder, open ?? blas, false);
        var isAnother = folder.StartsWith("blis", StringComparison.Ordinal) || folder is "atlas" or "mkl";
        return new Blas(isAnother ? folder : "reference BLAS", blas, !isAnother);
    }

    /// <summary>What OpenBLAS says of itself: version, build, and the processor whose code it runs; null where it is another one.</summary>
    public string? Config => NativeLibrary.TryLoad(File, out var library) && NativeLibrary.TryGetExport(library, "openblas_get_config", out var get)
        ? Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)get)())?.Trim() : null;

    /// <summary>Sets its threads, where it has a number of its own: libtorch does not pass its number on to OpenBLAS.</summary>
    public void SetThreads(int threads)
    {
        if (NativeLibrary.TryLoad(File, out var library) && NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out var set)) ((delegate* unmanaged[Cdecl]<int, void>)set)(threads);
    }
}
