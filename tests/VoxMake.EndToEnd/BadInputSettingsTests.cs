namespace VoxMake.EndToEnd;

/// <summary>What is wrong with a configuration or a command line is said at once, by file and field; nothing is started.</summary>
public class BadInputSettingsTests
{
    [Theory]
    [InlineData("audio: { sampel_rate: 16000 }", "4:10: audio.sampel_rate: no such key; did you mean sample_rate?\n  4 | audio: { sampel_rate: 16000 }\n    |          ^\n")]
    [InlineData("audoi: { sample_rate: 16000 }", "4:1: audoi: no such key; did you mean audio?\n  4 | audoi: { sample_rate: 16000 }\n    | ^\n")]
    [InlineData("audio: { sample_rate: fast }", "4:23: audio.sample_rate: expected a whole number, found the text \"fast\"\n  4 | audio: { sample_rate: fast }\n    |                       ^\n")]
    [InlineData("training: { family: vitz }", "4:21: training.family: \"vitz\" is not known; expected one of vits, orpheus; did you mean vits?\n  4 | training: { family: vitz }\n    |                     ^\n")]
    public void A_wrong_setting_is_named_by_line_and_key(string line, string message)
    {
        using var voice = new Voice(clips: 1, extra: line);
        Assert.Equal($"vox: {voice.PathOf("configs/voice.yaml")}:{message}", voice.Try().With(code: 2).Text);
        NothingWasStarted(voice);
    }

    [Fact]
    public void An_alias_bomb_is_refused_where_it_begins()
    {
        using var voice = new Voice(clips: 1, extra: "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]");
        Assert.Contains(":4:4: the anchor &a is not allowed; YAML is plain data here, remove it", voice.Try().With(code: 2).Error);
        NothingWasStarted(voice);
    }

    [Theory]
    [InlineData("{\"model_type\":\"llama\"}", "{0}/config.json says model_type 'llama', but training.family is 'vits'\n  name a base model of that family, or the family of that model\n")]
    [InlineData("[3]", "{0}/config.json says model_type 'nothing', but training.family is 'vits'\n  name a base model of that family, or the family of that model\n")]
    [InlineData("{\"model_type\":", "{0}/config.json is no whole JSON file (line 1)\n  download the model again\n")]
    [InlineData(null, "{0} holds no config.json, so it is no model folder\n")]
    public void A_base_model_that_is_none_of_the_family_is_refused(string? json, string message)
    {
        using var voice = new Voice(clips: 1, extra: "training: { family: vits, base_model: ../model }");
        var model = Directory.CreateDirectory(voice.PathOf("model")).FullName;
        if (json is not null) File.WriteAllText(Path.Combine(model, "config.json"), json);
        Assert.Equal($"vox: {voice.PathOf("configs/voice.yaml")}:4: training.base_model: {message.Replace("{0}", model, StringComparison.Ordinal)}", voice.Try().With(code: 2).Text);
        NothingWasStarted(voice);
    }

    [Fact]
    public void What_the_configuration_names_has_to_be_there()
    {
        using var voice = new Voice(clips: 1, extra: "training: { base_model: ../model }");
        var config = voice.PathOf("configs/voice.yaml");
        Assert.Equal($"vox: {config}:4: training.base_model: there is no folder {Path.Combine(voice.Root, "model")}\n  download the model first; the folder holds config.json and model.safetensors\n", voice.Try().With(code: 2).Text);
        File.Delete(voice.PathOf("metadata.csv"));
        Assert.Equal($"vox: {config}:2: source.transcripts: there is no file {Path.Combine(voice.Root, "metadata.csv")}\n"
            + "  name the file that says what is spoken, relative to the file that names it; without texts leave source.transcripts and source.format out\n", voice.Try().With(code: 2).Text);
        Directory.Delete(voice.PathOf("recordings"), recursive: true);
        Assert.Equal($"vox: {config}:2: source.path: there is no folder {Path.Combine(voice.Root, "recordings")}\n  name the folder of the recordings, relative to the file that names it\n", voice.Try().With(code: 2).Text);
        File.Delete(config);
        Assert.Equal($"vox: {config}:1:1: no such file\n", voice.Try().With(code: 2).Text);
        Assert.Equal("vox: there is no configs/quickstart.yaml here\n  name the voice: --config my-voice.yaml\n", Vox.In(voice.Root).With(code: 2).Text);
        NothingWasStarted(voice);
    }

    [Theory]
    [InlineData("--target=Preproces", "vox: there is no target Preproces in the graph of voice\n  it has: Fetch, Extract, Inspect, Preprocess, Quality, Dataset, Report, Clean, Test\n")]
    [InlineData("--force=Nope", "vox: there is no target Nope in the graph of voice\n  it has: Fetch, Extract, Inspect, Preprocess, Quality, Dataset, Report, Clean, Test\n")]
    [InlineData("--dryrnu", "vox: there is no option '--dryrnu'\nTry 'vox --help'.\n")]
    [InlineData("--jobs=-3", "vox: --jobs=-3: expected a number of processor cores from 1 on\nTry 'vox --help'.\n")]
    [InlineData("--set=audio", "vox: --set audio: expected a key and a value, such as training.num_epochs=2\n")]
    public void A_wrong_option_is_refused_and_nothing_runs(string option, string message)
    {
        using var voice = new Voice(clips: 1);
        Assert.Equal(message, voice.Try(option).With(code: 2).Text);
        NothingWasStarted(voice);
    }

    [Fact]
    public void Paths_are_relative_to_the_file_that_names_them_wherever_one_stands()
    {
        using var voice = new Voice(clips: 2);
        var elsewhere = Directory.CreateDirectory(voice.PathOf("some/where else")).FullName;
        Vox.In(elsewhere, "--config", "../../configs/voice.yaml", "--target=Dataset").With(code: 0);
        Assert.True(File.Exists(Path.Combine(elsewhere, "out/voice/Dataset/train/metadata.csv")));
        Assert.True(File.Exists(voice.PathOf("configs/vox.lock")));
    }

    private static void NothingWasStarted(Voice voice)
    {
        Assert.False(Directory.Exists(Path.Combine(voice.Root, "out")));
        Assert.False(File.Exists(Path.Combine(voice.Root, "configs/vox.lock")));
    }
}
