using VoxMake.Audio;
using VoxMake.Text.Espeak;

namespace VoxMake.Speech.Alignment;

/// <summary>
/// A text as espeak-ng speaks it, without its pauses: what the aligner holds a recording to. Sentences are spoken one by one, so that a chapter's samples are never held together.
/// </summary>
/// <param name="Frames">Of all words, one after the other, normalised.</param>
/// <param name="First">[words + 1]: the first frame of each word; a word that espeak-ng does not speak has none.</param>
internal sealed record SpokenText(SoundFrames Frames, int[] First)
{
    public int Words => First.Length - 1;

    /// <summary>Frames of a word.</summary>
    public int Length(int word) => First[word + 1] - First[word];

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
            var chosen = new List<int>();
            foreach (var stretches in times)
            {
                foreach (var (start, end) in stretches)
                    for (var frame = Frame(start, spoken.SampleRate); frame < Frame(end, spoken.SampleRate); frame++) chosen.Add(Math.Min(frame, frames.Count - 1));
                first.Add(done + chosen.Count);
            }
            parts.Add(frames.Take(chosen));
            done += chosen.Count;
        }
        var all = SoundFrames.Join(parts);
        all.Normalise(_ => true);
        return new SpokenText(all, [.. first]);
    }

    private static int Frame(int sample, int rate) => (int)Math.Round(sample * (Sound16k.Rate / (double)rate) / SoundFrames.Hop);

    private static float[] Resample(EspeakUtterance spoken)
    {
        var sound = new float[Resampler.OutputLength(spoken.Samples.Length, spoken.SampleRate, Sound16k.Rate)];
        Resampler.Resample(spoken.Samples, spoken.SampleRate, Sound16k.Rate, sound);
        return sound;
    }
}
