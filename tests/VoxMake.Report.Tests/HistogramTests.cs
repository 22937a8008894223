using VoxMake.Report.Rows;

namespace VoxMake.Report.Tests;

public class HistogramTests
{
    [Fact]
    public void Every_value_is_in_the_bin_of_its_edges()
    {
        var histogram = new Histogram(Measure.Duration);
        foreach (var tenths in Enumerable.Range(1, 199)) histogram.Add(tenths / 10.0, tenths % 2 == 0);
        var bins = histogram.Bins(40, 0.8, 25);
        Assert.True(bins.Count <= 40);
        Assert.Equal(199, bins.Sum(bin => bin.Kept + bin.Lost));
        Assert.True(bins[^1].To >= 25); // the bound is in the picture
        foreach (var bin in bins)
            Assert.Equal(Enumerable.Range(1, 199).Count(t => t / 10m >= (decimal)bin.From && t / 10m < (decimal)bin.To && t % 2 == 0), bin.Kept);
    }

    [Fact]
    public void Values_beyond_the_ends_are_counted_in_bins_that_say_so()
    {
        var histogram = new Histogram(Measure.Columns[0]);
        histogram.Add(-500, true);
        histogram.Add(double.PositiveInfinity, false);
        var bins = histogram.Bins(40, null, null);
        Assert.True(bins[0] is { OpenBelow: true, Kept: 1 } && bins[^1] is { OpenAbove: true, Lost: 1 });
    }

    [Fact]
    public void The_median_is_in_the_middle()
    {
        var histogram = new Histogram(Measure.Duration);
        foreach (var value in new[] { 1.0, 2.0, 9.0 }) histogram.Add(value, true);
        Assert.Equal(2.0, histogram.Median, 0.051);
    }
}
