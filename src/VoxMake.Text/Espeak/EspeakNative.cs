using System.Runtime.InteropServices;

namespace VoxMake.Text.Espeak;

/// <summary>espeak-ng's C functions (speak_lib.h of 1.51, API revision 12), by the name under which Debian installs the library.</summary>
internal static unsafe partial class EspeakNative
{
    public const string Library = "libespeak-ng.so.1";

    /// <summary>AUDIO_OUTPUT_SYNCHRONOUS: speech goes to the callback, and espeak_Synth returns when all of it was made.</summary>
    public const int Synchronous = 2;

    /// <summary>espeakINITIALIZE_PHONEME_EVENTS, _PHONEME_IPA and _DONT_EXIT: without the last, missing data ends the process.</summary>
    public const int InitializeOptions = 0x0001 | 0x0002 | 0x8000;

    /// <summary>espeakCHARS_UTF8 alone: neither espeakSSML (mark-up in &lt; &gt;) nor espeakPHONEMES (codes in [[ ]]), so that texts are only texts.</summary>
    public const int Utf8 = 1;

    /// <summary>espeakPHONEMES_IPA of espeak_TextToPhonemes.</summary>
    public const int Ipa = 0x02;

    public const int Ok = 0;

    public enum EventType
    {
        ListTerminated = 0,
        Word = 1,
        Sentence = 2,
        Phoneme = 7,
    }

    public enum Parameter
    {
        Rate = 1,
        Pitch = 3,
        PitchRange = 4,
        WordGap = 7,
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Event
    {
        public EventType Type;
        public uint Message;
        public int TextPosition, Length, AudioMilliseconds, Sample;
        public nint UserData;
        public fixed byte Name[8]; // of phonemes: UTF-8, closed by a zero unless it fills all eight
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Voice
    {
        public byte* Name, Languages, Identifier;
        public byte Gender, Age, Variant, Unused;
        public int Score;
        public nint Spare;
    }

    [LibraryImport(Library, EntryPoint = "espeak_Initialize", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Initialize(int output, int bufferMilliseconds, string? path, int options);

    [LibraryImport(Library, EntryPoint = "espeak_TextToPhonemes")]
    public static partial byte* TextToPhonemes(byte** text, int textMode, int phonemeMode);

    [LibraryImport(Library, EntryPoint = "espeak_ListVoices")]
    public static partial Voice** ListVoices(Voice* specification);

    [LibraryImport(Library, EntryPoint = "espeak_SetVoiceByName", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetVoiceByName(string name);

    [LibraryImport(Library, EntryPoint = "espeak_Info")]
    public static partial byte* Info(byte** dataPath);
}
