using System.Text;
using FsCheck.Fluent;
using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

public class FolderRowsTests
{
    [Fact]
    public void An_ljspeech_id_is_found_beside_and_in_wavs_and_with_any_audio_ending()
    {
        var rows = Rows(["a.wav", "wavs/b.flac", "wavs/c.wav", "notes.txt"], "a|x\nb|y\nc.wav|z\n");
        Assert.Equal(["a", "wavs/b", "wavs/c"], rows.Select(r => r.Id));
        Assert.All(rows, row => Assert.Null(row.Fault));
        Assert.Equal("wavs/b.flac", rows[1].File!.Path);
    }

    [Fact]
    public void A_folder_called_wavs_that_is_the_source_itself_is_found() => Assert.Equal("a", Rows(["a.wav"], "a|x").Single().Id);

    [Fact]
    public void Paths_are_looked_up_in_the_source_then_in_the_folder_of_the_transcripts()
    {
        var rows = Rows(["meta/clips/a.wav", "clips/b.wav", "meta/clips/b.wav"], "clips/a.wav|x\nclips/b.wav|y\n./meta//clips/b.wav|z", TranscriptFormat.FileText, "meta");
        Assert.Equal(["meta/clips/a", "clips/b", "meta/clips/b"], rows.Select(r => r.Id));
        Assert.All(rows, row => Assert.Null(row.Fault));
    }

    [Fact]
    public void Ids_are_one_however_their_letters_are_written()
    {
        var rows = Rows(["fu\u0308r.wav"], "f\u00fcr|x");
        Assert.Equal("f\u00fcr", rows.Single().Id);
        Assert.Equal("fu\u0308r.wav", rows.Single().File!.Path);
        Assert.Null(rows.Single().Fault);
    }

    [Fact]
    public void A_missing_file_is_named_with_its_line()
    {
        var row = Rows(["wavs/a.wav"], "a|x\nb|y\n")[1];
        Assert.Equal(("b", "missing_file", "m.csv:2: there is no audio file 'b' (with any known ending) in the source folder, nor in wavs/"), (row.Id, row.Fault!.Reason, row.Fault.Message));
    }

    [Fact]
    public void A_missing_file_whose_like_is_there_says_so() =>
        Assert.Equal("there is no file 'a.mp3' in the source folder; there is 'a.wav'", Rows(["a.wav"], "a.mp3|x", TranscriptFormat.FileText)[0].Fault!.Message); // its row is called m.csv:1

    [Fact]
    public void The_same_line_twice_leaves_the_first()
    {
        var rows = Rows(["a.wav"], "a|x\na|x\n");
        Assert.Null(rows[0].Fault);
        Assert.Equal(new SourceRow("m.csv:2", null, null, new Fault("duplicate", "the same is said of 'a.wav' at m.csv:1 already")), rows[1]);
    }

    [Fact]
    public void Two_texts_for_one_file_leave_none()
    {
        var rows = Rows(["a.wav"], "a|x\na|y\n");
        Assert.Equal(["a", "m.csv:2"], rows.Select(r => r.Id));
        Assert.All(rows, row => Assert.Equal(new Fault("ambiguous", "m.csv:1 and m.csv:2 say different things of 'a.wav'; keep the right one"), row.Fault));
    }

    [Fact]
    public void Two_files_with_one_id_are_both_refused_by_name()
    {
        var rows = Rows(["a.wav", "a.mp3", "b.wav"], "a|x\nb|y");
        Assert.Equal(["b", "a.mp3", "a.wav"], rows.Select(r => r.Id));
        Assert.All(rows[1..], row => Assert.Equal(new Fault("same_id", "'a.mp3' and 'a.wav' would both be the clip 'a'; keep one or rename one"), row.Fault));
    }

    [Fact]
    public void A_text_file_beside_its_recording_is_not_its_twin() => Assert.Null(Rows(["a.wav", "a.txt"], "a|x").Single().Fault);

    [Fact]
    public void Audio_that_no_line_names_is_listed() =>
        Assert.Equal(new SourceRow("b", null, null, new Fault("no_transcript", "no line of m.csv names 'b.wav'; add a line, or take the file out")), Rows(["a.wav", "b.wav"], "a|x")[1]);

    [Theory]
    [InlineData("/etc/passwd", "the path '/etc/passwd' is absolute; write paths relative to the source folder")]
    [InlineData("../a.wav", "the path '../a.wav' leads upwards with '..'; write paths relative to the source folder")]
    [InlineData("b\\..\\a.wav", "the path 'b\\..\\a.wav' leads upwards with '..'; write paths relative to the source folder")]
    [InlineData("C:\\a.wav", "the path 'C:\\a.wav' begins with a drive letter; write paths relative to the source folder")]
    public void A_path_that_leads_out_of_the_folder_is_refused(string path, string message)
    {
        var row = Rows(["a.wav"], $"a.wav|x\n{path}|y", TranscriptFormat.FileText)[1];
        Assert.Equal(("m.csv:2", new Fault("path_escapes", message)), (row.Id, row.Fault));
    }

    [Fact]
    public void Backslashes_of_other_systems_are_understood() => Assert.Null(Rows(["clips/a.wav"], "clips\\a.wav|x", TranscriptFormat.FileText).Single().Fault);

    [Fact]
    public void An_empty_text_is_named_once()
    {
        var row = Rows(["a.wav"], "a|").Single();
        Assert.Equal(("a", "m.csv:1: the text is empty"), (row.Id, row.Fault!.Message));
    }

    [Fact]
    public void Without_transcripts_every_audio_file_is_a_clip()
    {
        var rows = new FolderRows(Folder(["b.wav", "a.mp4", "c.txt", "._b.wav"]), null);
        Assert.Equal(["a", "b"], rows.All().Select(r => r.Id));
        Assert.Equal([(".txt", 1), (".wav", 1)], rows.Others(_ => false));
    }

    [Fact]
    public void A_control_character_in_a_file_name_is_refused() =>
        Assert.Equal("the file's name 'a\uFFFDb.wav' holds the control character U+000A (a line break) at position 2; remove it", new FolderRows(Folder(["a\nb.wav"]), null).All().Single().Fault!.Message);

    [Fact]
    public void An_empty_transcripts_file_is_refused_as_a_whole()
    {
        var error = Assert.Throws<CorpusException>(() => Rows(["a.wav"], "\n \n"));
        Assert.Equal("there is no line of transcripts in it, expected id|text or id|text|normalised text", error.Message);
        Assert.Equal("m.csv", error.File);
    }

    [Fact]
    public void Nothing_is_lost_and_no_row_id_stands_twice()
    {
        var names = Gen.Elements("a", "b", "c", "d", "a.wav", "wavs/a", "m.csv:2", "ä", "a\u0308");
        var files = Gen.Elements(".wav", ".mp3", ".txt", ".wav.wav").SelectMany(_ => names, (ending, name) => name + ending).ArrayOf();
        var lines = names.SelectMany(_ => Gen.Elements("|x", "|y", "|", "", "|x|z|w", ".wav|x"), (name, rest) => name + rest).ArrayOf();
        Gens.Hold(files.SelectMany(_ => lines, (f, l) => (Files: f.Distinct().ToArray(), Lines: l)), data =>
        {
            if (data.Lines.Length == 0) return;
            var rows = Rows(data.Files, string.Join('\n', data.Lines));
            Assert.Equal(rows.Count, rows.Select(r => r.Id).Distinct().Count());
            foreach (var file in data.Files.Where(MediaEndings.IsMedia))
                Assert.True(rows.Any(r => r.File?.Path == file || r.Fault is not null && (r.Id == ClipId.Of(file) || r.Fault.Message.Contains($"'{file}'"))), $"{file} is not told of");
            foreach (var row in rows.Where(r => r.Fault is null)) Assert.Equal(ClipId.Of(row.File!.Path), row.Id);
        }, tries: 1000);
    }

    private static List<SourceRow> Rows(string[] files, string transcripts, TranscriptFormat format = TranscriptFormat.LjSpeech, string folder = ".") =>
        [.. new FolderRows(Folder(files), new TranscriptSource("m.csv", format, () => new MemoryStream(Encoding.UTF8.GetBytes(transcripts)), folder)).All()];

    private static SourceFolder Folder(string[] files)
    {
        var folder = new SourceFolder();
        foreach (var file in files) folder.Add(new SourceFile(file, Digest.Of(Encoding.UTF8.GetBytes(file)), 1));
        return folder;
    }
}
