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
    /// Finds it among the lines of a <c>/proc/[pid]/maps</c> (proc(5)). Debian's libblas.so.3 is a link to the library in use, each in a folder of its own; OpenBLAS's is a thin layer over its libopenblas.
    /// </summary>
    public static Blas? In(IEnumerable<string> maps)
    {
        Blas? plain = null;
        foreach (var line in maps)
        {
            var start = line.IndexOf('/');
            if (start < 0) continue;
            var file = line[start..];
            var (name, folder) = (Path.GetFileName(file), Path.GetFileName(Path.GetDirectoryName(file)!));
            if (name.StartsWith("libopenblas", StringComparison.Ordinal)) return new Blas(folder.StartsWith("openblas", StringComparison.Ordinal) ? folder : "openblas", file, false);
            if (!name.StartsWith("libblas.so", StringComparison.Ordinal)) continue;
            var another = folder.StartsWith("blis", StringComparison.Ordinal) || folder is "atlas" or "mkl";
            plain = new Blas(another ? folder : "reference BLAS", file, !another);
        }
        return plain;
    }

    /// <summary>Sets its threads, where it has a number of its own: libtorch does not pass its number on to OpenBLAS.</summary>
    public void SetThreads(int threads)
    {
        if (NativeLibrary.TryLoad(File, out var library) && NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out var set)) ((delegate* unmanaged[Cdecl]<int, void>)set)(threads);
    }
}
