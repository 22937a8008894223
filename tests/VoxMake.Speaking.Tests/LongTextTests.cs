using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch.Tests;

namespace VoxMake.Speaking.Tests;

/// <summary>Texts of several pieces.</summary>
[Collection("libtorch")]
public class LongTextTests
{
    private const string Text = "Das ist ein guter Morgen. Wie spät ist es denn jetzt? Das weiß ich leider nicht.";
    private static readonly SpeakRequest Request = new(Text, "leo", "de", Texts: new TextRules(SplitAbove: 30), Sound: SmallVoice.Plain);

    public LongTextTests() => NeedsTorch.OrSkip();

    private static Script Three(SmallVoice small) => new(
        small.Frames(1, 2, 3).Append(small.Ids.EndOfSpeech), small.Frames(11, 12).Append(small.Ids.EndOfSpeech), small.Frames(21, 22, 23, 24).Append(small.Ids.EndOfSpeech));

    [SkippableFact]
    public async Task Each_sentence_is_asked_for_with_the_same_voice_in_order_and_with_a_seed_of_its_own()
    {
        using var small = new SmallVoice();
        var script = Three(small);
        var speech = small.Voice.Speak(Request, script.Write);
        Assert.Equal(["Das ist ein guter Morgen.", "Wie spät ist es denn jetzt?", "Das weiß ich leider nicht."], speech.Texts);
        var samples = await speech.ReadAll();
        WrittenSpeechTests.Near([.. small.Sound(1, 2, 3), .. small.Sound(11, 12), .. small.Sound(21, 22, 23, 24)], samples);
        var tokenizer = BpeTokenizer.Load(TestFiles.Golden("orpheus/tokenizer/tokenizer.json"));
        Assert.All(speech.Texts.Zip(script.Tasks), asked => Assert.Contains($"<custom_token_3>leo: {asked.First}<custom_token_4>", tokenizer.Decode(asked.Second.Prompt, skipSpecialTokens: true)));
        Assert.Equal(3, script.Tasks.Select(task => task.Sampling.Seed).Distinct().Count());
        Assert.Equal([3, 2, 4], speech.Report.Pieces.Select(piece => piece.Frames));
        Assert.Equal((9, samples.Length), (speech.Report.Frames, speech.Report.Samples));

        // the same sentence has the same seed wherever it stands
        var alone = new Script(small.Frames(1).Append(small.Ids.EndOfSpeech));
        await small.Voice.Speak(Request with { Text = "Wie spät ist es denn jetzt?" }, alone.Write).ReadAll();
        Assert.Equal(script.Tasks[1].Sampling.Seed, alone.Tasks[0].Sampling.Seed);
    }

    [SkippableFact]
    public async Task The_first_piece_is_heard_before_the_second_is_asked_for()
    {
        using var small = new SmallVoice();
        var script = Three(small);
        long heard = 0;
        var asked = new List<(long Heard, int Tasks)>();
        await foreach (var sound in small.Voice.Speak(Request, script.Write)) asked.Add((heard += sound.Length, script.Tasks.Count));
        Assert.Equal(3 * 2048, asked.Where(at => at.Tasks == 1).Max(at => at.Heard));
        Assert.Equal(5 * 2048, asked.Where(at => at.Tasks == 2).Max(at => at.Heard));
    }

    [SkippableFact]
    public async Task Between_pieces_is_the_pause_that_was_asked_for()
    {
        using var small = new SmallVoice();
        var pause = (int)Math.Round(0.4 * 24_000);
        var samples = await small.Voice.Speak(Request with { Sound = SmallVoice.Plain with { PauseS = 0.4 } }, Three(small).Write).ReadAll();
        Assert.Equal(9 * 2048 + 2 * pause, samples.Length);
        Assert.All(samples[(3 * 2048)..(3 * 2048 + pause)], sample => Assert.Equal(0, sample));
        WrittenSpeechTests.Near(small.Sound(11, 12), samples[(3 * 2048 + pause)..(5 * 2048 + pause)]);
    }

    [SkippableFact]
    public async Task Pieces_that_overlap_are_shorter_by_it_and_all_there()
    {
        using var small = new SmallVoice();
        var overlap = (int)Math.Round(0.02 * 24_000);
        var samples = await small.Voice.Speak(Request with { Sound = SmallVoice.Plain with { CrossFadeS = 0.02 } }, Three(small).Write).ReadAll();
        // each later piece has silence before it, each earlier one after it, as long as the overlap
        Assert.Equal(9 * 2048 + 2 * overlap, samples.Length);
        WrittenSpeechTests.Near(small.Sound(1, 2, 3), samples[..(3 * 2048)]);
        WrittenSpeechTests.Near(small.Sound(21, 22, 23, 24), samples[^(4 * 2048)..]);
    }

    [SkippableFact]
    public async Task Pieces_come_with_a_loudness_near_the_first_and_without_clicks_at_their_ends()
    {
        using var small = new SmallVoice();
        double[] Levels(float[] samples, int gap) => [.. new[] { (0, 3), (3, 2), (5, 4) }.Select((piece, i) => Rms(samples.AsSpan(piece.Item1 * 2048 + i * gap, piece.Item2 * 2048)))];
        var gap = (int)Math.Round(0.25 * 24_000);
        var sound = SmallVoice.Plain with { PauseS = 0.25 };
        var loud = Levels(await small.Voice.Speak(Request with { Sound = sound }, Three(small).Write).ReadAll(), gap);
        Assert.True(Spread(loud) > 0.4, $"{Spread(loud)}"); // decibels, without
        var samples = await small.Voice.Speak(Request with { Sound = sound with { LevelS = 10, FadeS = 0.008 } }, Three(small).Write).ReadAll();
        Assert.InRange(Spread(Levels(samples, gap)), 0, 0.3); // the fades take a little of short pieces
        foreach (var seam in new[] { 3 * 2048, 3 * 2048 + gap, 5 * 2048 + gap, 5 * 2048 + 2 * gap })
            Assert.InRange(Math.Abs(samples[seam] - samples[seam - 1]), 0, 0.01);
    }

    private static double Spread(double[] levels) => 20 * Math.Log10(levels.Max() / levels.Min());

    private static double Rms(ReadOnlySpan<float> samples) => Math.Sqrt(Audio.Level.SumOfSquares(samples) / samples.Length);
}
