using FsCheck;
using FsCheck.Fluent;
using VoxMake.Protocol;
using VoxMake.Report.Rows;
using VoxMake.Tooling;
using Outcome = VoxMake.Protocol.Outcome;
using static VoxMake.Report.Tests.RowsOf;

namespace VoxMake.Report.Tests;

public class WaterfallTests
{
    private static void AssertSums(Waterfall fall)
    {
        Assert.Equal(fall.Time, fall.Losses.Sum(loss => loss.Time) + fall.KeptTime);
        Assert.Equal(fall.Clips, fall.Losses.Where(loss => loss.Kind is LossKind.Rejected or LossKind.Failed or LossKind.Vanished).Sum(loss => loss.Clips) + fall.Kept);
    }

    [Fact]
    public void Kept_and_lost_are_all_there_was()
    {
        WorkItem[] rows =
        [
            .. Kept("a", 4.0, "one"), .. Kept("b", 6.0, "two"),
            Ok("Fetch", "c"), Rejected("Extract", "c", "not_audio", "no audio"),
            Ok("Fetch", "d"), Ok("Extract", "d", ("source_rate", 8000), ("source_samples", 8000)), Ok("Preprocess", "d", ("num_samples", 12000), ("sample_rate", 16000)),
            Rejected("Quality", "d", "too_short", "0.75 s", ("prepared_duration_s", 0.75)),
        ];
        var fall = SurveyOf(rows).Waterfall;
        AssertSums(fall);
        Assert.Equal(11_000_000, fall.Time);
        Assert.Equal(9_000_000, fall.KeptTime);
        Assert.Equal((4, 2, 1), (fall.Clips, fall.Kept, fall.UnknownSources));
        Assert.Equal(
            [("Extract", LossKind.Rejected, "not_audio", 1L, 1L, 0L), ("Preprocess", LossKind.Trimmed, "", 2, 0, 1_000_000), ("Quality", LossKind.Rejected, "too_short", 1, 0, 1_000_000)],
            fall.Losses.Select(loss => (loss.Stage, loss.Kind, loss.Reason, loss.Clips, loss.Unknown, loss.Time)));
    }

    [Fact]
    public void What_lies_between_the_pieces_of_a_recording_is_lost_at_Segment()
    {
        WorkItem[] rows =
        [
            Ok("Extract", "r", ("source_rate", 16000), ("source_samples", 160000), ("licence", "CC0-1.0")),
            Piece("Segment", "r", "r-1", ("start_sample", 0), ("end_sample", 48000), ("sample_rate", 16000)),
            Piece("Segment", "r", "r-2", ("start_sample", 64000), ("end_sample", 96000), ("sample_rate", 16000)),
            Piece("Dataset", "r", "r-1", ("num_samples", 48000), ("sample_rate", 16000)),
            Rejected("Quality", "r-2", "too_noisy", "3 dB"),
        ];
        var survey = SurveyOf(rows);
        AssertSums(survey.Waterfall);
        Assert.Equal((1, 2, 1), (survey.Waterfall.Sources, survey.Waterfall.Clips, survey.Waterfall.Kept));
        Assert.Equal(5_000_000, survey.Waterfall.Losses.Single(loss => loss.Kind == LossKind.BetweenPieces).Time);
        Assert.Equal(2_000_000, survey.Waterfall.Losses.Single(loss => loss.Reason == "too_noisy").Time);
        Assert.Equal("CC0-1.0", Assert.Single(survey.Licences).Name); // the recording's licence is its pieces'
    }

    [Fact]
    public void A_clip_that_two_stages_reject_counts_at_the_earlier_one()
    {
        WorkItem[] rows = [Rejected("Quality", "a", "too_short", "x", ("duration_s", 1.0)), Rejected("Inspect", "a", "not_audio", "y"), .. Kept("b", 2, "b")];
        var survey = SurveyOf(rows);
        AssertSums(survey.Waterfall);
        Assert.Equal("not_audio", Assert.Single(survey.Reasons).Loss.Reason);
    }

    [Fact]
    public void A_clip_that_no_stage_speaks_of_again_is_not_forgotten()
    {
        var fall = SurveyOf([.. Kept("a", 2, "a"), Ok("Extract", "b", ("duration_s", 3.0))]).Waterfall;
        AssertSums(fall);
        Assert.Equal(3_000_000, fall.Losses.Single(loss => loss.Kind == LossKind.Vanished).Time);
    }

    [Fact]
    public void Impossible_lengths_are_unknown()
    {
        foreach (var columns in new[] { Columns.Of(("duration_s", -1.0)), Columns.Of(("duration_s", 1e300)), Columns.Of(("num_samples", long.MaxValue), ("sample_rate", 1)), Columns.Of(("num_samples", 5), ("sample_rate", 0)), Columns.Of(("duration_s", "long")) })
            Assert.Equal(Length.Unknown, Length.Of(columns));
    }

    [Fact]
    public void Pieces_in_a_circle_are_refused_by_name()
    {
        var error = Assert.Throws<ToolException>(() => SurveyOf([Piece("Segment", "b", "a"), Piece("Segment", "a", "b")]));
        Assert.Matches("^'[ab]' is cut from a piece of itself$", error.Message);
    }

    [Fact]
    public void Sums_are_exact_and_independent_of_the_order_of_rows_whatever_the_rows_say()
    {
        string[] stages = ["Fetch", "Extract", "Segment", "Inspect", "Preprocess", "Quality", "Dataset", "Strange"];
        var row =
            from id in Gen.Choose(0, 30)
            from stage in Gen.Elements(stages)
            from outcome in Gen.Frequency((8, Gen.Constant(Outcome.Ok)), (2, Gen.Constant(Outcome.Rejected)), (1, Gen.Constant(Outcome.Failed)))
            from reason in Gen.Elements("too_short", "too_noisy", null)
            from samples in Gen.Choose(-1000, 1_000_000)
            from rate in Gen.Elements(8000, 22050, 44100)
            from told in Gen.Elements(true, false)
            select new WorkItem($"c{id}", new Dictionary<string, InputFile>(), told ? Columns.Of(("num_samples", samples), ("sample_rate", rate)) : Columns.Empty,
                id >= 5 ? $"c{id / 2 - 2}" : null, stage, outcome, outcome == Outcome.Ok ? null : reason, "message");
        var rows = row.ListOf().Select(list => list.DistinctBy(item => (item.Id, item.Stage)).ToList());
        Prop.ForAll(rows.ToArbitrary(), list =>
        {
            var survey = SurveyOf(list);
            AssertSums(survey.Waterfall);
            var reversed = SurveyOf(Enumerable.Reverse(list));
            Assert.Equal(survey.Waterfall.Losses, reversed.Waterfall.Losses);
            Assert.Equal(survey.Rejects, reversed.Rejects);
            Assert.Equal(survey.Shown, reversed.Shown);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_page_shows_the_sums_it_was_made_from()
    {
        var page = PageOf([.. Kept("a", 4.0, "one"), Rejected("Quality", "b", "too_long", "x", ("duration_s", 61.5))]);
        var times = System.Text.RegularExpressions.Regex.Matches(page, "data-us=\"(-?\\d+)\"").Select(match => long.Parse(match.Groups[1].Value)).ToList();
        Assert.Equal(times[0], times.Skip(1).Sum());
        Assert.Equal([65_500_000L, 400_000, 61_500_000, 3_600_000], times);
    }
}
