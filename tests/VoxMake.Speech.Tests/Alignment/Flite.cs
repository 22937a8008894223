using System.Runtime.InteropServices;
using VoxMake.Audio;

namespace VoxMake.Speech.Alignment.Tests;

/// <summary>A word as flite spoke it, in seconds.</summary>
internal readonly record struct FliteWord(string Text, double Start, double End);

/// <summary>
/// flite (Carnegie Mellon University), another synthesizer than the aligner's, which tells the time of every word from its own segments: the ends that its duration model gave them. By its C library,
/// since the program prints segments without their words. Structures as in flite 2.2's cst_voice.h and cst_wave.h.
/// </summary>
internal static unsafe partial class Flite
{
    private const string Library = "libflite.so.1";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Voices = [];

    /// <summary>Voices of Debian's package: two men and a woman by statistics, one man of diphones.</summary>
    public static readonly string[] Names = ["slt", "rms", "awb", "kal"];

    public static void OrSkip() =>
        Skip.IfNot(NativeLibrary.TryLoad(Library, out _) && NativeLibrary.TryLoad("libflite_cmu_us_slt.so.1", out _), "flite is not on this machine (apt-get install flite)");

    /// <summary>Speaks at 16 kHz.</summary>
    /// <param name="stretch">1 as usual, more is slower.</param>
    /// <param name="pitch">Mean of the voice's fundamental in Hz.</param>
    public static (float[] Sound, IReadOnlyList<FliteWord> Words) Speak(string name, string text, float stretch, float pitch)
    {
        lock (Gate)
        {
            if (Voices.Count == 0) _ = Init();
            if (!Voices.TryGetValue(name, out var voice))
                Voices[name] = voice = name switch { "slt" => Slt(0), "rms" => Rms(0), "awb" => Awb(0), _ => Kal(0) };
            var features = ((nint*)voice)[1]; // struct cst_voice: name, features, ...
            SetFeature(features, "duration_stretch", stretch);
            SetFeature(features, "int_f0_target_mean", pitch);
            var utterance = Synthesize(text, voice);
            try { return (Sound((Wave*)WaveOf(utterance)), Words(utterance)); }
            finally { Delete(utterance); }
        }
    }

    private static float[] Sound(Wave* wave)
    {
        var samples = new float[wave->Samples];
        for (var i = 0; i < samples.Length; i++) samples[i] = wave->First[i] / 32768f;
        if (wave->Rate == Sound16k.Rate) return samples;
        var sound = new float[Resampler.OutputLength(samples.Length, wave->Rate, Sound16k.Rate)];
        Resampler.Resample(samples, wave->Rate, Sound16k.Rate, sound);
        return sound;
    }

    private static List<FliteWord> Words(nint utterance)
    {
        var words = new List<FliteWord>();
        for (var item = Head(Relation(utterance, "Word")); item != 0; item = Next(item))
        {
            var name = Marshal.PtrToStringUTF8(Text(item, "name"))!;
            var start = Number(item, "R:SylStructure.daughter1.daughter1.R:Segment.p.end");
            var end = Number(item, "R:SylStructure.daughtern.daughtern.R:Segment.end");
            if (name == "'s" && words.Count > 0) words[^1] = new FliteWord(words[^1].Text + name, words[^1].Start, end);
            else words.Add(new FliteWord(name, start, end));
        }
        return words;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Wave
    {
        public nint Type;
        public int Rate, Samples, Channels;
        public short* First;
    }

    [LibraryImport(Library, EntryPoint = "flite_init")]
    private static partial int Init();

    [LibraryImport("libflite_cmu_us_slt.so.1", EntryPoint = "register_cmu_us_slt")]
    private static partial nint Slt(nint folder);

    [LibraryImport("libflite_cmu_us_rms.so.1", EntryPoint = "register_cmu_us_rms")]
    private static partial nint Rms(nint folder);

    [LibraryImport("libflite_cmu_us_awb.so.1", EntryPoint = "register_cmu_us_awb")]
    private static partial nint Awb(nint folder);

    [LibraryImport("libflite_cmu_us_kal.so.1", EntryPoint = "register_cmu_us_kal")]
    private static partial nint Kal(nint folder);

    [LibraryImport(Library, EntryPoint = "flite_synth_text", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Synthesize(string text, nint voice);

    [LibraryImport(Library, EntryPoint = "flite_feat_set_float", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetFeature(nint features, string name, float value);

    [LibraryImport(Library, EntryPoint = "utt_relation", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Relation(nint utterance, string name);

    [LibraryImport(Library, EntryPoint = "relation_head")]
    private static partial nint Head(nint relation);

    [LibraryImport(Library, EntryPoint = "item_next")]
    private static partial nint Next(nint item);

    [LibraryImport(Library, EntryPoint = "ffeature_float", StringMarshalling = StringMarshalling.Utf8)]
    private static partial float Number(nint item, string path);

    [LibraryImport(Library, EntryPoint = "ffeature_string", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Text(nint item, string path);

    [LibraryImport(Library, EntryPoint = "utt_wave")]
    private static partial nint WaveOf(nint utterance);

    [LibraryImport(Library, EntryPoint = "delete_utterance")]
    private static partial void Delete(nint utterance);
}
