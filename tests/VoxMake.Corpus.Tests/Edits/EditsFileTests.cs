using System.Text;
using FsCheck.Fluent;
using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

public class EditsFileTests
{
    private static readonly Digest Sha = Digest.Of("audio"u8);

    [Fact]
    public void What_is_appended_is_read_again()
    {
        var edit =
            from id in Gens.Words(pipes: true)
            from field in Gen.Elements(Enum.GetValues<EditField>())
            from old in Gens.Text(pipes: true)
            from now in Gens.Words(pipes: true)
            select new Edit(id, Sha, field, old, now);
        Gens.Hold(edit.ArrayOf().SelectMany(_ => edit.ArrayOf(), (first, second) => (first, second)), edits =>
        {
            using var folder = new TemporaryFolder();
            EditsFile.Append(folder.File("edits.csv"), edits.first);
            EditsFile.Append(folder.File("edits.csv"), edits.second);
            Assert.Equal([.. edits.first, .. edits.second], Read(File.ReadAllBytes(folder.File("edits.csv"))).Select(row => row.Edit!));
            Assert.Single(Directory.GetFiles(folder.Path)); // no temporary file is left
        }, tries: 50);
    }

    [Fact]
    public void Columns_that_people_added_stay_and_a_last_line_without_a_break_is_not_glued()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("e.csv"), $"note,id,audio_sha256,field,old,new\r\n\"by ear, twice\",a,{Sha},drop,,");
        EditsFile.Append(folder.File("e.csv"), [new Edit("b", Sha, EditField.Text, "x", "y, z")]);
        Assert.Equal($"note,id,audio_sha256,field,old,new\r\n\"by ear, twice\",a,{Sha},drop,,\n,b,{Sha},text,x,\"y, z\"\n", File.ReadAllText(folder.File("e.csv")));
    }

    [Fact]
    public void A_file_of_another_form_is_not_touched()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("e.csv"), "file_name,text\n");
        var error = Assert.Throws<CorpusException>(() => EditsFile.Append(folder.File("e.csv"), [new Edit("a", Sha, EditField.Drop)]));
        Assert.Equal("the header names no column 'id'", error.Message);
        Assert.Equal("file_name,text\n", File.ReadAllText(folder.File("e.csv")));
    }

    [Theory]
    [InlineData("a,123,drop,,", "audio_sha256 is '123', expected 64 hexadecimal digits")]
    [InlineData("a,SHA,mute,,", "field is 'mute', expected keep, drop, undecided, text or speaker")]
    [InlineData("a,SHA,text,x, ", "the new text is empty; to leave the clip out, write drop")]
    [InlineData(",SHA,drop,,", "the id is empty")]
    [InlineData("a,SHA,text,x,y,z", "the row has 6 columns, the header has 5; a text with a comma stands in double quotes")]
    public void A_bad_row_is_named(string row, string message)
    {
        var read = Read(Encoding.UTF8.GetBytes("id,audio_sha256,field,old,new\n" + row.Replace("SHA", Sha.ToString()))).Single();
        Assert.Equal(("edits.csv:2", new Fault("bad_row", message)), (read.At, read.Fault));
    }

    [Fact]
    public void An_edit_that_cannot_be_read_again_is_not_written()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<CorpusException>(() => EditsFile.Append(folder.File("e.csv"), [new Edit("a", Sha, EditField.Text, "x", "y\nz")]));
        Assert.False(File.Exists(folder.File("e.csv")));
    }

    [Fact]
    public void Any_bytes_are_read_or_named() => Gens.Hold(Gens.Bytes(), bytes =>
    {
        try { Assert.All(Read(bytes), row => Assert.True(row.Edit is null != row.Fault is null)); }
        catch (CorpusException) { }
    }, tries: 1000);

    private static List<EditRow> Read(byte[] bytes) => [.. EditsFile.Read(new MemoryStream(bytes), "edits.csv")];
}
