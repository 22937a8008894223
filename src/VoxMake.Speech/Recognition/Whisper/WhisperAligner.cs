using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Speech.Alignment;
using VoxMake.Torch.Native;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>
/// Finds where each word of a known text is spoken by what Whisper attends to while it reads the text (openai-whisper's <c>find_alignment</c>), and how likely it finds each word there. What is
/// longer than a window is first aligned roughly by <see cref="Aligner"/>, and then heard in windows of whole sentences. Safe under threads.
/// </summary>
/// <param name="whisper">The model; it stays the caller's.</param>
public sealed class WhisperAligner(WhisperRecognizer whisper)
{
    private const int Padding = Sound16k.Rate / 5; // around the sentences of a window, as far as their neighbours leave room

    /// <summary>Some sentences and where they lie.</summary>
    private readonly record struct Window(int FirstSentence, int EndSentence, int Start, int End);

    /// <summary>Aligns one recording.</summary>
    /// <param name="sound">One channel, 16,000 Hz.</param>
    /// <param name="text">All that is spoken, in order.</param>
    /// <param name="language">BCP 47, of the text.</param>
    /// <param name="rough">For recordings longer than a window, 30 s; null where espeak-ng does not speak the language.</param>
    /// <param name="speech">Where somebody speaks; empty where nobody looked.</param>
    /// <returns>As <see cref="Aligner.Align"/>; scores are probabilities, of a sentence the geometric mean of its tokens'.</returns>
    /// <exception cref="RecognitionException">Whisper does not know the language, the recording is too long and there is no <paramref name="rough"/>, or the network could not be run.</exception>
    public AlignedText Align(float[] sound, string text, string language, Aligner? rough, IReadOnlyList<SpeechSpan> speech, CancellationToken cancel = default)
    {
        var start = whisper.Tokenizer.StartSequence(WhisperLanguages.Of(whisper.Tokenizer, language, "the text's language", "align it with method espeak"), WhisperTask.Transcribe);
        var written = TextWords.Of(text, language);
        if (written.Words.Count == 0) return new AlignedText(new TimedText(Sound16k.Rate, sound.Length, language, text, null, []), null, 0);
        if (Level.Peak(sound) < Sound16k.Silence) return Aligner.Unspoken(written, text, language, sound.Length);
        int[][] tokens = [.. written.Words.Select(word => whisper.Tokenizer.Encode(" " + word.Text))]; // what white space separates shares no token
        var most = whisper.Network.TextContext - start.Length - 2;
        var wordsOf = Enumerable.Range(0, written.Words.Count).ToLookup(word => written.Words[word].Sentence);
        int[] lengths = [.. wordsOf.Select(sentence => sentence.Sum(word => tokens[word].Length))];
        if (sound.Length <= LongestWindow && lengths.Sum() <= most) return Result(Hear([new(0, written.Sentences.Count, 0, sound.Length)], null), written, text, language, sound.Length, speech);
        if (rough is null)
            throw new RecognitionException($"the recording is longer than Whisper's window of {LongestWindow / Sound16k.Rate} s, and espeak-ng, which would say roughly where its sentences lie, does not speak '{language}'", "cut it first");
        var known = rough.Align(sound, text, speech, cancel).Text;
        return Result(Hear(Windows(known, lengths, most), known), written, text, language, sound.Length, speech);

        List<HeardSentence> Hear(IReadOnlyList<Window> windows, TimedText? roughly)
        {
            var heard = new List<HeardSentence>();
            foreach (var window in windows)
            {
                cancel.ThrowIfCancellationRequested();
                var words = Enumerable.Range(window.FirstSentence, window.EndSentence - window.FirstSentence).SelectMany(sentence => wordsOf[sentence]).ToList();
                if (window.End - window.Start > LongestWindow || words.Sum(word => tokens[word].Length) > most) heard.AddRange(roughly!.Sentences.Skip(window.FirstSentence).Take(window.EndSentence - window.FirstSentence).Select(HeardSentence.Roughly));
                else heard.AddRange(Words(sound.AsMemory(window.Start, window.End - window.Start), window.Start, words, written, tokens, start, cancel));
            }
            return heard;
        }
    }

    /// <summary>Samples that the network hears at once.</summary>
    private int LongestWindow => whisper.Network.WindowFrames * LogMel.SamplesPerFrame;

    /// <summary>Whole sentences, as many as fit a window; one that fits none is alone.</summary>
    private List<Window> Windows(TimedText known, int[] lengths, int most)
    {
        var windows = new List<Window>();
        var sentences = known.Sentences;
        for (var first = 0; first < sentences.Count;)
        {
            var start = Math.Max(first == 0 ? 0 : sentences[first - 1].End, sentences[first].Start - Padding);
            var (end, count) = (first + 1, lengths[first]);
            while (end < sentences.Count && sentences[end].End + Padding - start <= LongestWindow && count + lengths[end] <= most) count += lengths[end++];
            var stop = Math.Min(end == sentences.Count ? known.Samples : Math.Max(sentences[end - 1].End, sentences[end].Start), sentences[end - 1].End + Padding);
            windows.Add(new(first, end, Math.Min(start, stop), stop));
            first = end;
        }
        return windows;
    }

    private List<HeardSentence> Words(ReadOnlyMemory<float> sound, int offset, List<int> numbers, TextWords written, int[][] tokens, IReadOnlyList<int> start, CancellationToken cancel)
    {
        TextAttention attention;
        try
        {
            using var heard = whisper.Network.Hear([sound], cancel);
            int[] text = [.. numbers.SelectMany(word => tokens[word])];
            attention = heard.Attend(0, [.. start, whisper.Tokenizer.NoTimestamps, .. text, whisper.Tokenizer.Eot], start.Count + 1, whisper.Tokenizer.Eot, Math.Max(1, sound.Length / LogMel.SamplesPerFrame / 2));
        }
        catch (TorchException error) { throw new RecognitionException($"the network could not be run: {error.Message}", "if memory ran out, take a smaller model", error); }
        var times = AttentionTimes.JumpTimes(AttentionTimes.Matrix(attention, whisper.MedianWidth), attention.Tokens, attention.Positions, start.Count, 1);
        var (words, at) = (new List<(int Sentence, TimedWord Word, double[] Logs)>(), 0);
        int Sample(double seconds) => offset + Math.Min(sound.Length, (int)Math.Round(seconds * Sound16k.Rate));
        foreach (var number in numbers)
        {
            var (word, next) = (written.Words[number], at + tokens[number].Length);
            double[] logs = [.. attention.Probabilities[at..next].Select(one => Math.Log(Math.Max(one, 1e-10)))];
            words.Add((word.Sentence, new TimedWord(word.Text, word.At, Sample(times[at]), Sample(Math.Max(times[at], times[next])), Math.Round(Math.Exp(logs.Average()), 3)), logs));
            at = next;
        }
        return [.. words.GroupBy(word => word.Sentence).Select(sentence => new HeardSentence([.. sentence.Select(word => word.Word)], [.. sentence.SelectMany(word => word.Logs)]))];
    }

    private static AlignedText Result(List<HeardSentence> heard, TextWords written, string text, string language, int samples, IReadOnlyList<SpeechSpan> speech)
    {
        TimedSentence[] sentences = [.. heard.Select((sentence, i) => new TimedSentence(written.Sentences[i].Text, written.Sentences[i].At, sentence.Words[0].Start, sentence.Words[^1].End, Mean(sentence.Logs), sentence.Words))];
        var last = sentences[^1].End;
        var tail = speech.Sum(span => (long)Math.Max(0, span.End - Math.Max(span.Start, last)));
        var whole = new TimedText(Sound16k.Rate, samples, language, text, Mean([.. heard.SelectMany(sentence => sentence.Logs)]), sentences);
        return new AlignedText(whole, sentences.SelectMany(sentence => sentence.Words).MinBy(word => word.Score), Math.Round(tail / (double)Sound16k.Rate, 2));
    }

    private static double Mean(IReadOnlyList<double> logs) => Math.Round(Math.Exp(logs.Average()), 3);

    /// <summary>A sentence's words, and the logarithms of its tokens' probabilities.</summary>
    private sealed record HeardSentence(IReadOnlyList<TimedWord> Words, IReadOnlyList<double> Logs)
    {
        /// <summary>One that fits no window keeps what was found roughly.</summary>
        public static HeardSentence Roughly(TimedSentence sentence) => new(sentence.Words, [Math.Log(Math.Max(sentence.Score ?? 0, 1e-10))]);
    }
}
