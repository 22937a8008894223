namespace VoxMake.Config.Tests.Reading;

public class OlderSpellingsTests
{
    [Fact]
    public void An_older_workflow_file_is_understood_with_notes()
    {
        using var voice = new Voice();
        var read = voice.Read("""
            language: { name: German, code: de, base_model: models/mms-tts-deu }
            paths:
              data: wavs
              transcripts: texts.csv
              output: results
            source: { format: ljspeech, licence: CC0-1.0 }
            training:
              output_dir: results/models
              num_epochs: 5
            """);
        Assert.Equal((Path.Combine(voice.Folder, "wavs"), Path.Combine(voice.Folder, "texts.csv")), (read.Config.Source.Path, read.Config.Source.Transcripts));
        Assert.Equal((Path.Combine(voice.Folder, "models/mms-tts-deu"), 5), (read.Config.Training!.BaseModel, read.Config.Training.NumEpochs));
        Assert.Equal("""
            a.yaml:3: paths.data: understood as source.path, its name today
            a.yaml:4: paths.transcripts: understood as source.transcripts, its name today
            a.yaml:5: paths.output: is not read: results lie in the folder out/, under the name of the file
            a.yaml:1: language.base_model: understood as training.base_model, its name today
            a.yaml:8: training.output_dir: is not read: results lie in the folder out/, under the name of the file
            """, string.Join('\n', read.Notes).Replace(voice.Folder + "/", ""));
        Assert.Equal(3, read.PositionOf("source.path")!.Line);
    }

    [Fact]
    public void Both_spellings_at_once_are_an_error()
    {
        using var voice = new Voice();
        Assert.Equal("a.yaml:7:10: paths.audio: is the older spelling of source.path, which is given on line 5; keep one\n  7 | paths: { audio: x }\n    |          ^", voice.Errors(Voice.Least + "paths: { audio: x }"));
    }

    [Fact]
    public void A_path_that_no_workflow_file_had_is_an_error()
    {
        using var voice = new Voice();
        Assert.Equal("a.yaml:7:10: paths.modles: no such key; paths is an older spelling, write source.path and source.transcripts\n  7 | paths: { modles: x }\n    |          ^", voice.Errors(Voice.Least + "paths: { modles: x }"));
    }

    [Fact]
    public void A_parents_older_spelling_is_overridden_by_the_childs_new_one()
    {
        using var voice = new Voice();
        voice.Write("base.yaml", "paths: { data: old }");
        Assert.EndsWith("/recordings", voice.Read("extends: base.yaml\n" + Voice.Least).Config.Source.Path);
    }
}
