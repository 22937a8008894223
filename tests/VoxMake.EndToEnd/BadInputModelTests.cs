using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>A base model that cannot be trained on is refused within seconds, before any recording is prepared, and nothing in it is ever run.</summary>
public class BadInputModelTests
{
    /// <summary>Of the base model's rate, one thread; what is given is further keys of training.</summary>
    private static string From(string more = "") => $"audio: {{ sample_rate: 16000 }}\ntraining: {{ base_model: ../model, num_epochs: 1, batch_size: 2, segment_size: 2048, validation_sentences: 1, device: cpu{more} }}\n";

    /// <summary>What is said of a base model, by the check that the host's preflight asks for.</summary>
    private static string Refusal(Action<BaseModel> damage)
    {
        using var folder = new TemporaryFolder();
        var model = new BaseModel(folder.File("model"));
        damage(model);
        var said = Vox.Tool(folder.Path, "vox-train", "base", model.Folder, "16000").With(code: 2);
        Assert.Empty(said.Out);
        Assert.StartsWith("vox-train: ", said.Error, StringComparison.Ordinal);
        return said.Error["vox-train: ".Length..].Replace(model.Folder + "/", "", StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_host_asks_before_the_first_recording_is_looked_at()
    {
        using var voice = new Voice(clips: 1, extra: From());
        var model = new BaseModel(voice.PathOf("model"));
        var place = $"vox: {voice.PathOf("configs/voice.yaml")}:5: training.base_model: {model.Folder}";
        model.Set("vocab.json", "a", -7);
        Assert.Equal($"{place}: vocab.json: the id of 'a' is -7; expected 0 to 65535\n  download the model again, or choose another one\n", voice.Try("--jobs", "1").With(code: 2).Text);
        model.Cut("model.safetensors", 5);
        model.Set("vocab.json", "a", 8);
        Assert.Equal($"{place}/model.safetensors: 5 bytes: too short, at least 8 were expected; was the download cut?\n  download the model again, or choose another one\n", voice.Try("--jobs", "1").With(code: 2).Text);
        Assert.False(Directory.Exists(Path.Combine(voice.Root, "out/voice/Fetch")), "something was begun");
        voice.Try("--jobs", "1", "--target=Dataset").With(code: 0); // of no concern to who only prepares data
    }

    private const string Parts = "; a model as published holds config.json, the tokenizer's files, and model.safetensors (or its shards and their index) or pytorch_model.bin";

    [SkippableTheory]
    [InlineData("vocab.json", "the model has no vocab.json" + Parts + "\n")]
    [InlineData("tokenizer_config.json", "the model has no tokenizer_config.json" + Parts + "\n")]
    [InlineData("model.safetensors", "model.safetensors: there is none, and no pytorch_model.bin either\n")]
    public void A_file_that_is_missing_is_named(string file, string message) => Assert.Equal(message, Refusal(model => File.Delete(model.PathOf(file))));

    [SkippableTheory]
    [InlineData("model.safetensors", 1_000_000, "model.safetensors: tensor 'duration_predictor.flows.1.conv_dds.convs_pointwise.2.weight': data_offsets end at 938192, but only 936080 bytes follow the header; was the download cut?\n")]
    [InlineData("model.safetensors", 5, "model.safetensors: 5 bytes: too short, at least 8 were expected; was the download cut?\n")]
    [InlineData("vocab.json", 100, "vocab.json cannot be read: line 11 is no JSON; was the download cut?\n")]
    public void A_file_that_was_cut_is_named(string file, int bytes, string message) => Assert.Equal(message, Refusal(model => model.Cut(file, bytes)));

    [SkippableTheory]
    [InlineData("hidden_size", "65536", "config.json describes a network of some 657216989664 numbers, model.safetensors holds 466544; they are not of one model\n")]
    [InlineData("hidden_size", "99999999999", "config.json cannot be read: hidden_size is of another kind than in a configuration of VITS, or beyond all bounds\n")]
    [InlineData("num_hidden_layers", "-1", "config.json: num_hidden_layers is -1; expected 1 to 65536\n")]
    [InlineData("upsample_rates", "[1000, 1000, 1000, 1000]", "config.json: upsample_kernel_sizes is 16; expected 1000 to 4096\n")]
    [InlineData("upsample_rates", "{}", "config.json cannot be read: upsample_rates is of another kind than in a configuration of VITS, or beyond all bounds\n")]
    public void Hostile_numbers_take_no_memory(string field, string value, string message) => Assert.Equal(message, Refusal(model => model.Set("config.json", field, JsonNode.Parse(value))));

    [SkippableFact]
    public void Weights_of_another_shape_are_named()
    {
        var said = Refusal(model => model.Set("config.json", "ffn_dim", 97));
        Assert.StartsWith("the base model does not fit: model.safetensors does not fit VitsModel: text_encoder.encoder.layers.0.feed_forward.conv_1.weight has the shape [64, 32, 3], not [97, 32, 3]; ", said, StringComparison.Ordinal);
        Assert.EndsWith("\n  take all files of one published or exported model; without its discriminator a fresh one is trained\n", said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_pickle_that_would_run_a_program_is_refused_and_runs_nothing()
    {
        var proof = Path.Combine(Path.GetTempPath(), $"voxmake-executed-{Guid.NewGuid():N}");
        var said = Refusal(model =>
        {
            File.Delete(model.PathOf("model.safetensors"));
            using var zip = ZipFile.Open(model.PathOf("pytorch_model.bin"), ZipArchiveMode.Create);
            using (var version = zip.CreateEntry("archive/version", CompressionLevel.NoCompression).Open()) version.Write("3\n"u8);
            using var pickle = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open();
            var command = Encoding.ASCII.GetBytes($"touch {proof}");
            pickle.Write([0x80, 2, .. "cos\nsystem\n"u8, (byte)'X', .. BitConverter.GetBytes(command.Length), .. command, 0x85, (byte)'R', (byte)'.']); // os.system("touch …")
        });
        Assert.False(File.Exists(proof));
        Assert.Contains("refused: the file wants to call os.system; a model file must hold only tensors and plain containers", said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Phonemes_are_not_to_be_had() => Assert.Equal(
        "tokenizer_config.json: phonemize is true: texts must become phonemes first, which this version cannot do; choose a model whose tokenizer reads characters (the MMS ones do)\n",
        Refusal(model => model.Set("tokenizer_config.json", "phonemize", true)));

    [SkippableFact]
    public void Another_sample_rate_than_the_base_models_is_refused_before_anything_is_looked_at()
    {
        using var voice = new Voice(clips: 1, extra: From().Replace("sample_rate: 16000", "sample_rate: 22050", StringComparison.Ordinal));
        var model = new BaseModel(voice.PathOf("model"));
        foreach (var option in new[] { "--target=Train", "--dryrun" })
            Assert.Equal($"vox: {voice.PathOf("configs/voice.yaml")}:4: audio.sample_rate: it is 22050 Hz, but the base model speaks at 16000 Hz (sampling_rate in {model.Folder}/config.json); both must be the same\n"
                + "  set audio.sample_rate to 16000; the recordings are then brought to that\n", voice.Try(option).With(code: 2).Text);
        Assert.False(Directory.Exists(Path.Combine(voice.Root, ".vox")));
    }

    [SkippableFact]
    public void A_machine_without_libtorch_is_told_what_to_install_but_may_prepare_data()
    {
        using var voice = new Voice(clips: 1, extra: From());
        new BaseModel(voice.PathOf("model"));
        var empty = Directory.CreateDirectory(voice.PathOf("nothing")).FullName;
        voice.Variables["VOX_TORCH"] = empty;
        Assert.Equal($"vox: no libtorch was found (VOX_TORCH={empty}: no lib/libtorch.so and include/torch/csrc there). Install it: apt-get install libtorch-dev libopenblas0-pthread g++, or set VOX_TORCH to the folder of a PyTorch\n",
            voice.Try("--target=Train").With(code: 2).Text);
        Assert.False(Directory.Exists(Path.Combine(voice.Root, "out/voice/Fetch")));
        voice.Try("--target=Dataset").With(code: 0);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Characters_that_the_base_lacks_are_listed_before_training_and_added()
    {
        using var voice = new Voice(extra: From());
        foreach (var (number, text) in new[] { (0, "Sei šo goñ wie šu."), (1, "Noch ein š ist da."), (2, "Hier ist keines mehr."), (3, "Und hier auch nicht.") }) voice.AddClip(number, text: text);
        voice.Transcripts();
        new BaseModel(voice.PathOf("model"));
        var said = voice.Try("--jobs", "1", "--target=Export", "--set", "dataset.train_split=1", "--set", "dataset.val_split=0").With(code: 0);
        Assert.Contains("the base model lacks 2 characters of the texts, for which rows are added: 'š' (3 times), 'ñ' (1 times)", said.Text, StringComparison.Ordinal);
        Assert.Equal(["ñ", "š"], JsonNode.Parse(File.ReadAllText(Path.Combine(voice.Root, "out/voice/Export/vocab.json")))!.AsObject().Select(pair => pair.Key).Where(key => key is "š" or "ñ").Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void A_model_that_wants_uroman_takes_Latin_letters_and_refuses_others_by_name()
    {
        using var voice = new Voice(extra: From());
        for (var number = 0; number < 3; number++) voice.AddClip(number, text: number == 1 ? "Привет, как дела?" : "Latin letters are well.");
        voice.Transcripts();
        new BaseModel(voice.PathOf("model")).Set("tokenizer_config.json", "is_uroman", true);
        var said = voice.Try("--jobs", "1", "--target=Train").With(code: 2);
        Assert.Contains("tokenizer_config.json: is_uroman is true: texts must be in Latin letters, and 'П' is none; write the text in Latin letters (the uroman program does it), or choose a model of another script", said.Text, StringComparison.Ordinal);
        File.WriteAllText(voice.PathOf("metadata.csv"), File.ReadAllText(voice.PathOf("metadata.csv")).Replace("Привет, как дела", "Privet, kak dela", StringComparison.Ordinal));
        voice.Try("--jobs", "1", "--target=Train").With(code: 0);
    }
}
