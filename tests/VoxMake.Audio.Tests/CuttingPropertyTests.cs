using FsCheck;
using FsCheck.Fluent;
using VoxMake.Audio.Cutting;
using VoxMake.Audio.Timed;

namespace VoxMake.Audio.Tests;

/// <summary>What holds of every cut, whatever is said to have been heard.</summary>
public class CuttingPropertyTests
{
    /// <summary>A recording at any rate with speech, likelihoods and words that need not agree with each other: words overlap, last long, lie in pauses.</summary>
    private sealed record Heard(int Rate, long Length, SpeechSpans? Activity, TimedText? Words, PauseCutter Cutter)
    {
        public static Gen<Heard> Any(bool withActivity, bool withWords) =>
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select Of(new Random(seed), withActivity, withWords);

        private static Heard Of(Random random, bool withActivity, bool withWords)
        {
            int[] rates = [8000, 11_025, 16_000, 22_050, 44_100, 48_000];
            var rate = rates[random.Next(rates.Length)];
            var length = random.NextInt64(1, 60L * rate);
            var samples = (int)Resampler.OutputLength(length, rate, SpeechSpans.Rate);
            var min = 0.1 + random.NextDouble() * 3;
            var cutter = new PauseCutter(min, random.Next(3) == 0 ? 2 * min : min * (2 + 4 * random.NextDouble()), random.NextDouble());
            return new Heard(rate, length, withActivity ? AnyActivity(random, samples) : null, withWords ? AnyWords(random, samples) : null, cutter);
        }

        private static SpeechSpans AnyActivity(Random random, int samples)
        {
            var (spans, longest) = (new List<SpeechSpan>(), random.Next(2) == 0 ? 3 * SpeechSpans.Rate : 30 * SpeechSpans.Rate);
            for (var at = random.Next(2 * SpeechSpans.Rate); at < samples;)
            {
                var end = Math.Min(samples, at + random.Next(longest));
                spans.Add(new SpeechSpan(at, end));
                at = end + (random.Next(4) == 0 ? 0 : random.Next(SpeechSpans.Rate));
            }
            return new SpeechSpans(SpeechSpans.Rate, samples, spans, 512, [.. Enumerable.Range(0, (samples + 511) / 512).Select(_ => (float)random.NextDouble())]);
        }

        private static TimedText AnyWords(Random random, int samples)
        {
            var (text, words, at, longest) = ("", new List<TimedWord>(), random.Next(samples), random.Next(5) == 0 ? 10 * SpeechSpans.Rate : SpeechSpans.Rate);
            while (at < samples && words.Count < 100)
            {
                var end = Math.Min(samples, at + random.Next(longest));
                text += random.Next(3) == 0 ? "  " : "";
                words.Add(new TimedWord($"w{words.Count}.", text.Length, at, end, random.Next(2) == 0 ? null : random.NextDouble()));
                text += words[^1].Text + " ";
                at = random.Next(10) switch { 0 => Math.Max(0, end - random.Next(2000)), < 5 => end, _ => end + random.Next(SpeechSpans.Rate) };
            }
            var sentences = words.Chunk(7).Select(part => new TimedSentence("", part[0].At, 0, 0, null, part)).ToList();
            return new TimedText(SpeechSpans.Rate, samples, null, text, null, sentences);
        }

        public SoundMap Map => SoundMap.Of(Length, Rate, Activity, Words);

        public List<CutPoint> Cuts()
        {
            var frames = SilenceCutter.NewFrames(Rate);
            var random = new Random((int)(Length % 1000));
            var block = new float[4096];
            for (var left = Length; left > 0; left -= block.Length)
            {
                for (var i = 0; i < block.Length; i++) block[i] = (float)random.NextDouble();
                frames.Add(block.AsSpan(0, (int)Math.Min(left, block.Length)));
            }
            return Cutter.Cuts(Map, frames);
        }

        public long Max => (long)(Cutter.MaxSeconds * Rate);
        public long Min => Math.Min((long)Math.Ceiling(Cutter.MinSeconds * Rate), Max / 2);
    }

    private static void Holds(bool withActivity, bool withWords, Func<Heard, List<CutPoint>, bool> property) =>
        Prop.ForAll(Heard.Any(withActivity, withWords).ToArbitrary(), heard => property(heard, heard.Cuts())).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private static bool AreTheRecording(Heard heard, List<CutPoint> cuts) =>
        cuts[0].At == 0 && cuts[^1].At == heard.Length && cuts.Zip(cuts.Skip(1)).All(pair => pair.First.At < pair.Second.At) && (heard.Length > heard.Max || cuts.Count == 2);

    [Fact]
    public void With_activity_alone_every_piece_keeps_to_its_lengths() => Holds(true, false, (heard, cuts) =>
        AreTheRecording(heard, cuts) && (cuts.Count == 2 || cuts.Zip(cuts.Skip(1)).All(pair => pair.Second.At - pair.First.At is var length && length >= heard.Min && length <= heard.Max)));

    /// <summary>To a sample of the recording's own rate, to which words are rounded; exactly at 16 kHz.</summary>
    private static bool IsInside(TimedWord word, long cut, int rate)
    {
        var slack = rate == SpeechSpans.Rate ? 0 : SpeechSpans.Rate;
        return cut * SpeechSpans.Rate > word.Start * (long)rate + slack && cut * SpeechSpans.Rate < word.End * (long)rate - slack;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_cut_is_ever_inside_a_word(bool withActivity) => Holds(withActivity, true, (heard, cuts) =>
        AreTheRecording(heard, cuts) && cuts.Skip(1).SkipLast(1).All(cut => heard.Words!.Sentences.SelectMany(sentence => sentence.Words).All(word => !IsInside(word, cut.At, heard.Rate))));

    /// <summary>Where no word is as long as what lies between shortest and longest piece, lengths hold with words too.</summary>
    [Fact]
    public void A_piece_is_too_short_or_too_long_only_where_words_leave_no_place() => Holds(true, true, (heard, cuts) =>
    {
        var room = heard.Max - 2 * heard.Min; // a stretch of this length is in reach whatever was cut before
        if (heard.Map.Words.Any(word => word.Place.Length >= room)) return true;
        return cuts.Count == 2 || cuts.Zip(cuts.Skip(1)).All(pair => pair.Second.At - pair.First.At is var length && length >= heard.Min && length <= heard.Max);
    });

    [Fact]
    public void A_cut_in_speech_says_so() => Holds(true, false, (heard, cuts) =>
        cuts.Skip(1).SkipLast(1).All(cut => cut.InSpeech || heard.Map.Pauses.Any(pause => pause.Start <= cut.At && cut.At <= pause.End))
        && cuts.Where(cut => cut.InSpeech).All(cut => heard.Map.Speech.Any(span => span.Start <= cut.At && cut.At <= span.End)));

    /// <summary>Where the middles of pauses alone lead from the beginning to the end, no speech is cut.</summary>
    [Fact]
    public void Speech_is_not_cut_where_pauses_do()
    {
        var (led, cut) = (0, 0);
        Holds(true, false, (heard, cuts) =>
        {
            List<long> places = [0, .. heard.Map.Pauses.Select(pause => (pause.Start + pause.End) / 2).Where(at => at > 0 && at < heard.Length), heard.Length];
            var reached = new bool[places.Count];
            reached[0] = true;
            for (var to = 1; to < places.Count; to++)
                for (var from = 0; from < to && !reached[to]; from++) reached[to] = reached[from] && places[to] - places[from] is var length && length >= heard.Min && length <= heard.Max;
            if (cuts.Count == 2) return true;
            if (reached[^1]) led++;
            else if (cuts.Any(place => place.InSpeech)) cut++;
            return !reached[^1] || !cuts.Any(place => place.InSpeech);
        });
        Assert.True(led > 5 && cut > 5, $"{led} and {cut} of the drawn recordings show anything");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Texts_put_together_are_all_of_the_text(bool withActivity) => Holds(withActivity, true, (heard, cuts) =>
    {
        var (map, places) = (heard.Map, cuts.Select(cut => cut.At).ToList());
        var texts = TextCutter.Cut(map, heard.Words!, places);
        var inOrder = heard.Words!.Sentences.SelectMany(sentence => sentence.Words).ToList();
        var isInOrder = inOrder.Zip(inOrder.Skip(1)).All(pair => pair.First.Start <= pair.Second.Start);
        return texts.Length == cuts.Count - 1
            && string.Concat(texts).Replace(" ", "", StringComparison.Ordinal) == heard.Words.Text.Replace(" ", "", StringComparison.Ordinal)
            && texts.All(text => text == text.Trim())
            && (!isInOrder || inOrder.All(word => texts[Piece(map, word)].Split(' ').Contains(word.Text)));

        int Piece(SoundMap sound, TimedWord word)
        {
            var start = Math.Min(sound.Length, (2L * word.Start * sound.Rate + SpeechSpans.Rate) / (2 * SpeechSpans.Rate));
            return Math.Max(0, places.FindLastIndex(places.Count - 2, cut => cut <= start));
        }
    });
}
