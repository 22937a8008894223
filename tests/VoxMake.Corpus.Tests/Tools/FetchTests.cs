using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

public class FetchTests
{
    private static readonly string Sample = Path.Combine(TestFiles.Repository, "samples/ljspeech");

    [Fact]
    public void The_shipped_sample_is_fetched_by_hand()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.Run("vox-fetch", "folder", Path.Combine(Sample, "wavs"), folder.File("x"), "--transcripts", Path.Combine(Sample, "metadata.csv"), "--format", "ljspeech");
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
    public void Transcripts_of_another_form_end_in_one_clear_error()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.Run("vox-fetch", "folder", Sample, folder.File("x"), "--transcripts", Path.Combine(Sample, "metadata.csv"), "--format", "file-text", "--json");
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
