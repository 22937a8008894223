namespace VoxMake.Training.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void The_learning_rate_rises_and_then_falls_by_epoch()
    {
        var rate = new LearningRate(1e-3, 0.5, WarmupSteps: 3);
        Assert.Equal([0.25e-3, 0.5e-3, 0.75e-3, 1e-3, 1e-3], Enumerable.Range(1, 5).Select(step => rate.At(step, 0)));
        Assert.Equal(0.25e-3, rate.At(1000, 2), 12);
        Assert.Equal(2e-4, new LearningRate(2e-4, 0.999875, 0).At(1, 0));
    }

    [Fact]
    public void The_best_is_the_lowest_number_and_n_a_is_never_best()
    {
        var best = new BestSoFar().With(10, null).With(20, double.NaN);
        Assert.Equal(new BestSoFar(null, null, 2), best);
        best = best.With(30, 2.0).With(40, 2.0).With(50, 1.5).With(60, 1.9);
        Assert.Equal(new BestSoFar(50, 1.5, 1), best);
    }

    [Fact]
    public void Patience_counts_validations_that_were_no_better()
    {
        var best = new BestSoFar().With(1, 1.0).With(2, 1.1);
        Assert.False(best.IsOver(2));
        Assert.True(best.With(3, 1.2).IsOver(2));
        Assert.False(best.With(3, 0.9).IsOver(2));
        Assert.False(best.With(3, 1.2).With(4, 1.3).IsOver(null));
    }

    [Fact]
    public void Time_left_follows_the_last_steps()
    {
        var now = TimeSpan.Zero;
        var time = new TimeLeft(() => now);
        time.Done(100);
        Assert.Null(time.SecondsUntil(200));
        for (var step = 101; step <= 300; step++)
        {
            now += TimeSpan.FromSeconds(step <= 200 ? 10 : 0.5);
            time.Done(step);
        }
        Assert.Equal(50, time.SecondsUntil(400)!.Value, 6);
    }

    [Theory]
    [InlineData(0.2, "1 s"), InlineData(89, "89 s"), InlineData(200, "4 min"), InlineData(7500, "2 h 5 min"), InlineData(90_061, "25 h 1 min")]
    public void Times_for_people(double seconds, string words) => Assert.Equal(words, TimeLeft.InWords(seconds));
}
