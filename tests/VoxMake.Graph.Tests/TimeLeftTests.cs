using VoxMake.Graph.Planning;

namespace VoxMake.Graph.Tests;

/// <summary>How long a run will still take, by what its stages took before and by how fast this one is.</summary>
public class TimeLeftTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Before_anything_is_done_it_is_what_earlier_runs_took()
    {
        var left = InspectAnd(train: 9 * Minute);
        Assert.Equal(10 * Minute, left.After(TimeSpan.Zero).Left);
    }

    [Fact]
    public void A_machine_half_as_fast_takes_twice_as_long_for_what_is_left()
    {
        var left = InspectAnd(train: 9 * Minute);
        left.Moved("Inspect", 0.5, Minute);
        Assert.Equal(19 * Minute, left.After(Minute).Left);
        left.Ended("Inspect", ran: true);
        Assert.Equal(18 * Minute, left.After(2 * Minute).Left);
    }

    [Fact]
    public void A_stage_that_never_ran_is_judged_by_its_own_pace_once_it_has_begun_and_named_until_then()
    {
        var left = InspectAnd(train: null);
        left.Moved("Inspect", 0.5, Minute / 2);
        Assert.Equal((Minute / 2, "Train"), (left.After(Minute / 2).Left, left.After(Minute / 2).Unknown.Single()));
        left.Ended("Inspect", ran: true);
        left.Moved("Train", 0.1, Minute);
        Assert.Equal((9 * Minute, 0), (left.After(2 * Minute).Left, left.After(2 * Minute).Unknown.Count));
    }

    [Fact]
    public void Where_nothing_is_known_nothing_is_said()
    {
        var left = new TimeLeft();
        left.Expect("Train", null);
        Assert.Null(left.After(Minute).Left);
    }

    [Fact]
    public void A_stage_that_turns_out_fresh_takes_no_time()
    {
        var left = InspectAnd(train: 9 * Minute);
        left.Ended("Train", ran: false);
        Assert.Equal(Minute, left.After(TimeSpan.Zero).Left);
    }

    [Fact]
    public void What_a_stage_then_has_to_do_replaces_what_was_expected_of_it()
    {
        var left = new TimeLeft();
        left.Expect("Inspect", Minute);
        left.Expect("Inspect", 3 * Minute);
        Assert.Equal(3 * Minute, left.After(TimeSpan.Zero).Left);
    }

    [Fact]
    public void When_all_is_done_nothing_is_left()
    {
        var left = new TimeLeft();
        left.Expect("Inspect", Minute);
        left.Moved("Inspect", 1, 2 * Minute);
        left.Ended("Inspect", ran: true);
        Assert.Equal(TimeSpan.Zero, left.After(2 * Minute).Left);
    }

    /// <summary>Inspect, of a minute, and Train.</summary>
    private static TimeLeft InspectAnd(TimeSpan? train)
    {
        var left = new TimeLeft();
        left.Expect("Inspect", Minute);
        left.Expect("Train", train);
        return left;
    }
}
