using VoxMake.Models.Orpheus;

namespace VoxMake.Models.Tests.Orpheus;

public class AudioFramesTests
{
    private static readonly OrpheusIds Ids = OrpheusIds.Published;

    /// <summary>Five frames, coarsest codes 10 to 14.</summary>
    private static int[] Five => GoldenOrpheus.Frames(Enumerable.Range(10, 5)).ToIds(Ids);

    [Fact]
    public void An_id_in_the_wrong_slot_is_refused_by_its_position()
    {
        var ids = Five;
        ids[16] = Ids.IdOf(6, 5); // slot 2 of the third frame
        var error = Assert.Throws<ModelException>(() => AudioFramesReader.Read(ids, Ids, OnMisplaced.Refuse));
        Assert.Contains("position 16 is of slot 6, where slot 2 of a frame was expected", error.Message);
    }

    [Fact]
    public void Frames_before_an_id_in_the_wrong_slot_can_be_kept()
    {
        var ids = Five;
        ids[16] = Ids.EndOfAi;
        var read = AudioFramesReader.Read(ids, Ids, OnMisplaced.KeepBefore);
        Assert.Equal([10, 11], read.Frames.Level(0));
        Assert.Equal(new MisplacedId(16, Ids.EndOfAi, 2, null), Assert.Single(read.Misplaced));
        Assert.Contains("no code of sound", read.Misplaced[0].ToString());
        Assert.Equal(21, read.Dropped);
    }

    [Theory]
    [InlineData(14, 13)] // the first of a frame is missing: its six others are dropped
    [InlineData(16, 13)]
    [InlineData(20, 13)]
    public void A_frame_that_lacks_an_id_can_be_dropped_and_the_next_is_heard(int missing, int wrong)
    {
        List<int> ids = [.. Five];
        ids.RemoveAt(missing);
        var read = AudioFramesReader.Read([.. ids], Ids, OnMisplaced.DropFrame);
        Assert.Equal([10, 11, wrong, 14], read.Frames.Level(0));
        Assert.Equal(missing, Assert.Single(read.Misplaced).Position);
        Assert.Equal(6, read.Dropped);
    }

    [Fact]
    public void Each_disturbance_is_told_once()
    {
        int[] ids = [Ids.EndOfAi, Ids.EndOfAi, .. Five[..7], Ids.IdOf(3, 9), Ids.IdOf(4, 9), .. Five[7..9], Ids.IdOf(5, 1), .. Five[14..]];
        var read = AudioFramesReader.Read(ids, Ids, OnMisplaced.DropFrame);
        Assert.Equal([10, 12, 13, 14], read.Frames.Level(0));
        Assert.Equal([0, 9, 13], read.Misplaced.Select(fault => fault.Position));
        Assert.Equal(ids.Length, read.Dropped + 28);
    }

    [Fact]
    public void Whatever_is_read_frames_are_whole_and_codes_are_of_the_codebook()
    {
        var random = new Random(5);
        var small = new OrpheusIds(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2);
        for (var run = 0; run < 2000; run++)
        {
            int[] ids = [.. Enumerable.Range(0, random.Next(60)).Select(i => random.Next(4) > 0 ? small.IdOf(i % 7, random.Next(2)) : random.Next(-3, 30))];
            foreach (var choice in new[] { OnMisplaced.KeepBefore, OnMisplaced.DropFrame })
            {
                var read = AudioFramesReader.Read(ids, small, choice);
                Assert.Equal(ids.Length, read.Frames.Count * 7 + read.Dropped);
                Assert.Equal(read.Frames.Count, AudioFramesReader.Read(read.Frames.ToIds(small), small, OnMisplaced.Refuse).Frames.Count);
            }
        }
    }

    [Fact]
    public void Levels_that_do_not_fit_are_refused()
    {
        Assert.Contains("2 levels", Assert.Throws<ModelException>(() => AudioFrames.OfLevels([[1], [1, 2]])).Message);
        Assert.Contains("level 2 has 3 codes; expected 4", Assert.Throws<ModelException>(() => AudioFrames.OfLevels([[1], [1, 2], [1, 2, 3]])).Message);
        Assert.Contains("no whole frames", Assert.Throws<ModelException>(() => AudioFrames.OfSlots([1, 2, 3])).Message);
        Assert.Contains("the code 4096 in slot 0", Assert.Throws<ModelException>(() => GoldenOrpheus.Frames([4096]).ToIds(Ids)).Message);
    }

    [Fact]
    public void A_slice_holds_its_frames() => Assert.Equal([11, 12], GoldenOrpheus.Frames(Enumerable.Range(10, 5)).Slice(1, 2).Level(0));
}
