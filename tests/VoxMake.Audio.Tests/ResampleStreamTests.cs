using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Audio.Tests;

public class ResampleStreamTests
{
    [Fact]
    public void Piece_by_piece_gives_what_the_whole_gives_to_the_bit()
    {
        int[] rates = [1000, 8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 192_000];
        var cases = from inRate in Gen.Elements(rates)
                    from outRate in Gen.Elements(rates)
                    from seed in Gen.Choose(0, 1 << 30)
                    select (inRate, outRate, seed);
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var random = new Random(drawn.seed);
            var sound = new float[random.Next(1, 60_000)];
            for (var i = 0; i < sound.Length; i++) sound[i] = (float)(random.NextDouble() * 2 - 1);
            var whole = new float[Resampler.OutputLength(sound.Length, drawn.inRate, drawn.outRate)];
            Resampler.Resample(sound, drawn.inRate, drawn.outRate, whole);
            using var stream = new ResampleStream(drawn.inRate, drawn.outRate);
            var pieces = new List<float>();
            for (var at = 0; at < sound.Length;)
            {
                var next = Math.Min(sound.Length, at + random.Next(1, random.Next(1, 20_000)));
                pieces.AddRange(stream.Add(sound.AsSpan(at..next)));
                at = next;
            }
            pieces.AddRange(stream.Finish());
            return whole.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pieces));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }
}
