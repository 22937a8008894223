using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

public class ReviewTests
{
    private static readonly Digest Sha = Digest.Of("audio"u8), Other = Digest.Of("other"u8);
    private static readonly ReviewedClip Clip = new("a", Sha, "helo", "anna");

    [Fact]
    public void Later_rows_win()
    {
        var (now, orphans) = Apply(new("a", Sha, EditField.Text, "helo", "hallo"), new("a", Sha, EditField.Text, "hallo", "hello"), new("a", Sha, EditField.Drop), new("a", Sha, EditField.Keep));
        Assert.Equal(new Reviewed("hello", "anna", TextCorrected: true, SpeakerCorrected: false, Kept: true, Edited: true, null), now);
        Assert.Empty(orphans);
    }

    [Fact]
    public void A_second_correction_of_the_text_as_it_was_wins_too()
    {
        var (now, orphans) = Apply(new("a", Sha, EditField.Text, "helo", "hallo"), new("a", Sha, EditField.Text, "helo", "hello"));
        Assert.Equal("hello", now.Text);
        Assert.Empty(orphans);
    }

    [Fact]
    public void A_drop_says_which_line_it_was() => Assert.Equal("e.csv:3", Apply(new("a", Sha, EditField.Keep), new("a", Sha, EditField.Drop)).Now.Dropped!.At);

    [Theory]
    [InlineData(EditField.Keep)]
    [InlineData(EditField.Drop)]
    public void Undecided_takes_a_keep_or_a_drop_back_and_leaves_corrections(EditField said)
    {
        var (now, orphans) = Apply(new("a", Sha, EditField.Text, "helo", "hello"), new("a", Sha, said), new("a", Sha, EditField.Undecided));
        Assert.Equal(new Reviewed("hello", "anna", TextCorrected: true, SpeakerCorrected: false, Kept: false, Edited: true, null), now);
        Assert.Empty(orphans);
    }

    [Fact]
    public void A_corrected_speaker_is_marked() => Assert.Equal(new Reviewed("helo", "eva", TextCorrected: false, SpeakerCorrected: true, Kept: false, Edited: true, null), Apply(new Edit("a", Sha, EditField.Speaker, "anna", "eva")).Now);

    [Fact]
    public void An_edit_of_other_audio_is_orphaned_and_never_applied()
    {
        var (now, orphans) = Apply(new Edit("a", Other, EditField.Drop));
        Assert.Null(now.Dropped);
        Assert.Equal(new Fault("orphaned", $"it was said of other audio ({Other.Short}…, the clip now is {Sha.Short}…); listen again"), orphans.Single().Fault);
    }

    [Fact]
    public void An_edit_of_a_clip_that_is_not_there_is_orphaned() =>
        Assert.Equal(new Fault("orphaned", "there is no clip 'b' (any more)"), Apply(new Edit("b", Sha, EditField.Drop)).Orphans.Single().Fault);

    [Fact]
    public void An_edit_of_a_text_that_is_another_now_is_a_conflict()
    {
        var (now, orphans) = Apply(new Edit("a", Sha, EditField.Text, "hullo", "hello"));
        Assert.Equal("helo", now.Text);
        Assert.Equal(new Fault("conflict", "it replaces the text 'hullo', but the text is 'helo' now; correct it again"), orphans.Single().Fault);
    }

    [Fact]
    public void Every_edit_is_applied_or_listed_in_order()
    {
        var review = new Review([Row(2, new("a", Sha, EditField.Drop)), new EditRow("e.csv", 3, null, new Fault("bad_row", "x")), Row(4, new("z", Sha, EditField.Drop)), Row(5, new("a", Other, EditField.Keep))]);
        review.Of(Clip);
        Assert.Equal(1, review.Applied);
        Assert.Equal([3, 4, 5], review.Orphans().Select(o => o.Row.Line));
        var list = new MemoryStream();
        OrphansFile.Write(list, review.Orphans());
        Assert.StartsWith("file,line,id,field,reason,message\ne.csv,3,,,bad_row,x\ne.csv,4,z,drop,orphaned,there is no clip 'z' (any more)\n", System.Text.Encoding.UTF8.GetString(list.ToArray()));
    }

    /// <summary>Diarize follows edits of speakers, so that a clip may come to Review with what the edit wants.</summary>
    [Fact]
    public void An_edit_that_wants_what_the_clip_has_already_is_applied()
    {
        var (now, orphans) = Apply(new("a", Sha, EditField.Speaker, "speaker_2", "anna"), new("a", Sha, EditField.Text, "hullo", "helo"));
        Assert.Equal(new Reviewed("helo", "anna", TextCorrected: true, SpeakerCorrected: true, Kept: false, Edited: true, null), now);
        Assert.Empty(orphans);
    }

    private static (Reviewed Now, IReadOnlyList<Orphan> Orphans) Apply(params Edit[] edits)
    {
        var review = new Review(edits.Select((edit, i) => Row(i + 2, edit)));
        var now = review.Of(Clip);
        return (now, review.Orphans());
    }

    private static EditRow Row(int line, Edit edit) => new("e.csv", line, edit, null);
}
