using VoxMake.Report.Page;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Tests;

public class CurveTests
{
    private static Curve Of(int count, Func<int, double> value) => new([.. Enumerable.Range(1, count).Select(step => (double)step)], [.. Enumerable.Range(1, count).Select(value)]);

    [Fact]
    public void The_average_of_a_line_is_the_line() // as many steps before as after
    {
        var curve = Of(1000, step => 3.0 * step);
        Assert.Equal(25, curve.Window);
        for (var i = 0; i < curve.Count; i++) Assert.Equal(3.0 * (i + 1), curve.Smooth[i], 1e-9);
    }

    [Fact]
    public void The_average_of_a_jump_takes_the_window()
    {
        var curve = Of(1000, step => step <= 500 ? 0 : 1);
        Assert.Equal(0, curve.Smooth[499 - 12]);
        Assert.InRange(curve.Smooth[499], 0.47, 0.49); // 12 of 25
        Assert.Equal(1, curve.Smooth[500 + 12], 1e-12);
    }

    [Fact]
    public void What_is_no_number_is_counted_and_left_out()
    {
        var curve = Of(10, step => step == 4 ? double.NaN : 1);
        Assert.Equal((9, 1), (curve.Count, curve.NotNumbers));
        Assert.All(curve.Smooth, mean => Assert.Equal(1, mean));
    }

    [Fact]
    public void Strokes_hold_every_value()
    {
        var curve = Of(12345, step => Math.Sin(step) + (step == 777 ? 50 : 0));
        var strokes = curve.Strokes(400);
        Assert.Equal(400, strokes.Count);
        Assert.Equal(curve.Values.ToArray().Max(), strokes.Max(stroke => stroke.High));
        Assert.Equal(curve.Values.ToArray().Min(), strokes.Min(stroke => stroke.Low));
        Assert.Equal(3, Of(3, step => step).Strokes(400).Count);
    }

    [Fact]
    public void One_outlier_does_not_flatten_the_plot() => Assert.InRange(Of(10_000, step => step == 5000 ? 1e6 : step % 10).Range().High, 9, 5000);

    [Fact]
    public void A_level_curve_has_a_height() => Assert.Equal((1.0, 3.0), Of(5, _ => 2).Range());

    [Theory]
    [InlineData(0, 600, 5, new double[] { 0, 200, 400, 600 })]
    [InlineData(1.2, 1.9, 4, new[] { 1.2, 1.4, 1.6, 1.8 })]
    [InlineData(-3, 3, 4, new double[] { -2, 0, 2 })]
    [InlineData(5, 5, 4, new double[] { 5 })]
    public void Ticks_are_round(double low, double high, int count, double[] expected)
    {
        var ticks = CurvePlot.Ticks(low, high, count).ToArray();
        Assert.Equal(expected.Length, ticks.Length);
        for (var i = 0; i < ticks.Length; i++) Assert.Equal(expected[i], ticks[i], 1e-9);
    }

    [Fact]
    public void Ticks_of_a_logarithmic_scale_are_powers_of_ten() => Assert.Equal(["0.01", "0.1", "1", "10"], CurvePlot.LogarithmicTicks(0.009, 30).Select(CurvePlot.Number));
}
