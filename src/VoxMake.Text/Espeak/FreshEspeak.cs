using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VoxMake.Text.Espeak;

/// <summary>
/// An espeak-ng that has never spoken: the library loaded once more, from a copy in memory, and unloaded afterwards. Its generator keeps phase, flutter and more from one text to the next, and nothing
/// resets them, so that what it says hangs on what it has said before; one that has said nothing speaks a text the same to the sample (docs/decisions/fresh-espeak.md). It takes a millisecond. To be used
/// inside <see cref="EspeakEngine.Alone"/>.
/// </summary>
internal sealed unsafe partial class FreshEspeak : IDisposable
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC
    private static readonly Lazy<(SafeFileHandle Handle, string Path)> Copy = new(MakeCopy); // another file than the library's own: else the loader gives the one that is there
    private readonly nint _library;
    private bool _started;

    /// <exception cref="EspeakException">It cannot be loaded or started, or has no such voice.</exception>
    public FreshEspeak(string voice)
    {
        try { _library = NativeLibrary.Load(Copy.Value.Path); }
        catch (Exception error) when (error is DllNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw new EspeakException($"espeak-ng cannot be loaded from memory: {error.Message}", "allow memfd_create and programs from it (sysctl vm.memfd_noexec)");
        }
        try
        {
            Seed(1); // espeak-ng 1.51 takes its noise from the C library's rand
            var initialize = (delegate* unmanaged[Cdecl]<int, int, byte*, int, int>)Function("espeak_Initialize");
            _started = initialize(EspeakNative.Synchronous, 0, null, EspeakNative.InitializeOptions) > 0;
            if (!_started) throw new EspeakException("espeak-ng could not be started once more", null);
            var choose = (delegate* unmanaged[Cdecl]<byte*, int>)Function("espeak_SetVoiceByName");
            fixed (byte* name = EspeakEngine.Bytes(voice))
                if (choose(name) != EspeakNative.Ok) throw EspeakEngine.NoVoice(voice);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Set(EspeakNative.Parameter parameter, int value) =>
        ((delegate* unmanaged[Cdecl]<EspeakNative.Parameter, int, int, int>)Function("espeak_SetParameter"))(parameter, value, 0);

    /// <summary>Speaks a text; its sound and events go to <paramref name="heard"/> before this returns.</summary>
    /// <returns>espeak-ng's error, 0 for none.</returns>
    public int Speak(string text, delegate* unmanaged[Cdecl]<short*, int, EspeakNative.Event*, int> heard)
    {
        ((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<short*, int, EspeakNative.Event*, int>, void>)Function("espeak_SetSynthCallback"))(heard);
        var speak = (delegate* unmanaged[Cdecl]<byte*, nuint, uint, int, uint, uint, uint*, void*, int>)Function("espeak_Synth");
        var bytes = EspeakEngine.Bytes(text);
        fixed (byte* start = bytes) return speak(start, (nuint)bytes.Length, 0, 1, 0, EspeakNative.Utf8, null, null);
    }

    private nint Function(string name) => NativeLibrary.GetExport(_library, name);

    private static (SafeFileHandle, string) MakeCopy()
    {
        var handle = new SafeFileHandle(CreateMemoryFile("libespeak-ng", CloseOnExec), ownsHandle: true);
        if (handle.IsInvalid) throw new IOException($"memfd_create failed (error {Marshal.GetLastPInvokeError()})");
        RandomAccess.Write(handle, File.ReadAllBytes(EspeakEngine.LibraryFile()), 0);
        return (handle, $"/proc/self/fd/{handle.DangerousGetHandle()}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "srand")]
    private static partial void Seed(uint seed);

    public void Dispose()
    {
        if (_started) ((delegate* unmanaged[Cdecl]<int>)Function("espeak_Terminate"))();
        _started = false;
        NativeLibrary.Free(_library);
    }
}
