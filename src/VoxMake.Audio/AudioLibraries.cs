using System.Runtime.InteropServices;
using VoxMake.Audio.Native;

namespace VoxMake.Audio;

/// <summary>The native libraries that this code stands on.</summary>
public static class AudioLibraries
{
    /// <summary>The version of libsndfile, such as <c>libsndfile-1.2.0</c>; null where it is not installed.</summary>
    public static string? Sndfile => Version(Native.Sndfile.Library, Native.Sndfile.Version);

    /// <summary>The version of libsoxr, such as <c>libsoxr-0.1.3</c>; null where it is not installed.</summary>
    public static string? Soxr => Version(Native.Soxr.Library, Native.Soxr.Version);

    private static string? Version(string library, Func<nint> version) => NativeLibrary.TryLoad(library, out _) ? Marshal.PtrToStringUTF8(version()) : null;
}
