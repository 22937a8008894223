namespace VoxMake.Config.Tests;

public class ConfigReaderTests
{
    private const string Orpheus = "audio: { sample_rate: 24000 }\ntraining: { family: orpheus, base_model: m, orpheus: { codec: c } }\n";

    [Fact]
    public void What_the_file_does_not_say_has_its_default()
    {
        using var voice = new Voice();
        var read = voice.Read(Voice.Least);
        Assert.Equal(("German", "de"), (read.Config.Language.Name, read.Config.Language.Code));
        Assert.Equal(("folder", null, null, "speaker"), (read.Config.Source.Kind, read.Config.Source.Transcripts, read.Config.Source.Format, read.Config.Source.Speaker));
        Assert.Equal(new AudioConfig { SampleRate = 22050, Channels = 1, BitDepth = 16, Normalize = true, TargetDb = -20, TrimDb = 30 }, read.Config.Audio);
        Assert.Equal(new ExtractConfig { MaxFileMb = 2000, MaxDurationS = 14400, TimeoutS = 600 }, read.Config.Extract);
        Assert.Equal(new Interval(5, 30), read.Config.Quality.CharactersPerSecond);
        Assert.Equal((0.8, 15, null, 0.001), (read.Config.Quality.MinDurationS, read.Config.Quality.MaxDurationS, read.Config.Quality.MinSnrDb, read.Config.Quality.MaxClipping));
        Assert.Equal((0.9, 0.1, 0.0, true, 42, "recording"), (read.Config.Dataset.TrainSplit, read.Config.Dataset.ValSplit, read.Config.Dataset.TestSplit, read.Config.Dataset.Shuffle, read.Config.Dataset.Seed, read.Config.Dataset.SplitBy));
        Assert.Equal((null, null, null, 5), (read.Config.Segment, read.Config.Training, read.Config.Cache.MaxGb, read.Config.Report.PlayersPerReason));
        Assert.Null(read.PositionOf("audio.sample_rate"));
        Assert.Empty(read.Notes);
    }

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        using var voice = new Voice();
        var config = voice.Read(Voice.Least + """
            audio: { sample_rate: 0x5DC0, normalize: false, target_db: -23.5, trim_db: null }
            quality: { max_clipping: 1e-4, characters_per_second: [4, 25.5], min_snr_db: 15 }
            training: { learning_rate: 2.5E-5, base_model: models/mms, mixed_precision: bf16, batch_size: 8 }
            """).Config;
        Assert.Equal((24000, false, -23.5, null), (config.Audio.SampleRate, config.Audio.Normalize, config.Audio.TargetDb, config.Audio.TrimDb));
        Assert.Equal((1e-4, new Interval(4, 25.5), 15.0), (config.Quality.MaxClipping!.Value, config.Quality.CharactersPerSecond!.Value, config.Quality.MinSnrDb!.Value));
        Assert.Equal((2.5e-5, Path.Combine(voice.Folder, "models/mms"), "bf16", 8), (config.Training!.LearningRate, config.Training.BaseModel, config.Training.MixedPrecision, config.Training.BatchSize));
    }

    [Fact]
    public void A_voice_of_the_family_orpheus_names_its_codec_and_the_model_to_begin_with()
    {
        using var voice = new Voice();
        var training = voice.Read(Voice.Least + "audio: { sample_rate: 24000 }\ntraining: { family: orpheus, base_model: models/orpheus, orpheus: { codec: models/snac, max_tokens: 4096 } }").Config.Training!;
        Assert.Equal(new OrpheusConfig { Codec = Path.Combine(voice.Folder, "models/snac"), Voice = null, MaxTokens = 4096, RemoveDuplicateFrames = false }, training.Orpheus);
        Assert.Equal(("orpheus", Path.Combine(voice.Folder, "models/orpheus")), (training.Family, training.BaseModel));
    }

    [Theory]
    [InlineData("audio: { sample_rate: 22050 }\ntraining: { family: orpheus, base_model: m, orpheus: { codec: c } }", "a.yaml:7:23: audio.sample_rate: it is 22050 Hz, but the codec of the family orpheus takes 24000 Hz; set audio.sample_rate: 24000")]
    [InlineData("training: { family: orpheus, base_model: m, orpheus: { codec: c } }", "a.yaml:7:21: training.family: it is 22050 Hz, but the codec of the family orpheus takes 24000 Hz; set audio.sample_rate: 24000")]
    [InlineData("audio: { sample_rate: 24000 }\ntraining: { family: orpheus, orpheus: { codec: c } }", "a.yaml:8:21: training.family: the family orpheus needs a model to begin with: base_model: FOLDER")]
    [InlineData("audio: { sample_rate: 24000 }\ntraining: { family: orpheus, base_model: m }", "a.yaml:8:21: training.family: the family orpheus needs the section training.orpheus with codec")]
    [InlineData("audio: { sample_rate: 24000 }\ntraining: { family: orpheus, base_model: m, orpheus: {} }", "a.yaml:8:45: training.orpheus.codec: is missing: the folder of the codec")]
    [InlineData("training: { base_model: m, orpheus: { codec: c } }", "a.yaml:7:28: training.orpheus: is for the family orpheus, but training.family is vits")]
    [InlineData("training: { base_model: m, base_model_id: models/mms/eng }", "a.yaml:7:43: training.base_model_id: 'models/mms/eng' is no name on Hugging Face, expected OWNER/NAME")]
    [InlineData("training: { base_model_id: facebook/mms-tts-eng }", "a.yaml:7:28: training.base_model_id: names the model that is trained on from, but there is no training.base_model")]
    public void Training_that_lacks_something_is_told_where_and_what(string yaml, string error)
    {
        using var voice = new Voice();
        Assert.StartsWith(error, voice.Errors(Voice.Least + yaml));
    }

    [Theory]
    [InlineData("training: {}\nvalidation: { engine: container, container: x }", "a.yaml:8:23: validation.engine: the engine container serves voices of the family orpheus")]
    [InlineData(Orpheus + "validation: { engine: endpoint }", "a.yaml:9:23: validation.engine: the engine endpoint needs the address of a server: endpoint: http://127.0.0.1:8000")]
    [InlineData(Orpheus + "validation: { engine: endpoint, endpoint: 'ftp://x' }", "a.yaml:9:23: validation.engine: the engine endpoint needs the address")]
    [InlineData(Orpheus + "validation: { engine: container }", "a.yaml:9:23: validation.engine: the engine container needs an image")]
    [InlineData(Orpheus + "validation: { endpoint: 'http://127.0.0.1:8000' }", "a.yaml:9:25: validation.endpoint: is for engine: endpoint, but the engine is embedded")]
    [InlineData(Orpheus + "validation: { engine: endpoint, endpoint: 'http://me:sesame@h' }", "a.yaml:9:43: validation.endpoint: an address is kept with the results, so nothing secret may stand in it")]
    [InlineData(Orpheus + "validation: { engine: endpoint, endpoint: 'http://h/?key=sesame' }", "a.yaml:9:43: validation.endpoint: an address is kept with the results, so nothing secret may stand in it")]
    [InlineData(Orpheus + "validation: { api_key: '${env:KEY}' }", "a.yaml:9:24: validation.api_key: is for engine: endpoint, but the engine is embedded")]
    [InlineData(Orpheus + "validation: { container: x }", "a.yaml:9:26: validation.container: is for engine: container, but the engine is embedded")]
    public void An_engine_that_lacks_what_it_needs_is_told_where_and_what(string yaml, string error)
    {
        using var voice = new Voice();
        Assert.StartsWith(error, voice.Errors(Voice.Least + yaml));
    }

    [Fact]
    public void An_engine_with_what_it_needs_is_read()
    {
        using var voice = new Voice();
        var validation = voice.Read(Voice.Least + Orpheus + "validation: { engine: container, container: 'vllm/vllm-openai:v0.32.0', dtype: float32 }").Config.Validation;
        Assert.Equal(("container", "vllm/vllm-openai:v0.32.0", "float32"), (validation.Engine, validation.Container, validation.Dtype));
        Assert.Equal("http://127.0.0.1:8000", voice.Read(Voice.Least + Orpheus + "validation: { engine: endpoint, endpoint: 'http://127.0.0.1:8000' }").Config.Validation.Endpoint);
    }

    [Fact]
    public void The_name_of_the_file_is_the_name_of_the_voice()
    {
        using var voice = new Voice();
        var path = voice.Write("voices/anna.de.yaml", Voice.Least);
        var read = ConfigReader.Read(path, []);
        Assert.Equal(("anna.de", path, Path.GetDirectoryName(path)), (read.Name, read.File, read.Folder));
        Assert.Equal([path], read.Files);
        Assert.Equal(".yaml:1:1: the file's name is the voice's name; expected one such as anna.yaml\n  1 | language:\n    | ^", voice.ErrorsOf(voice.Write(".yaml", Voice.Least)));
    }

    [Fact]
    public void Paths_are_relative_to_the_file_that_names_them()
    {
        using var voice = new Voice();
        voice.Write("shared/base.yaml", "source: { path: wavs, transcripts: ../texts.csv, format: ljspeech, licence: CC0-1.0 }");
        var config = voice.Read("extends: shared/base.yaml\nlanguage: { name: German, code: de }\ntraining: { base_model: ./models/x }").Config;
        Assert.Equal(Path.Combine(voice.Folder, "shared/wavs"), config.Source.Path);
        Assert.Equal(Path.Combine(voice.Folder, "texts.csv"), config.Source.Transcripts);
        Assert.Equal(Path.Combine(voice.Folder, "models/x"), config.Training!.BaseModel);
    }

    [Theory]
    [InlineData("no")]
    [InlineData("pt-BR")]
    [InlineData("zh-Hant-TW")]
    public void A_language_code_stays_the_text_it_is(string code)
    {
        using var voice = new Voice();
        Assert.Equal(code, voice.Read(Voice.Least.Replace("code: de", $"code: {code}")).Config.Language.Code);
    }

    [Fact]
    public void A_number_where_text_is_wanted_is_taken_as_written()
    {
        using var voice = new Voice();
        Assert.Equal("007", voice.Read(Voice.Least + "  speaker: 007").Config.Source.Speaker);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("# only a comment\n\n")]
    [InlineData("%YAML 1.2\n---\n")]
    public void What_stands_before_the_first_key_is_no_matter(string head)
    {
        using var voice = new Voice();
        Assert.Equal("de", voice.Read(head + Voice.Least).Config.Language.Code);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\n")]
    public void Lines_count_the_same_with_every_line_end(string end)
    {
        using var voice = new Voice();
        Assert.Equal("a.yaml:8:13: audio.channels: 3 is out of range; allowed is 1 to 1\n  8 |   channels: 3\n    |             ^",
            voice.Errors((Voice.Least + "audio:\n  channels: 3\n").Replace("\n", end)));
    }

    [Fact]
    public void Sections_that_are_not_optional_may_be_left_empty()
    {
        using var voice = new Voice();
        Assert.Equal(new AudioConfig(), voice.Read(Voice.Least + "audio:\n  # sample_rate: 16000\n").Config.Audio);
    }

    [Fact]
    public void Positions_name_file_and_line_of_what_was_set()
    {
        using var voice = new Voice();
        voice.Write("base.yaml", "audio:\n  sample_rate: 16000\n  channels: 1\n");
        var read = voice.Read("extends: base.yaml\n" + Voice.Least + "audio:\n  channels: 1\n", "audio.trim_db=20");
        Assert.Equal("base.yaml:2", Name(read.PositionOf("audio.sample_rate")));
        Assert.Equal("a.yaml:9", Name(read.PositionOf("audio.channels")));
        Assert.Equal("--set audio.trim_db=20", Name(read.PositionOf("audio.trim_db")));
        Assert.Equal("a.yaml:8", Name(ConfigReader.Read(read.File, []).PositionOf("audio")));
        Assert.Null(read.PositionOf("audio.bit_depth"));

        string Name(Position? position) => position!.ToString().Replace(voice.Folder + "/", "");
    }

    [Fact]
    public void Messages_call_a_file_as_the_user_did()
    {
        var folder = Path.GetRelativePath(Environment.CurrentDirectory, VoxMake.Tests.TestFiles.Repository);
        var read = ConfigReader.Read(Path.Combine(folder, "configs/quickstart.yaml"), []);
        Assert.StartsWith(Path.Combine(folder, "configs/quickstart.yaml:"), read.PositionOf("language.code")!.ToString());
        Assert.StartsWith(Path.Combine(folder, "configs/defaults.yaml:"), read.PositionOf("audio.channels")!.ToString());
    }
}
