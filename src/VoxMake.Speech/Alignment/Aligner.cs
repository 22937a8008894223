using VoxMake.Audio.Timed;
using VoxMake.Text.Espeak;

namespace VoxMake.Speech.Alignment;

/// <summary>A text aligned with a recording.</summary>
/// <param name="Text">When its sentences and words are spoken. A word that is not spoken has a length of 0 and a score of 0.</param>
/// <param name="WorstWord">The word of the lowest score; null for a text without words.</param>
/// <param name="TailSeconds">Speech after the last word: the text may lack what is said there.</param>
public sealed record AlignedText(TimedText Text, TimedWord? WorstWord, double TailSeconds);

/// <summary>
/// Finds where each word of a known text is spoken, without any network: espeak-ng speaks the text, and dynamic time warping lays that over the recording. It works for all languages of
/// espeak-ng, for clips and for whole chapters. Safe under threads.
/// </summary>
public sealed class Aligner
{
    private const int LongestWhole = 60 * Sound16k.Rate / SoundFrames.Hop; // frames; longer recordings are aligned roughly first
    private const double MostLettersASecond = 60; // people come to 25
    private const int Margin = 50; // frames on both sides of a sentence that may belong to it
    private const double RoughBeam = 300;
    private const int NormalRate = 175, SlowestRate = 110, FastestRate = 290;

    private static readonly string?[] Variants = [null, "f5"]; // a man and a woman

    private readonly string _language;
    private readonly EspeakVoice _voice;

    /// <param name="language">BCP 47, of the text.</param>
    /// <param name="voice">Another voice of espeak-ng than the language's own: a code as <c>en-gb-scotland</c>; null for the language's.</param>
    /// <exception cref="EspeakException">espeak-ng is not installed, or has no such voice.</exception>
    public Aligner(string language, string? voice = null) => (_language, _voice) = (language, EspeakEngine.VoiceOf(voice ?? language));

    /// <summary>Aligns one recording.</summary>
    /// <param name="sound">One channel, 16,000 Hz.</param>
    /// <param name="text">
    /// All that is spoken, in order. Empty, or without a word: a result without sentences and without a score. In a recording in which nothing is heard, or that is too short for anybody to
    /// speak the text in, no word is spoken, and the score is 0.
    /// </param>
    /// <param name="speech">Where somebody speaks, in samples: what is outside counts as quiet. Empty where nobody looked.</param>
    public AlignedText Align(ReadOnlySpan<float> sound, string text, IReadOnlyList<SpeechSpan>? speech = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var written = TextWords.Of(text, _language);
        if (written.Words.Count == 0) return new AlignedText(new TimedText(Sound16k.Rate, sound.Length, _language, text, null, []), null, 0);
        var heard = SoundFrames.Of(sound);
        if (!heard.HasSound || written.Words.Sum(word => (double)word.Text.Length) > MostLettersASecond * (2 + sound.Length / (double)Sound16k.Rate)) return Unspoken(written, text, _language, sound.Length);
        if (speech is { Count: > 0 }) heard.Quieten(speech);
        heard.Normalise(heard.IsLoud);
        var best = heard.Count <= LongestWhole ? Best(Variants.Select(variant => Whole(heard, written, variant, cancel))) : Long(heard, written, cancel);
        return Result(best, written, text, sound.Length);
    }

    private static Attempt Best(IEnumerable<Attempt> attempts) => attempts.MaxBy(attempt => attempt.Evidence.Whole)!;

    /// <summary>All at once, frame by frame.</summary>
    private Attempt Whole(SoundFrames heard, TextWords written, string? variant, CancellationToken cancel)
    {
        var spoken = Speak(written, variant, heard);
        var foreign = ForeignSound.Costs(heard, spoken);
        var path = WordPath.Find(heard, spoken, foreign, new PathCosts(), cancel);
        return new Attempt(path, new Evidence(path, heard, foreign, spoken));
    }

    /// <summary>Roughly first, with frames of twenty milliseconds; then each sentence for itself, within what the rough path left for it.</summary>
    private Attempt Long(SoundFrames heard, TextWords written, CancellationToken cancel)
    {
        var halved = heard.Halved();
        Attempt? best = null;
        foreach (var variant in Variants)
        {
            var spoken = Speak(written, variant, heard);
            var half = spoken.Halved();
            var rough = WordPath.Find(halved, half, ForeignSound.Costs(halved, half), new PathCosts(ForeignBetween: 0.95f, Beam: RoughBeam), cancel);
            var foreign = ForeignSound.Costs(heard, spoken);
            var path = Refine(heard, written, spoken, foreign, [.. rough.Select(word => new PathWord(2 * word.Start, Math.Min(2 * word.End, heard.Count), 2 * word.Cost))], cancel);
            var evidence = new Evidence(path, heard, foreign, spoken);
            if (best is null || evidence.Whole > best.Evidence.Whole) best = new Attempt(path, evidence);
        }
        return best!;
    }

    private static PathWord[] Refine(SoundFrames heard, TextWords written, SpokenText spoken, float[] foreign, PathWord[] rough, CancellationToken cancel)
    {
        var path = new PathWord[rough.Length];
        var done = 0; // frames that are taken
        for (var first = 0; first < rough.Length;)
        {
            var end = EndOfSentence(written, first);
            var (start, stop) = (rough[first].Start, rough[end - 1].End);
            var next = end < rough.Length ? rough[end].Start : heard.Count;
            var from = Math.Clamp(start - Margin, done, heard.Count);
            var to = Math.Clamp(Math.Min(stop + Margin, next + Margin / 2), from, heard.Count);
            if (stop <= start || to <= from)
                for (var word = first; word < end; word++) path[word] = new PathWord(Math.Max(done, start), Math.Max(done, start), 0);
            else
            {
                var found = WordPath.Find(heard.Slice(from, to), spoken.Slice(first, end), foreign[from..to], new PathCosts(), cancel);
                for (var word = first; word < end; word++) path[word] = found[word - first] with { Start = found[word - first].Start + from, End = found[word - first].End + from };
                done = Math.Max(done, path[end - 1].End);
            }
            first = end;
        }
        return path;
    }

    /// <summary>The text as espeak-ng speaks it; slower or faster where the recording is, within what people do.</summary>
    private SpokenText Speak(TextWords written, string? variant, SoundFrames heard)
    {
        var spoken = SpokenText.Of(written, new EspeakSpeech(_voice, new EspeakSpeechSettings(NormalRate, Variant: variant)));
        var loud = Enumerable.Range(0, heard.Count).Count(heard.IsLoud);
        var stretch = loud / (double)Math.Max(1, spoken.Frames.Count);
        if (stretch is (> 0.75 and < 1.35) or > 2.5 or < 0.4) return spoken; // near enough, or so far off that it is another text
        return SpokenText.Of(written, new EspeakSpeech(_voice, new EspeakSpeechSettings((int)Math.Clamp(NormalRate / stretch, SlowestRate, FastestRate), Variant: variant)));
    }

    private AlignedText Result(Attempt attempt, TextWords written, string text, int samples)
    {
        int Sample(int frame) => (int)Math.Min(samples, (long)frame * SoundFrames.Hop);
        var sentences = new List<TimedSentence>();
        for (var first = 0; first < written.Words.Count;)
        {
            var end = EndOfSentence(written, first);
            var words = Enumerable.Range(first, end - first).Select(i => new TimedWord(
                written.Words[i].Text, written.Words[i].At, Sample(attempt.Path[i].Start), Sample(attempt.Path[i].End), Math.Round(attempt.Evidence.Word(i, first, end), 3))).ToArray();
            var spoken = words.Where(word => word.End > word.Start).ToArray();
            var (start, stop) = spoken.Length > 0 ? (spoken[0].Start, spoken[^1].End) : (words[0].Start, words[0].Start);
            var (sentence, at) = written.Sentences[sentences.Count];
            sentences.Add(new TimedSentence(sentence, at, start, stop, Math.Round(attempt.Evidence.Score(first, end), 3), words));
            first = end;
        }
        var whole = new TimedText(Sound16k.Rate, samples, _language, text, Math.Round(attempt.Evidence.WholeScore, 3), sentences);
        return new AlignedText(whole, sentences.SelectMany(sentence => sentence.Words).MinBy(word => word.Score), Math.Round(attempt.Evidence.TailFrames * SoundFrames.Hop / (double)Sound16k.Rate, 2));
    }

    /// <summary>Every word is unspoken, at the beginning.</summary>
    internal static AlignedText Unspoken(TextWords written, string text, string language, int samples)
    {
        var words = written.Words.Select(word => (word.Sentence, Timed: new TimedWord(word.Text, word.At, 0, 0, 0))).GroupBy(word => word.Sentence, word => word.Timed);
        TimedSentence[] sentences = [.. words.Select((spoken, i) => new TimedSentence(written.Sentences[i].Text, written.Sentences[i].At, 0, 0, 0, [.. spoken]))];
        return new AlignedText(new TimedText(Sound16k.Rate, samples, language, text, 0, sentences), sentences[0].Words[0], 0);
    }

    private static int EndOfSentence(TextWords written, int first)
    {
        var end = first;
        while (end < written.Words.Count && written.Words[end].Sentence == written.Words[first].Sentence) end++;
        return end;
    }

    private sealed record Attempt(PathWord[] Path, Evidence Evidence);
}
