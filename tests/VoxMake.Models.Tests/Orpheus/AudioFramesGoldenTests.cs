using VoxMake.Models.Orpheus;

namespace VoxMake.Models.Tests.Orpheus;

public class AudioFramesGoldenTests
{
    [SkippableTheory]
    [InlineData("tiny")]
    [InlineData("full_size")]
    public void Codes_and_flat_ids_are_each_others(string size)
    {
        using var golden = GoldenOrpheus.Json("snac/interleave.json");
        var vector = golden.RootElement.GetProperty(size);
        var ids = size == "tiny" ? GoldenOrpheus.Ids() : OrpheusIds.Published;
        Assert.Equal((vector.GetProperty("audio_tokens_start").GetInt32(), vector.GetProperty("codebook_size").GetInt32()), (ids.AudioStart, ids.CodebookSize));
        Assert.Equal(vector.Ints("flat"), AudioFrames.OfLevels(vector.Rows("codes")).ToIds(ids));
        var read = AudioFramesReader.Read(vector.Ints("flat"), ids, OnMisplaced.Refuse);
        GoldenOrpheus.Same(vector.Rows("codes"), read.Frames);
        Assert.Equal(0, read.Dropped);
    }

    [SkippableFact]
    public void A_frame_that_the_ids_end_in_is_dropped()
    {
        using var golden = GoldenOrpheus.Json("snac/interleave.json");
        var vector = golden.RootElement.GetProperty("incomplete_tail");
        var read = AudioFramesReader.Read(vector.Ints("flat"), OrpheusIds.Published, OnMisplaced.Refuse);
        GoldenOrpheus.Same(vector.Rows("codes"), read.Frames);
        Assert.Equal(vector.Ints("flat").Length % 7, read.Dropped);
        Assert.Empty(read.Misplaced);
    }

    [SkippableFact]
    public void Frames_that_begin_like_the_last_one_kept_are_removed_as_the_notebook_removes_them()
    {
        using var golden = GoldenOrpheus.Json("snac/interleave.json");
        var (vector, ids) = (golden.RootElement.GetProperty("remove_duplicate_frames"), GoldenOrpheus.Ids());
        Assert.Equal(vector.Ints("out"), AudioFramesReader.Read(vector.Ints("in"), ids, OnMisplaced.Refuse).Frames.WithoutDuplicates().ToIds(ids));
    }
}
