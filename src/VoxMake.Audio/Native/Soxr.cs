using System.Runtime.InteropServices;

namespace VoxMake.Audio.Native;

/// <summary>libsoxr's C functions (soxr.h, 0.1.3), by the name under which Debian installs the library.</summary>
internal static unsafe partial class Soxr
{
    public const string Library = "libsoxr.so.0";

    /// <summary>SOXR_HQ: 20 bits, linear phase; what <c>soxr.resample(..., "HQ")</c> and librosa's <c>soxr_hq</c> mean.</summary>
    private static readonly QualitySpec HighQuality = Quality(4, 0);

    /// <summary>A resampler of one channel, float32 in and out, one thread. It dies by <see cref="Delete"/>.</summary>
    public static nint Open(int inRate, int outRate)
    {
        byte* error;
        var soxr = Create(inRate, outRate, 1, &error, null, HighQuality, null);
        return soxr != 0 ? soxr : throw new InvalidOperationException($"libsoxr cannot resample {inRate} to {outRate} Hz: {Marshal.PtrToStringUTF8((nint)error)}");
    }

    /// <summary>What a function answers: null, or what went wrong.</summary>
    public static void Check(byte* error)
    {
        if (error != null) throw new InvalidOperationException($"libsoxr: {Marshal.PtrToStringUTF8((nint)error)}");
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct QualitySpec
    {
        public double Precision, PhaseResponse, PassbandEnd, StopbandBegin;
        public nint Extra;
        public nuint Flags;
    }

    [LibraryImport(Library, EntryPoint = "soxr_quality_spec")]
    private static partial QualitySpec Quality(nuint recipe, nuint flags);

    /// <summary>Null for the input-output and runtime specifications means float32 in and out, one thread.</summary>
    [LibraryImport(Library, EntryPoint = "soxr_create")]
    private static partial nint Create(double inRate, double outRate, uint channels, byte** error, void* ioSpec, in QualitySpec quality, void* runtimeSpec);

    [LibraryImport(Library, EntryPoint = "soxr_process")]
    public static partial byte* Process(nint soxr, float* input, nuint inputFrames, nuint* used, float* output, nuint outputFrames, nuint* made);

    [LibraryImport(Library, EntryPoint = "soxr_delete")]
    public static partial void Delete(nint soxr);

    [LibraryImport(Library, EntryPoint = "soxr_version")]
    public static partial nint Version();
}
