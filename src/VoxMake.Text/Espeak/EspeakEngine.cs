using System.Runtime.InteropServices;
using System.Text;

namespace VoxMake.Text.Espeak;

/// <summary>
/// espeak-ng in this process. Its state (voice, rate, buffers) is the process's own and not safe under threads, so everything goes through one lock; text is worked on far faster than it is spoken,
/// so threads seldom wait long.
/// </summary>
public static unsafe class EspeakEngine
{
    private static readonly Lock Gate = new();
    private static readonly Lazy<EspeakException?> Start = new(Initialize);
    private static readonly Lazy<IReadOnlyList<EspeakVoice>> AllVoices = new(() => Alone(ReadVoices));
    private static int _sampleRate;
    private static string? _voice;

    /// <summary>Whether library and data are here.</summary>
    public static bool IsInstalled => Start.Value is null;

    /// <summary>Such as <c>1.51</c>; null where it is not installed.</summary>
    public static string? Version
    {
        get
        {
            if (!IsInstalled) return null;
            byte* path;
            return Marshal.PtrToStringUTF8((nint)EspeakNative.Info(&path))?.Split(' ')[0];
        }
    }

    /// <summary>Samples a second of its speech: 22,050.</summary>
    /// <exception cref="EspeakException">It is not installed.</exception>
    public static int SampleRate
    {
        get
        {
            Require();
            return _sampleRate;
        }
    }

    /// <summary>The voices that need nothing but espeak-ng itself, by language.</summary>
    /// <exception cref="EspeakException">It is not installed.</exception>
    public static IReadOnlyList<EspeakVoice> Voices => AllVoices.Value;

    /// <summary>The voice for a language.</summary>
    /// <param name="language">BCP 47, in any case, with - or _. One that has no voice is looked for without its last parts: <c>de-AT</c> speaks as <c>de</c>.</param>
    /// <exception cref="EspeakException">It is not installed, or has no voice for it; the message names near ones.</exception>
    public static EspeakVoice VoiceOf(string language) => EspeakVoices.Find(Voices, language);

    /// <summary>Says what is wrong where espeak-ng cannot be used.</summary>
    /// <exception cref="EspeakException">It is not installed.</exception>
    public static void Require()
    {
        if (Start.Value is { } absent) throw new EspeakException(absent.Message, absent.Try); // a new one each time: an exception carries the stack of where it was thrown
    }

    /// <summary>Runs something while no other thread is inside espeak-ng.</summary>
    internal static T Alone<T>(Func<T> work)
    {
        Require();
        lock (Gate) return work();
    }

    /// <summary>Takes a voice. To be called inside <see cref="Alone"/>.</summary>
    /// <param name="voice">A voice's file, with a variant after a plus sign or none.</param>
    internal static void Choose(string voice)
    {
        if (_voice == voice) return;
        _voice = null;
        if (EspeakNative.SetVoiceByName(voice) != EspeakNative.Ok) throw NoVoice(voice);
        _voice = voice;
    }

    internal static EspeakException NoVoice(string voice) => new($"espeak-ng cannot load its voice {voice}", "see espeak-ng --voices and --voices=variant");

    /// <summary>Where the library in use was loaded from.</summary>
    internal static string LibraryFile() => File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/') is >= 0 and var at ? at : line.Length)..])
        .First(path => Path.GetFileName(path).StartsWith("libespeak-ng.so", StringComparison.Ordinal));

    /// <summary>A text as espeak-ng takes it: UTF-8, closed by a zero. Zeros inside become spaces, since they would end it.</summary>
    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Replace('\0', ' ') + '\0');

    private static EspeakException? Initialize()
    {
        const string install = "install espeak-ng (Debian and Ubuntu: apt-get install espeak-ng)";
        if (!NativeLibrary.TryLoad(EspeakNative.Library, out _))
            return new EspeakException($"{EspeakNative.Library} is not on this machine: phonemes and alignment without a network need it", install);
        _sampleRate = EspeakNative.Initialize(EspeakNative.Synchronous, 0, null, EspeakNative.InitializeOptions);
        if (_sampleRate > 0) return null;
        return new EspeakException("espeak-ng is here, but not its data (the folder espeak-ng-data)", install + ", or set ESPEAK_DATA_PATH to the folder that holds espeak-ng-data");
    }

    private static List<EspeakVoice> ReadVoices()
    {
        var voices = new List<EspeakVoice>();
        for (var next = EspeakNative.ListVoices(null); *next != null; next++)
        {
            var file = Text((*next)->Identifier);
            if (file.StartsWith("mb/", StringComparison.Ordinal) || file.StartsWith("!v", StringComparison.Ordinal)) continue; // MBROLA's need another program; variants are not voices
            var languages = new List<(string, int)>();
            for (var pair = (*next)->Languages; *pair != 0;)
            {
                var language = Text(pair + 1);
                languages.Add((language.ToLowerInvariant(), *pair));
                pair += 1 + Encoding.UTF8.GetByteCount(language) + 1;
            }
            if (languages.Count > 0) voices.Add(new EspeakVoice(languages[0].Item1, Text((*next)->Name).Replace('_', ' '), file, languages));
        }
        return [.. voices.OrderBy(voice => voice.Language, StringComparer.Ordinal).ThenBy(voice => voice.File, StringComparer.Ordinal)];
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
