using System.Text.Json.Nodes;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Weights;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Tests.Weights;

namespace VoxMake.Models.Tests.Vits;

[Collection("libtorch")]
public class VitsDirectoryGoldenTests
{
    public VitsDirectoryGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void A_directory_speaks_a_text_as_transformers_speaks_it(string name)
    {
        using var golden = new GoldenVits(name);
        using var voice = new GoldenVoice(name);
        using var directory = VitsDirectory.Open(voice.Folder);
        using var model = directory.Model();
        var ids = directory.Tokenizer.Encode(voice.Texts[1]);
        var speech = model.Speak(Tensor.From<long>(ids, 1, ids.Length), speaking: new VitsSpeaking(voice.Speaker, NoiseScale: 0, NoiseScaleDuration: 0));
        golden.Absolute("infer.second_alone.waveform", speech.Waveform, 2e-5);
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void What_is_written_has_the_names_shapes_and_fields_of_save_pretrained(string name)
    {
        using var voice = new GoldenVoice(name);
        using var written = new TemporaryFolder();
        using (var directory = VitsDirectory.Open(voice.Folder))
        using (var model = directory.Model()) VitsDirectory.Write(written.Path, model, directory.Tokenizer);

        using var theirs = SafetensorsFile.Open(voice["model.safetensors"]);
        using var ours = SafetensorsFile.Open(written.File("model.safetensors"));
        var spelled = WeightNorm.OneSpelling(theirs.Tensors, "golden");
        Assert.Equal(spelled.Keys.Order(), ours.Tensors.Keys.Order());
        foreach (var (tensor, view) in spelled)
        {
            Assert.Equal(view.Shape, ours[tensor].Shape);
            Assert.Equal(view.DType, ours[tensor].DType);
            Assert.True(view.Bytes.SequenceEqual(ours[tensor].Bytes), tensor);
        }
        Assert.Equal("pt", ours.Metadata["format"]);

        var (before, after) = (Json(Path.Combine(voice.Source, "config.json")), Json(written.File("config.json")));
        before.Remove("transformers_version"); // we are none
        Assert.Equal("float32", after["torch_dtype"]!.GetValue<string>()); // what transformers 4 calls dtype
        after.Remove("torch_dtype");
        Assert.Equal(before.Select(field => field.Key).Order(), after.Select(field => field.Key).Order());
        foreach (var (field, value) in before) Assert.Equal(value?.ToJsonString(), after[field]?.ToJsonString());
    }

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void A_voice_that_is_written_and_read_again_speaks_the_same_bits_and_is_written_as_the_same_bytes(string name)
    {
        using var voice = new GoldenVoice(name);
        using var written = new TemporaryFolder();
        using var directory = VitsDirectory.Open(voice.Folder);
        using (var model = directory.Model()) VitsDirectory.Write(written.Path, model, directory.Tokenizer);
        using var again = VitsDirectory.Open(written.Path);
        using (var model = again.Model()) VitsDirectory.Write(written.File("twice"), model, again.Tokenizer);
        foreach (var text in voice.Texts) Assert.Equal(Speak(directory, text, voice.Speaker), Speak(again, text, voice.Speaker));
        foreach (var file in Directory.EnumerateFiles(written.Path)) Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(written.File(Path.Combine("twice", Path.GetFileName(file)))));
    }

    [SkippableFact]
    public void Files_may_lie_anywhere_under_any_name()
    {
        using var voice = new GoldenVoice("multi");
        using var blobs = new TemporaryFolder();
        using var there = VitsDirectory.Open(voice.Folder);
        using var elsewhere = VitsDirectory.Open(ModelFiles.Of([.. voice.Files.Names.Select((name, i) =>
        {
            File.Copy(voice[name], blobs.File($"{i:x4}"));
            return (name, blobs.File($"{i:x4}"));
        })]));
        Assert.Equal(Speak(there, voice.Texts[0], voice.Speaker), Speak(elsewhere, voice.Texts[0], voice.Speaker));
    }

    [SkippableFact]
    public void Weights_of_torch_save_are_read_where_there_are_no_safetensors()
    {
        using var voice = new GoldenVoice("multi");
        float[] expected;
        using (var directory = VitsDirectory.Open(voice.Folder)) expected = Speak(directory, voice.Texts[0], voice.Speaker);
        var pickle = new PickleBytes().Op("}");
        var records = new List<ZipRecord>();
        using (var file = SafetensorsFile.Open(voice["model.safetensors"]))
            foreach (var (name, view) in file.Tensors)
            {
                var strides = view.Strides.Select(stride => (int)stride).ToArray();
                pickle.Text(name).Rebuild($"{records.Count}", (int)view.ElementCount, 0, [.. view.Shape.Select(size => (int)size)], strides).Op("s");
                records.Add(new ZipRecord($"pytorch_model/data/{records.Count}", view.ToArray()));
            }
        File.WriteAllBytes(voice["pytorch_model.bin"], ZipBytes.Of([new ZipRecord("pytorch_model/data.pkl", pickle.Stop()), .. records]));
        File.Delete(voice["model.safetensors"]);
        using var read = VitsDirectory.Open(voice.Folder);
        Assert.EndsWith("pytorch_model.bin", read.WeightsName);
        Assert.Equal(expected, Speak(read, voice.Texts[0], voice.Speaker));
    }

    [SkippableFact]
    public void Weights_in_several_files_are_read_wherever_they_lie()
    {
        using var voice = new GoldenVoice("multi");
        float[] expected;
        using (var directory = VitsDirectory.Open(voice.Folder)) expected = Speak(directory, voice.Texts[0], voice.Speaker);
        File.Move(voice["model.safetensors"], voice["model-00001-of-00001.safetensors"]);
        var map = new JsonObject();
        using (var file = SafetensorsFile.Open(voice["model-00001-of-00001.safetensors"]))
            foreach (var name in file.Tensors.Keys) map[name] = "model-00001-of-00001.safetensors";
        File.WriteAllText(voice["model.safetensors.index.json"], new JsonObject { ["weight_map"] = map }.ToJsonString());
        using (var directory = VitsDirectory.Open(voice.Folder)) Assert.Equal(expected, Speak(directory, voice.Texts[0], voice.Speaker));
        var files = voice.Files.Names.Select(name => (name, voice[name])).ToList();
        File.Move(voice["model-00001-of-00001.safetensors"], voice["a-shard-under-another-name"]);
        files[files.FindIndex(file => file.name.StartsWith("model-0", StringComparison.Ordinal))] = ("model-00001-of-00001.safetensors", voice["a-shard-under-another-name"]);
        using (var directory = VitsDirectory.Open(ModelFiles.Of(files))) Assert.Equal(expected, Speak(directory, voice.Texts[0], voice.Speaker));
        files.RemoveAll(file => file.name.StartsWith("model-0", StringComparison.Ordinal));
        Assert.Contains("names the shard 'model-00001-of-00001.safetensors', which the model does not have", Assert.Throws<WeightsException>(() => VitsDirectory.Open(ModelFiles.Of(files))).Message);
    }

    private static float[] Speak(VitsDirectory directory, string text, int? speaker)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(7);
        using var model = directory.Model();
        var ids = directory.Tokenizer.Encode(text);
        return model.Speak(Tensor.From<long>(ids, 1, ids.Length), speaking: new VitsSpeaking(speaker, Generator: generator)).Waveform.ToArray<float>();
    }

    private static JsonObject Json(string path) => JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
}
