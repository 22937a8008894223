namespace VoxMake.Speaking.Tests;

public class PieceEdgesTests
{
    private const int Rate = 24_000, Block = 240;

    /// <summary>A tone of 200 Hz that begins at its crest, so that a hard beginning is a click.</summary>
    private static float[] Tone(int samples) => [.. Enumerable.Range(0, samples).Select(i => 0.5f * (float)Math.Cos(2 * Math.PI * 200 * i / Rate))];

    /// <summary>Noise at −56 dB, as Orpheus' pauses have it.</summary>
    private static float[] Noise(int samples)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, samples).Select(_ => 0.0027f * (float)(2 * random.NextDouble() - 1))];
    }

    private static float[] Through(PieceEdges edges, float[] samples, int part)
    {
        var shaped = new List<float>();
        foreach (var chunk in samples.Chunk(part)) shaped.AddRange(edges.Add(chunk));
        shaped.AddRange(edges.Finish());
        return [.. shaped];
    }

    private static int Onset(float[] samples) => Array.FindIndex(samples, sample => Math.Abs(sample) > 0.1);

    private static float GreatestStep(float[] samples)
    {
        float[] around = [0, .. samples, 0];
        return around.Zip(around.Skip(1), (one, next) => Math.Abs(next - one)).Max();
    }

    [Theory]
    [InlineData(Rate)] // a second of noise is cut
    [InlineData(0)] // silence is added
    [InlineData(480)]
    [InlineData(1234)]
    public void Before_the_first_sound_and_after_the_last_there_is_as_much_silence_as_was_asked_for(int silence)
    {
        float[] samples = [.. Noise(silence), .. Tone(9600), .. Noise(silence)];
        foreach (var part in new[] { 1, 2048, 100_000 })
        {
            var shaped = Through(new PieceEdges(1200, 4800, 192, -45, Block), samples, part);
            Assert.InRange(Onset(shaped), 1200, 1200 + Block);
            Assert.InRange(shaped.Length, 1200 + 9600 + 4800, 1200 + 9600 + 4800 + 2 * Block); // to whole blocks
            Assert.InRange(Array.FindLastIndex(shaped, sample => Math.Abs(sample) > 0.1), shaped.Length - 4800 - Block - 192, shaped.Length - 4800);
        }
    }

    [Fact]
    public void Without_a_fade_a_hard_end_clicks_and_with_one_it_does_not()
    {
        Assert.Equal(0.5f, GreatestStep(Through(new PieceEdges(0, 0, 0, -45, Block), Tone(9600), 2048)));
        var shaped = Through(new PieceEdges(0, 0, 192, -45, Block), Tone(9600), 2048);
        Assert.InRange(GreatestStep(shaped), 0, 0.03); // the tone itself goes by 0.026
        Assert.Equal(Tone(9600)[192..^192], shaped[192..^192]);
    }

    [Fact]
    public void Sound_is_given_out_at_once_but_for_its_fall()
    {
        var edges = new PieceEdges(0, 4800, 192, -45, Block);
        Assert.Equal(2048 - 2048 % Block - 192, edges.Add(Tone(2048)).Length);
    }

    [Fact]
    public void A_pause_within_is_kept_whole_and_waits_only_beyond_what_may_stand_at_the_end()
    {
        var edges = new PieceEdges(0, 4800, 192, -45, Block);
        float[] samples = [.. Tone(2400), .. Noise(12_000), .. Tone(2400)];
        var before = edges.Add(samples[..14_400]);
        Assert.Equal(2400 + 4800 - 192, before.Length);
        float[] all = [.. before, .. edges.Add(samples[14_400..]), .. edges.Finish()];
        Assert.Equal(samples[192..^192], all[192..(samples.Length - 192)]);
    }

    [Fact]
    public void Nothing_is_silent_below_what_can_be_heard_and_silence_alone_is_nothing()
    {
        var samples = Noise(5000);
        Assert.Equal(samples, Through(new PieceEdges(0, 0, 0, -200, Block), samples, 100));
        Assert.Equal(new float[500], Through(new PieceEdges(0, 0, 0, -200, Block), new float[500], 100));
        var edges = new PieceEdges(1200, 4800, 192, -45, Block);
        Assert.Empty(Through(edges, samples, 100));
        Assert.False(edges.HasSound);
    }
}
