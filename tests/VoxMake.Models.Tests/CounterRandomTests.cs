namespace VoxMake.Models.Tests;

public sealed class CounterRandomTests
{
    [Fact]
    public void Numbers_under_a_key_are_SplitMix64()
    {
        // The published sequence of SplitMix64 with seed 1234567 (Vigna, prng.di.unimi.it/splitmix64.c, as in Rosetta Code's "Pseudo-random numbers/Splitmix64").
        var random = CounterRandom.From(1234567);
        Assert.Equal([6457827717110365317ul, 3203168211198807973ul, 9817491932198370423ul, 4593380528125082431ul, 16408922859458223821ul], Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void Keys_of_other_counters_or_purposes_differ()
    {
        var keys = new HashSet<ulong>();
        foreach (var purpose in Enum.GetValues<Purpose>())
            for (var seed = -3; seed < 3; seed++)
                for (var a = 0; a < 20; a++)
                    for (var b = 0; b < 20; b++) Assert.True(keys.Add(CounterRandom.Key(seed, purpose, a, b)));
    }

    [Fact]
    public void Every_order_of_four_is_about_as_likely()
    {
        var counts = new Dictionary<string, int>();
        for (var epoch = 0; epoch < 24_000; epoch++)
        {
            var values = new[] { 'a', 'b', 'c', 'd' };
            new CounterRandom(42, Purpose.Order, epoch).Shuffle<char>(values);
            counts[new string(values)] = counts.GetValueOrDefault(new string(values)) + 1;
        }
        Assert.Equal(24, counts.Count);
        var chiSquare = counts.Values.Sum(count => Math.Pow(count - 1000, 2) / 1000);
        Assert.InRange(chiSquare, 5, 50); // 23 degrees of freedom: 99.9 % lie below 49.7
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(int.MaxValue)]
    public void Numbers_stay_below_their_bound(int bound)
    {
        var random = new CounterRandom(7, Purpose.Step, 1);
        for (var i = 0; i < 1000; i++) Assert.InRange(random.Below(bound), 0, bound - 1);
    }
}
