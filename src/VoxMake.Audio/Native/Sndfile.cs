using System.Runtime.InteropServices;

namespace VoxMake.Audio.Native;

/// <summary>libsndfile's C functions (sndfile.h, 1.2), by the name under which Debian installs the library.</summary>
internal static unsafe partial class Sndfile
{
    public const string Library = "libsndfile.so.1";
    public const int ModeRead = 0x10, ModeWrite = 0x20;

    /// <summary>SF_FORMAT_ of a whole file: container and codec.</summary>
    public const int FlacPcm16 = 0x170002, OggOpus = 0x200064, MpegLayer3 = 0x230082;

    /// <summary>SF_STR_: texts that a file carries.</summary>
    public const int StringComment = 5;

    /// <summary>SFC_SET_OGG_PAGE_LATENCY_MS, with a double: how much sound an ogg page gathers before it is written.</summary>
    public const int SetOggPageLatency = 0x1302;

    /// <summary>SF_VIRTUAL_IO: how libsndfile reads and writes what is no file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Virtual
    {
        public delegate* unmanaged[Cdecl]<nint, long> Length;
        public delegate* unmanaged[Cdecl]<long, int, nint, long> Seek;
        public delegate* unmanaged[Cdecl]<byte*, long, nint, long> Read;
        public delegate* unmanaged[Cdecl]<byte*, long, nint, long> Write;
        public delegate* unmanaged[Cdecl]<nint, long> Tell;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Info
    {
        public long Frames;
        public int SampleRate, Channels, Format, Sections, Seekable;
    }

    [LibraryImport(Library, EntryPoint = "sf_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(string path, int mode, ref Info info);

    [LibraryImport(Library, EntryPoint = "sf_open_virtual")]
    public static partial nint OpenVirtual(Virtual* io, int mode, Info* info, nint user);

    [LibraryImport(Library, EntryPoint = "sf_set_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetString(nint file, int kind, string text);

    [LibraryImport(Library, EntryPoint = "sf_command")]
    public static partial int Command(nint file, int command, void* data, int size);

    [LibraryImport(Library, EntryPoint = "sf_writef_float")]
    public static partial long WriteFloat(nint file, float* samples, long frames);

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
