using VoxMake.Models.Orpheus;

namespace VoxMake.Speaking.Tests;

public class FrameReaderTests
{
    private static readonly OrpheusIds Ids = OrpheusIds.Published with { CodebookSize = 4 };

    /// <summary>What is read id by id is what <see cref="AudioFramesReader"/> reads of all at once.</summary>
    [Theory]
    [InlineData(OnMisplaced.DropFrame)]
    [InlineData(OnMisplaced.KeepBefore)]
    public void A_stream_has_the_frames_and_the_disturbances_of_the_whole(OnMisplaced policy)
    {
        for (var seed = 0; seed < 500; seed++) Same(seed, policy);
    }

    private static void Same(int seed, OnMisplaced policy)
    {
        var noise = new byte[seed % 20];
        new Random(seed).NextBytes(noise);
        // mostly in order, now and then a slot off or no sound
        int[] ids = [.. noise.SelectMany((b, i) =>
            Enumerable.Range(0, 7).Select(slot => b % 5 != 0 || slot != b % 7 ? Ids.IdOf(slot, (b + i) % 4) : b % 2 == 0 ? 17 : Ids.IdOf((slot + b) % 7, b % 4)))];
        var whole = AudioFramesReader.Read(ids, Ids, policy);
        var reader = new FrameReader(Ids, new HashSet<int> { Ids.EndOfSpeech }, policy);
        var frames = new List<int>();
        foreach (var id in ids)
        {
            var heard = reader.Add(id);
            if (heard == Heard.Frame) frames.AddRange(reader.Frame);
            if (heard == Heard.Misplaced) break;
        }
        Assert.Equal(Enumerable.Range(0, whole.Frames.Count).SelectMany(frame => whole.Frames[frame].ToArray()), frames);
        Assert.Equal(whole.Misplaced.Count, reader.Misplaced);
    }

    [Fact]
    public void A_model_that_begins_its_turn_itself_is_read_from_the_start_of_speech()
    {
        var reader = new FrameReader(Ids, new HashSet<int> { Ids.EndOfSpeech }, OnMisplaced.Refuse);
        Assert.Equal([Heard.Part, Heard.Part], new[] { Ids.StartOfAi, Ids.StartOfSpeech }.Select(reader.Add));
        Assert.Equal([.. Enumerable.Repeat(Heard.Part, 6), Heard.Frame, Heard.End], Enumerable.Range(0, 7).Select(slot => Ids.IdOf(slot, 3)).Append(Ids.EndOfSpeech).Select(reader.Add));
        Assert.Equal(0, reader.Misplaced);
    }
}
