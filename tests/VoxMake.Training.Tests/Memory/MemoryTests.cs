namespace VoxMake.Training.Tests;

public sealed class MemoryTests
{
    [Theory]
    [InlineData(100, 1000, 16, 4)] // 400 of 700
    [InlineData(100, 10_000, 16, 16)]
    [InlineData(100, 10_000, 64, 20)] // no more than there are clips: 16
    [InlineData(100, 50, 16, 1)] // nothing fits
    public void The_largest_batch_that_fits(long each, long free, int most, int clips)
    {
        var batch = BatchChoice.Of(size => size * each, free, Math.Max(clips, 5), most);
        Assert.True(batch == 1 || batch * each <= free * BatchChoice.Share);
        Assert.True(batch * 2 > Math.Min(most, Math.Max(clips, 5)) || batch * 2 * each > free * BatchChoice.Share);
        Assert.Equal(0, batch & (batch - 1));
    }

    [Fact]
    public void Halved_pieces_make_the_same_step()
    {
        int[] clips = [.. Enumerable.Range(0, 12)];
        var pieces = new MicroBatches(6, 2);
        for (var left = pieces; left is not null; left = left.Halved(12))
        {
            Assert.Equal(clips, left.Cut(clips).SelectMany(piece => piece));
            Assert.Equal(left.AccumulationSteps, left.Cut(clips).Count());
        }
        Assert.Equal(new MicroBatches(3, 4), pieces.Halved(12));
        Assert.Null(new MicroBatches(1, 12).Halved(12));
    }
}
