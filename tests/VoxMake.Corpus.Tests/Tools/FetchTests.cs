using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

public class FetchTests
{
    [Fact]
    public void The_shipped_sample_is_fetched_by_hand()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.Run("vox-fetch", "folder", LjSpeech.Folder, folder.File("x"), "--transcripts", LjSpeech.Transcripts, "--format", "ljspeech");
        Assert.Equal((0, $"12 ok, 0 rejected, 0 failed; results in {folder.File("x")}\n"), (tool.Exit, tool.Said));
        Assert.Equal(13, File.ReadAllLines(folder.File("x/metadata.csv")).Length);
    }

    [Fact]
    public void An_order_gives_a_row_for_every_recording_with_its_columns()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["wavs/a.wav", "wavs/b.wav", "wavs/c.wav", "cover.jpg", "metadata.csv"];
        var files = names.Select(name => Tool.Input(folder, name, name == "metadata.csv" ? "a|Dr. Who|Doctor Who\nb|2|two\n" : name)).ToList();
        var tool = Tool.Order(folder, "vox-fetch", "folder", """{"format":"ljspeech","licence":"CC0-1.0","language":"en","speaker":"anna"}""",
            files.Select(file => new WorkItem(file.Name, new Dictionary<string, InputFile> { ["file"] = file }, Columns.Empty)), new() { ["transcripts"] = [files[4]] });
        Assert.Equal(0, tool.Exit);
        var a = tool.Of<ItemEvent>().First();
        Assert.Equal(("wavs/a", Outcome.Ok), (a.Id, a.Outcome));
        Assert.Equal([new OutputFile("audio", null, files[0].Digest, files[0].Size)], a.Outputs);
        Assert.Equal(
            ["language=en", "licence=CC0-1.0", "source_path=wavs/a.wav", $"source_sha256={files[0].Digest}", "speaker_id=anna", "speaker_source=given", "text=Doctor Who", "text_raw=Dr. Who"],
            a.Columns.Select(c => $"{c.Key}={c.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(["wavs/a", "wavs/b", "wavs/c"], tool.Of<ItemEvent>().Select(i => i.Id));
        Assert.Equal("no_transcript", tool.Of<ItemEvent>().Last().Reason);
        Assert.Equal(["not taken: 1 .jpg (no audio or video by its ending, and no transcript names them)"], tool.Of<WarningEvent>().Select(w => w.Message));
    }

    [Fact]
    public void Texts_beside_recordings_are_what_is_said_in_them()
    {
        using var folder = new TemporaryFolder();
        (string Name, string Content)[] sources =
        [
            ("book/one.mp3", "1"), ("book/one.txt", "\uFEFFChapter one.\r\n\r\n  It was\ta dark\r\nnight.\n"), ("two.wav", "2"), ("two.lab", "Two."), ("none.wav", "3"),
            ("empty.wav", "4"), ("empty.txt", " \n"), ("both.wav", "5"), ("both.txt", "a"), ("both.lab", "b"), ("alone.txt", "nobody says this"),
        ];
        var tool = Tool.Order(folder, "vox-fetch", "folder", """{"format":"text-files"}""",
            sources.Select(source => Tool.Input(folder, source.Name, source.Content)).Select(file => new WorkItem(file.Name, new Dictionary<string, InputFile> { ["file"] = file }, Columns.Empty)));
        Assert.Equal(0, tool.Exit);
        var items = tool.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.Equal(["book/one", "both", "empty", "none", "two"], items.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Chapter one. It was a dark night.", "Two.", ""), (items["book/one"].Columns["text"].ToString(), items["two"].Columns["text"].ToString(), items["none"].Columns["text"].ToString()));
        Assert.Equal(("empty_text", "'empty.txt' has no text in it; write it, or take the file away to have a clip without text"), (items["empty"].Reason, items["empty"].Message));
        Assert.Equal(("ambiguous", "'both.txt' and 'both.lab' both say what is spoken; keep one"), (items["both"].Reason, items["both"].Message));
    }

    [Fact]
    public void A_text_beside_a_recording_that_is_no_text_is_refused_by_line()
    {
        using var folder = new TemporaryFolder();
        Tool.Input(folder, "in/a.wav", "1");
        Tool.Input(folder, "in/b.wav", "2");
        File.WriteAllBytes(folder.File("in/a.txt"), [.. "fine\nbad "u8, 0xFF, (byte)'\n']);
        var tool = Tool.Run("vox-fetch", "folder", folder.File("in"), folder.File("x"), "--format", "text-files", "--json");
        Assert.Equal(("bad_utf8", "a.txt:2: byte 10 of the file, byte 5 of the line (0xFF), is not UTF-8; save the file as UTF-8"), tool.Of<ItemEvent>().Where(item => item.Id == "a").Select(item => (item.Reason!, item.Message!)).Single());
    }

    [Fact]
    public void Transcripts_of_another_form_end_in_one_clear_error()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.Run("vox-fetch", "folder", Path.GetDirectoryName(LjSpeech.Transcripts)!, folder.File("x"), "--transcripts", LjSpeech.Transcripts, "--format", "file-text", "--json");
        Assert.Equal(2, tool.Exit);
        Assert.Equal(new ErrorEvent("no clip is left: all 24 were rejected, 12 of them as wrong_columns; the first: the line has 3 columns, expected file|text", "metadata.csv", null, "is 'file|text' how metadata.csv is written, and do its names fit the folder?"), tool.Error);
    }

    [Theory]
    [InlineData("{}", "the form of the transcripts is not said, expected ljspeech, file-text, path-text-speaker or audiofolder", "format")]
    [InlineData("""{"format":"csv"}""", "'csv' is no transcript format, expected ljspeech, file-text, path-text-speaker or audiofolder", "format")]
    [InlineData("""{"format":"ljspeech","transcripts_folder":"/x"}""", "'/x' is absolute, expected a path relative to the source folder, such as . or meta", "transcripts_folder")]
    [InlineData("""{"format":"ljspeech"}""", "the source folder holds no file, expected recordings", "source.path")]
    public void Settings_and_sources_that_cannot_be_used_name_the_field(string settings, string message, string field)
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.Order(folder, "vox-fetch", "folder", settings, [], new() { ["transcripts"] = [Tool.Input(folder, "m.csv", "a|b")] });
        Assert.Equal((2, message, field), (tool.Exit, tool.Error.Message, tool.Error.Field));
    }
}
