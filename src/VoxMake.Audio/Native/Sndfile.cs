using System.Runtime.InteropServices;

namespace VoxMake.Audio.Native;

/// <summary>libsndfile's C functions (sndfile.h, 1.2), by the name under which Debian installs the library.</summary>
internal static unsafe partial class Sndfile
{
    public const string Library = "libsndfile.so.1";
    public const int ModeRead = 0x10;

    [StructLayout(LayoutKind.Sequential)]
    public struct Info
    {
        public long Frames;
        public int SampleRate, Channels, Format, Sections, Seekable;
    }

    [LibraryImport(Library, EntryPoint = "sf_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(string path, int mode, ref Info info);

    [LibraryImport(Library, EntryPoint = "sf_close")]
    public static partial int Close(nint file);

    [LibraryImport(Library, EntryPoint = "sf_error")]
    public static partial int Error(nint file);

    [LibraryImport(Library, EntryPoint = "sf_strerror")]
    public static partial nint ErrorText(nint file);

    [LibraryImport(Library, EntryPoint = "sf_readf_float")]
    public static partial long ReadFloat(nint file, float* samples, long frames);

    [LibraryImport(Library, EntryPoint = "sf_readf_double")]
    public static partial long ReadDouble(nint file, double* samples, long frames);

    [LibraryImport(Library, EntryPoint = "sf_readf_short")]
    public static partial long ReadShort(nint file, short* samples, long frames);

    [LibraryImport(Library, EntryPoint = "sf_readf_int")]
    public static partial long ReadInt(nint file, int* samples, long frames);

    [LibraryImport(Library, EntryPoint = "sf_version_string")]
    public static partial nint Version();
}
