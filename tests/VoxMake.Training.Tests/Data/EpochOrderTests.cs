using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Training.Tests;

public sealed class EpochOrderTests
{
    private static int[] Lengths(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => 20 + new Random(seed * 1000 + i).Next(800))];

    [Fact]
    public void Every_clip_is_heard_once_an_epoch() => Prop.ForAll(Gen.Choose(1, 300).Zip(Gen.Choose(1, 40)).Zip(Gen.Choose(0, 1_000_000)).ToArbitrary(), sizes =>
    {
        var ((clips, batch), epoch) = sizes;
        var order = new EpochOrder(42, batch, Lengths(clips, 1));
        return order.Batches(epoch).Count == order.Steps && order.Batches(epoch).SelectMany(b => b).Order().SequenceEqual(Enumerable.Range(0, clips));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_one_batch_of_an_epoch_is_smaller()
    {
        var sizes = new EpochOrder(42, 8, Lengths(61, 2)).Batches(3).Select(batch => batch.Length).Order().ToArray();
        Assert.Equal([5, 8, 8, 8, 8, 8, 8, 8], sizes);
    }

    [Fact]
    public void An_epoch_is_the_same_whatever_ran_before()
    {
        var (a, b) = (new EpochOrder(42, 4, Lengths(50, 3)), new EpochOrder(42, 4, Lengths(50, 3)));
        for (var epoch = 0; epoch < 5; epoch++) a.Batches(epoch);
        Assert.Equal(a.Batches(7), b.Batches(7));
        Assert.Equal(a.Clips(5 * a.Steps + 2), b.Clips(5 * b.Steps + 2));
    }

    [Fact]
    public void Epochs_and_seeds_differ()
    {
        var order = new EpochOrder(42, 4, Lengths(50, 4));
        Assert.NotEqual(order.Batches(0), order.Batches(1));
        Assert.NotEqual(order.Batches(0), new EpochOrder(43, 4, Lengths(50, 4)).Batches(0));
    }

    [Fact]
    public void Steps_run_through_the_epochs()
    {
        var order = new EpochOrder(42, 4, Lengths(10, 5));
        Assert.Equal(3, order.Steps);
        Assert.Equal([0, 0, 0, 1, 1, 1, 2], Enumerable.Range(1, 7).Select(step => (int)order.EpochOf(step)));
        Assert.Equal(order.Batches(1)[2], order.Clips(6));
    }

    [Fact]
    public void Batches_of_a_long_epoch_hold_clips_of_similar_lengths()
    {
        var lengths = Lengths(1024, 6);
        double Padding(IEnumerable<int[]> batches) => batches.Sum(batch => batch.Max(clip => lengths[clip]) * batch.Length) / (double)lengths.Sum();
        Assert.InRange(Padding(new EpochOrder(42, 8, lengths).Batches(0)), 1, 1.15);
        Assert.True(Padding(Enumerable.Range(0, 1024).Chunk(8)) > 1.6);
    }

    [Fact]
    public void In_a_short_epoch_chance_alone_says_which_clips_meet()
    {
        var order = new EpochOrder(42, 4, Lengths(8, 7));
        var pairs = Enumerable.Range(0, 50).Select(epoch => string.Join(",", order.Batches(epoch).Select(batch => string.Join("", batch.Order())).Order())).Distinct();
        Assert.True(pairs.Count() > 15); // of 35 ways to halve eight clips
    }
}
