using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace VoxMake.Text.Espeak;

/// <summary>How espeak-ng speaks.</summary>
/// <param name="WordsPerMinute">80 to 450.</param>
/// <param name="Pitch">0 to 100.</param>
/// <param name="PitchRange">0 (monotone) to 100.</param>
/// <param name="WordGap">Pause between words, in units of 10 ms at 175 words a minute; 0 to 500.</param>
/// <param name="Variant">Another sound for the same language, as <c>espeak-ng --voices=variant</c> lists: <c>f2</c>, <c>m3</c>; null for the voice's own.</param>
public sealed record EspeakSpeechSettings(int WordsPerMinute = 175, int Pitch = 50, int PitchRange = 50, int WordGap = 0, string? Variant = null);

/// <summary>A word that espeak-ng spoke. One written word may be several of these (<c>1455</c>), and one of these several written words, of which it names the first (<c>of the</c>).</summary>
/// <param name="At">Where it begins in the text, in UTF-16 units.</param>
/// <param name="Length">In UTF-16 units; of signs that are read out it may be 0 or more than the sign.</param>
/// <param name="Start">In samples.</param>
/// <param name="End">In samples, where its last sound ends: a pause after it is not in it.</param>
public readonly record struct EspeakWord(int At, int Length, int Start, int End);

/// <summary>A sound that espeak-ng made.</summary>
/// <param name="Ipa">Empty for a pause.</param>
/// <param name="At">Where the word begins that it belongs to, in UTF-16 units.</param>
/// <param name="Start">In samples.</param>
/// <param name="End">In samples.</param>
public readonly record struct EspeakSound(string Ipa, int At, int Start, int End);

/// <summary>A text as espeak-ng spoke it.</summary>
/// <param name="SampleRate">Of <paramref name="Samples"/> and all positions.</param>
/// <param name="Samples">One channel, full scale ±1.</param>
/// <param name="Words">In order.</param>
/// <param name="Sounds">In order, pauses among them.</param>
/// <param name="Sentences">Where sentences begin: in the text in UTF-16 units, in the sound in samples.</param>
public sealed record EspeakUtterance(
    int SampleRate, float[] Samples, IReadOnlyList<EspeakWord> Words, IReadOnlyList<EspeakSound> Sounds, IReadOnlyList<(int At, int Start)> Sentences);

/// <summary>
/// Text to speech by espeak-ng, in this process, with the time of every word and sound. Safe under threads. A text's samples are always the same, whatever was spoken
/// before: each is spoken by a <see cref="FreshEspeak"/>.
/// </summary>
public sealed class EspeakSpeech
{
    private readonly string _voice;
    private readonly EspeakSpeechSettings _settings;

    [ThreadStatic]
    private static Recording? _recording; // of the call that is in espeak-ng on this thread

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="EspeakException">espeak-ng is not installed, or the variant is not the name of one.</exception>
    public EspeakSpeech(EspeakVoice voice, EspeakSpeechSettings? settings = null)
    {
        EspeakEngine.Require();
        _settings = settings ?? new EspeakSpeechSettings();
        Check(_settings.WordsPerMinute, 80, 450, "words a minute");
        Check(_settings.Pitch, 0, 100, "pitch");
        Check(_settings.PitchRange, 0, 100, "pitch range");
        Check(_settings.WordGap, 0, 500, "word gap");
        if (_settings.Variant is { } variant && (variant.Length == 0 || !variant.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))) // it becomes part of a file's name
            throw new EspeakException($"\"{variant}\" is not a variant of espeak-ng's voices", "see espeak-ng --voices=variant");
        Voice = voice;
        _voice = _settings.Variant is null ? voice.File : $"{voice.File}+{_settings.Variant}";
    }

    /// <summary>Who speaks.</summary>
    public EspeakVoice Voice { get; }

    /// <summary>Speaks a text; all of it is held in memory, at 5 MB a minute. Of one without anything to be spoken there are no words, and a few samples of silence.</summary>
    /// <exception cref="EspeakException">espeak-ng could not.</exception>
    public EspeakUtterance Speak(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var recording = EspeakEngine.Alone(() => Record(text));
        return recording.Utterance(text, EspeakEngine.SampleRate);
    }

    private unsafe Recording Record(string text)
    {
        using var espeak = new FreshEspeak(_voice);
        espeak.Set(EspeakNative.Parameter.Rate, _settings.WordsPerMinute);
        espeak.Set(EspeakNative.Parameter.Pitch, _settings.Pitch);
        espeak.Set(EspeakNative.Parameter.PitchRange, _settings.PitchRange);
        espeak.Set(EspeakNative.Parameter.WordGap, _settings.WordGap);
        var recording = _recording = new Recording();
        try
        {
            var error = espeak.Speak(text, &Heard);
            if (recording.Fault is { } fault) throw new EspeakException($"espeak-ng's speech of {text.Length} characters could not be taken: {fault.Message}");
            if (error != EspeakNative.Ok) throw new EspeakException($"espeak-ng could not speak a text of {text.Length} characters (error {error})");
            return recording;
        }
        finally
        {
            _recording = null;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Heard(short* samples, int count, EspeakNative.Event* events)
    {
        if (_recording is not { } recording) return 1;
        try
        {
            if (samples != null && count > 0) recording.Add(new ReadOnlySpan<short>(samples, count));
            for (; events != null && events->Type != EspeakNative.EventType.ListTerminated; events++) recording.Add(*events);
            return 0;
        }
        catch (Exception fault) // it must not pass through C
        {
            recording.Fault = fault;
            return 1;
        }
    }

    private static void Check(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException("settings", value, $"espeak-ng's {name} must be {least} to {most}");
    }

    /// <summary>What one call of espeak-ng made, as it said it.</summary>
    private sealed class Recording
    {
        private readonly List<short> _samples = [];
        private readonly List<(EspeakNative.EventType Type, int CodePoint, int Length, int Milliseconds, string Name)> _events = [];

        public Exception? Fault { get; set; }

        public void Add(ReadOnlySpan<short> samples) => _samples.AddRange(samples);

        public unsafe void Add(in EspeakNative.Event heard)
        {
            if (heard.Type is not (EspeakNative.EventType.Word or EspeakNative.EventType.Sentence or EspeakNative.EventType.Phoneme)) return;
            var name = "";
            if (heard.Type == EspeakNative.EventType.Phoneme)
            {
                fixed (byte* first = heard.Name)
                {
                    var bytes = new ReadOnlySpan<byte>(first, 8);
                    var zero = bytes.IndexOf((byte)0);
                    name = Encoding.UTF8.GetString(zero < 0 ? bytes : bytes[..zero]);
                }
            }
            _events.Add((heard.Type, heard.TextPosition - 1, heard.Length, heard.AudioMilliseconds, name)); // espeak-ng counts from 1
        }

        public EspeakUtterance Utterance(string text, int rate)
        {
            var points = new CodePoints(text);
            var samples = new float[_samples.Count];
            for (var i = 0; i < samples.Length; i++) samples[i] = _samples[i] / 32768f;
            var marks = _events.Select(mark => mark with { Milliseconds = (int)Math.Min((long)mark.Milliseconds * rate / 1000, samples.Length) }).ToArray(); // from here on samples

            var (words, sounds, sentences) = (new List<EspeakWord>(), new List<EspeakSound>(), new List<(int, int)>());
            var word = -1; // the one that sounds belong to
            for (var i = 0; i < marks.Length; i++)
            {
                var (type, point, length, start, name) = marks[i];
                var at = points.ToUnits(point);
                if (type == EspeakNative.EventType.Sentence) sentences.Add((at, start));
                if (type == EspeakNative.EventType.Word)
                {
                    word = words.Count;
                    words.Add(new EspeakWord(at, points.ToUnits(point + length) - at, start, start));
                }
                if (type != EspeakNative.EventType.Phoneme) continue;
                var end = NextSound(marks, i, samples.Length);
                sounds.Add(new EspeakSound(name, word < 0 ? at : words[word].At, start, end));
                if (name.Length > 0 && word >= 0) words[word] = words[word] with { End = end };
            }
            words.RemoveAll(silent => silent.Start == silent.End); // at the end of a text, some languages' rules name a word of no sound
            return new EspeakUtterance(rate, samples, words, sounds, sentences);
        }

        /// <summary>Where the sound of an event ends: where the next sound or word begins.</summary>
        private static int NextSound((EspeakNative.EventType Type, int, int, int Start, string)[] marks, int at, int last)
        {
            for (var next = at + 1; next < marks.Length; next++)
                if (marks[next].Type != EspeakNative.EventType.Sentence) return Math.Max(marks[at].Start, marks[next].Start);
            return last;
        }
    }
}
