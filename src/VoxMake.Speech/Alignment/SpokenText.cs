using VoxMake.Audio;
using VoxMake.Text.Espeak;

namespace VoxMake.Speech.Alignment;

/// <summary>
/// A text as espeak-ng speaks it, without its pauses: what the aligner holds a recording to. Sentences are spoken one by one, so that a chapter's samples are never held together.
/// </summary>
/// <param name="Frames">Of all words, one after the other, normalised.</param>
/// <param name="First">[words + 1]: the first frame of each word; a word that espeak-ng does not speak has none.</param>
/// <param name="Joints">[words + 1]: what lies before each word, and behind the last.</param>
internal sealed record SpokenText(SoundFrames Frames, int[] First, Joint[] Joints)
{
    public int Words => First.Length - 1;

    /// <summary>Frames of a word.</summary>
    public int Length(int word) => First[word + 1] - First[word];

    /// <summary>Some words of it.</summary>
    public SpokenText Slice(int from, int to)
    {
        Joint[] joints = [.. Joints[from..(to + 1)]];
        joints[0] = joints[^1] = Joint.Sentence;
        return new SpokenText(Frames.Slice(First[from], First[to]), [.. First[from..(to + 1)].Select(first => first - First[from])], joints);
    }

    /// <summary>With half as many frames; no frame has something of two words.</summary>
    public SpokenText Halved()
    {
        var parts = Enumerable.Range(0, Words).Select(word => Frames.Slice(First[word], First[word + 1]).Halved()).ToArray();
        var first = new int[First.Length];
        for (var word = 0; word < Words; word++) first[word + 1] = first[word] + parts[word].Count;
        return new SpokenText(SoundFrames.Join(parts), first, Joints);
    }

    public static SpokenText Of(TextWords text, EspeakSpeech speech)
    {
        var parts = new List<SoundFrames>();
        var first = new List<int> { 0 };
        var (word, done) = (0, 0);
        for (var sentence = 0; sentence < text.Sentences.Count; sentence++)
        {
            var (written, at) = text.Sentences[sentence];
            var begin = word;
            while (word < text.Words.Count && text.Words[word].Sentence == sentence) word++;
            var spoken = speech.Speak(written);
            var starts = Enumerable.Range(begin, word - begin).Select(i => text.Words[i].At - at).ToArray();
            var times = WordSounds.Of(spoken, written, starts);
            var frames = SoundFrames.Of(Resample(spoken));
            var chosen = new List<int>(); // without what fades out before a pause: any silence would be like it
            for (var i = 0; i < times.Count; i++)
            {
                var least = chosen.Count + 1;
                foreach (var (start, end) in times[i])
                    for (var frame = Frame(start, spoken.SampleRate); frame < Frame(end, spoken.SampleRate); frame++) chosen.Add(Math.Min(frame, frames.Count - 1));
                if (IsBeforePause(times, i, spoken.SampleRate))
                    while (chosen.Count > least && frames.Loudness(chosen[^1]) < 0.35) chosen.RemoveAt(chosen.Count - 1);
                first.Add(done + chosen.Count);
            }
            parts.Add(frames.Take(chosen));
            done += chosen.Count;
        }
        var all = SoundFrames.Join(parts);
        all.Normalise(_ => true);
        return new SpokenText(all, [.. first], [.. Enumerable.Range(0, first.Count).Select(text.Before)]);
    }

    private static bool IsBeforePause(IReadOnlyList<IReadOnlyList<(int Start, int End)>> times, int word, int rate) =>
        times[word].Count > 0 && (word == times.Count - 1 || times[word + 1].Count == 0 || times[word + 1][0].Start - times[word][^1].End > rate / 20);

    private static int Frame(int sample, int rate) => (int)Math.Round(sample * (Sound16k.Rate / (double)rate) / SoundFrames.Hop);

    private static float[] Resample(EspeakUtterance spoken)
    {
        var sound = new float[Resampler.OutputLength(spoken.Samples.Length, spoken.SampleRate, Sound16k.Rate)];
        Resampler.Resample(spoken.Samples, spoken.SampleRate, Sound16k.Rate, sound);
        return sound;
    }
}
