namespace VoxMake.Metrics.Tests;

public class BootstrapMeanTests
{
    private static double[] Normal(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => 3 + 2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }

    [Fact]
    public void Of_many_values_the_interval_is_that_of_the_normal_distribution()
    {
        var values = Normal(400, 1);
        var result = BootstrapMean.Of(values);
        var half = 1.96 * Math.Sqrt(values.Sum(value => (value - result.Mean) * (value - result.Mean)) / 399 / 400);
        Assert.Equal(values.Average(), result.Mean);
        Assert.InRange((result.Mean - result.Low!.Value) / half, 0.9, 1.1);
        Assert.InRange((result.High!.Value - result.Mean) / half, 0.9, 1.1);
        Assert.Equal(400, result.N);
    }

    [Fact]
    public void It_holds_the_true_mean_19_times_in_20()
    {
        var held = Enumerable.Range(0, 400).Count(seed => BootstrapMean.Of(Normal(30, seed)) is var result && result.Low <= 3 && 3 <= result.High);
        Assert.InRange(held / 400.0, 0.90, 0.97); // a little below 95 % of 30 values: known of the percentile interval
    }

    [Fact]
    public void Equal_seeds_give_equal_intervals_and_others_do_not()
    {
        var values = Normal(20, 7);
        Assert.Equal(BootstrapMean.Of(values), BootstrapMean.Of(values));
        Assert.NotEqual(BootstrapMean.Of(values, 1), BootstrapMean.Of(values, 2));
    }

    [Fact]
    public void One_value_has_no_interval() => Assert.Equal(new BootstrapMean(2.5, null, null, 1), BootstrapMean.Of([2.5]));

    [Fact]
    public void No_values_have_no_mean() => Assert.Throws<ArgumentException>(() => BootstrapMean.Of([]));
}
