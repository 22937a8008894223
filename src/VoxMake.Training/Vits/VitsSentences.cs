using System.Globalization;
using VoxMake.Audio;
using VoxMake.Metrics;
using VoxMake.Models;
using VoxMake.Models.Vits;

namespace VoxMake.Training.Vits;

/// <summary>A sentence that is spoken at every validation.</summary>
/// <param name="N">From 1.</param>
/// <param name="Seed">Of its noise, the same every time.</param>
internal sealed record VitsSentence(int N, VitsSample Sample, long Seed);

/// <summary>
/// The sentences by which a training is judged and listened to, always on the CPU, so that what is heard does not depend on the device that trains. They are the first validation clips in the order of
/// ids; where nothing is held back, the first training clips, which can be listened to but not measured.
/// </summary>
internal sealed class VitsSentences
{
    /// <summary>Speech of more than so many times the recording's length is not measured: the durations are broken.</summary>
    private const int LongestRatio = 20;

    private readonly VitsCorpus _corpus;
    private readonly VitsTokenizer _tokenizer;
    private readonly LogMels _mels;
    private readonly Dictionary<int, FrameTable> _recordings = [];

    public VitsSentences(VitsCorpus corpus, VitsTokenizer tokenizer, VitsSettings settings, VitsTrainingOptions options)
    {
        (_corpus, _tokenizer) = (corpus, tokenizer);
        _mels = new LogMels(new LogMelSettings(settings.SampleRate, options.NFft, options.HopLength, options.WinLength, options.NMels));
        HeldBack = corpus.Validation.Count > 0;
        All = [.. (HeldBack ? corpus.Validation : corpus.Train).Take(settings.ValidationSentences).Select((sample, index) =>
            new VitsSentence(index + 1, sample, (long)(CounterRandom.Key(settings.Seed, Purpose.Speech, index + 1) >> 33)))];
    }

    public IReadOnlyList<VitsSentence> All { get; }

    /// <summary>Whether the network has never heard them.</summary>
    public bool HeldBack { get; }

    /// <summary>Speaks a sentence as users will hear it, with the noise of the configuration, from the sentence's seed.</summary>
    /// <param name="voice">On the CPU, the decoder's weight norm folded.</param>
    /// <exception cref="ModelException">The network would speak without end, or its weights are broken.</exception>
    public float[] Speak(VitsModel voice, VitsSentence sentence) => Speak(voice, sentence, new VitsSpeaking());

    /// <summary>
    /// How far a sentence, spoken without noise, is from its recording: the mean absolute difference of natural-log mels along the best alignment in time (DTW). Null where that says nothing, with the
    /// reason.
    /// </summary>
    public double? Distance(VitsModel voice, VitsSentence sentence, out string why)
    {
        why = "";
        try
        {
            var spoken = Speak(voice, sentence, new VitsSpeaking(NoiseScale: 0, NoiseScaleDuration: 0));
            if (spoken.Length > (long)LongestRatio * sentence.Sample.Samples) why = string.Create(CultureInfo.InvariantCulture, $"it was spoken for {spoken.Length} samples, the recording has {sentence.Sample.Samples}");
            else if (_mels.Lacks(spoken) is { } lack) why = lack.Message;
            else if (RecordingOf(sentence, out why) is { } recording) return MelDistance.Warped(_mels.Of(spoken), recording);
        }
        catch (ModelException error) { why = error.Message; }
        return null;
    }

    private FrameTable? RecordingOf(VitsSentence sentence, out string why)
    {
        why = "";
        if (_recordings.TryGetValue(sentence.N, out var mels)) return mels;
        var samples = _corpus.Load(sentence.Sample).Samples.Span;
        if (_mels.Lacks(samples) is not { } lack) return _recordings[sentence.N] = _mels.Of(samples);
        why = $"the recording: {lack.Message}";
        return null;
    }

    private float[] Speak(VitsModel voice, VitsSentence sentence, VitsSpeaking speaking) =>
        VitsVoice.Speak(voice, _tokenizer, sentence.Sample.Clip.Text, (ulong)sentence.Seed, speaking with { Speaker = voice.Config.NumSpeakers > 1 ? sentence.Sample.Speaker : null });
}
