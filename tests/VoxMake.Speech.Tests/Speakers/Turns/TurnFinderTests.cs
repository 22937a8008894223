using VoxMake.Audio.Timed;
using VoxMake.Speech.Speakers;
using VoxMake.Speech.Speakers.Turns;

namespace VoxMake.Speech.Tests.Speakers.Turns;

/// <summary>Who speaks when, in recordings joined of clips of which that is known.</summary>
public sealed class TurnFinderTests
{
    // Thresholds were chosen on joins of LJSpeech, Thorsten and the LibriSpeech speakers 1688 and 3331; these six were not heard then.
    private static readonly string[] HeldBack = ["1998", "2033", "2414", "2609", "3005", "3080"];

    [SkippableTheory]
    [Trait("Category", "Slow")]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Error_rates_on_joined_clips_of_speakers_nothing_was_tuned_on_are_at_most_a_tenth(int speakers)
    {
        using var embedder = Encoder.New();
        var finder = new TurnFinder(embedder, new TurnSettings());
        for (var seed = 0; seed < 3; seed++)
        {
            var (sound, truth) = Join(speakers, seed);
            foreach (var (kind, speech) in new[] { ("clips", truth.Select(turn => new SpeechSpan(turn.Start, turn.End)).ToList()), ("energy", EnergySpeech.Spans(sound)) })
            {
                var turns = finder.Find(sound, speech);
                var error = DiarizationError.Of(truth, turns, collarSeconds: 0.25);
                Assert.True(error.Rate <= 0.1, $"{speakers} speakers, join {seed}, speech by {kind}: {error}");
                // a stretch that is unlike the rest of its clip may become a speaker of its own (docs/targets/turns.md)
                Assert.InRange(turns.Select(turn => turn.Speaker).Distinct().Count(), speakers, speakers + 1);
            }
        }
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void The_number_of_speakers_can_be_bounded()
    {
        using var embedder = Encoder.New();
        var (sound, truth) = Join(3, 0);
        var speech = truth.Select(turn => new SpeechSpan(turn.Start, turn.End)).ToList();
        int Count(TurnSettings settings) => new TurnFinder(embedder, settings).Find(sound, speech).Select(turn => turn.Speaker).Distinct().Count();
        Assert.Equal(2, Count(new TurnSettings(MaxSpeakers: 2)));
        Assert.Equal(1, Count(new TurnSettings(MaxSpeakers: 1)));
        Assert.True(Count(new TurnSettings(MinSpeakers: 4)) >= 3);
    }

    /// <summary>Clips of some speakers, one to four of each, in a random order with pauses of 0.2 to 1 s.</summary>
    private static (float[] Sound, List<SpeakerTurn> Truth) Join(int speakers, int seed)
    {
        var random = new Random(1000 * speakers + seed);
        var folder = TestFiles.Shared("data/librispeech");
        var clips = HeldBack.OrderBy(_ => random.Next()).Take(speakers).SelectMany(speaker =>
            Directory.GetFiles(folder, $"{speaker}-*.flac").Order().OrderBy(_ => random.Next()).Take(random.Next(1, 5)).Select(path => (speaker, path))).ToList();
        Skip.If(clips.Select(clip => clip.speaker).Distinct().Count() < speakers, "only a part of the clips is on this machine");
        var (sound, truth) = (new List<float>(), new List<SpeakerTurn>());
        foreach (var (speaker, path) in clips.OrderBy(_ => random.Next()))
        {
            sound.AddRange(new float[random.Next(3_200, 16_001)]);
            var clip = Sound16k.Read(path);
            truth.Add(new SpeakerTurn(sound.Count, sound.Count + clip.Length, speaker));
            sound.AddRange(clip);
        }
        return ([.. sound], truth);
    }

    [Fact]
    public void A_speaker_change_without_a_pause_is_found_and_pauses_are_bridged()
    {
        // two voices that a stand-in network tells apart for certain: what is above 0 and what is below
        var finder = new TurnFinder(new Sign(), new TurnSettings());
        var sound = new float[16_000 * 20];
        Array.Fill(sound, 0.1f, 0, 16_000 * 8);
        Array.Fill(sound, -0.1f, 16_000 * 8, 16_000 * 12);
        var turns = finder.Find(sound, [new SpeechSpan(0, 16_000 * 12), new SpeechSpan(16_000 * 12 + 8_000, 16_000 * 15), new SpeechSpan(16_000 * 17, 16_000 * 20)]);
        Assert.Equal(["speaker1", "speaker2", "speaker2"], turns.Select(turn => turn.Speaker));
        Assert.InRange(turns[0].End, 16_000 * 7.5, 16_000 * 8.5);
        Assert.Equal((turns[0].End, 16_000 * 15, 16_000 * 17, 16_000 * 20), (turns[1].Start, turns[1].End, turns[2].Start, turns[2].End));
    }

    [Fact]
    public void Recordings_without_speech_and_single_words_are_answered()
    {
        var finder = new TurnFinder(new Sign(), new TurnSettings());
        Assert.Empty(finder.Find(new float[16_000], []));
        Assert.Equal([new SpeakerTurn(100, 4_000, "speaker1")], finder.Find(new float[5_000], [new SpeechSpan(100, 4_000)]));
        Assert.Equal([new SpeakerTurn(0, 1, "speaker1")], finder.Find([0.5f], [new SpeechSpan(0, 1)]));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        foreach (var settings in (TurnSettings[])[new(Threshold: 1.1), new(Threshold: double.NaN), new(MinSpeakers: 0), new(MinSpeakers: 3, MaxSpeakers: 2), new(BridgeSeconds: -1)])
            Assert.Throws<ArgumentOutOfRangeException>(() => new TurnFinder(new Sign(), settings));
    }

    [Fact]
    public void Energy_finds_speech_and_no_speech_in_silence()
    {
        Assert.Empty(EnergySpeech.Spans(new float[16_000]));
        Assert.Empty(EnergySpeech.Spans([]));
        var sound = new float[16_000 * 6];
        for (var i = 0; i < sound.Length; i++) sound[i] = (i / 16_000 % 2 == 1 ? 0.1f : 0.0005f) * MathF.Sin(i * 0.3f);
        var spans = EnergySpeech.Spans(sound);
        Assert.Equal(3, spans.Count);
        foreach (var (index, span) in spans.Index())
        {
            Assert.InRange(span.Start, 16_000 * (2 * index + 1) - 1_600, 16_000 * (2 * index + 1));
            Assert.InRange(span.End, Math.Min(sound.Length, 16_000 * (2 * index + 2)), Math.Min(sound.Length, 16_000 * (2 * index + 2) + 1_600));
        }
    }

    /// <summary>A network that hears the sign of the mean.</summary>
    private sealed class Sign : IVoiceEmbedder
    {
        public string Name => "sign";
        public int Dimension => 2;
        public int ShortestStretch => 25_600;

        public VoiceEmbedding Embed(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech) => throw new NotSupportedException();

        public float[] EmbedStretches(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> stretches)
        {
            var vectors = new float[2 * stretches.Count];
            for (var i = 0; i < stretches.Count; i++)
            {
                var sum = 0f;
                foreach (var sample in sound[Math.Min(stretches[i].Start, sound.Length)..Math.Min(stretches[i].End, sound.Length)]) sum += sample;
                vectors[2 * i + (sum < 0 ? 1 : 0)] = 1;
            }
            return vectors;
        }

        public void Dispose() { }
    }
}
