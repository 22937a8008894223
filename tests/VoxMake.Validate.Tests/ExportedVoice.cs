using System.Text.Json.Nodes;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Validate.Tests;

/// <summary>The small Orpheus voice of the golden vectors as Export and Train leave one: a model's folder, a codec's, and what the trained network said.</summary>
internal sealed class ExportedVoice : IDisposable
{
    public const int EndOfSpeech = 1018;

    private static readonly Lazy<OrpheusSaid> Noted = new(Say);
    private readonly TemporaryFolder _folder = new();

    public ExportedVoice()
    {
        NeedsTorch.OrSkip();
        foreach (var name in new[] { "e2e/config.json", "e2e/model.safetensors", "tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json" })
            File.WriteAllBytes(_folder.File("model/" + Path.GetFileName(name)), File.ReadAllBytes(TestFiles.Data("golden/orpheus/" + name)));
        File.WriteAllText(_folder.File("model/generation_config.json"), new JsonObject { ["eos_token_id"] = new JsonArray(EndOfSpeech), ["repetition_penalty"] = 1.1, ["temperature"] = 0.05,
            ["top_p"] = 0.8, ["do_sample"] = true }.ToJsonString());
        File.WriteAllBytes(_folder.File("trained/said.json"), Said.ToJson());
    }

    public static OrpheusSaid Said => Noted.Value;
    public string Model => Path.Combine(_folder.Path, "model");
    public string Trained => Path.Combine(_folder.Path, "trained");
    public string Out => Path.Combine(_folder.Path, "out");
    public ModelFiles Files => ModelFiles.InFolder(Model);
    public static string Codec => TestFiles.Data("golden/orpheus/snac");

    /// <summary>A path beside model and trained.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Changes a JSON file of the model.</summary>
    public ExportedVoice With(string file, Action<JsonObject> change)
    {
        var path = Path.Combine(Model, file);
        var json = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
        return this;
    }

    /// <summary>Writes the weights anew, with some left out or of other numbers.</summary>
    /// <param name="change">Gets a tensor's name and numbers; gives other ones, or null to leave it out.</param>
    public ExportedVoice WithWeights(Func<string, float[], float[]?> change) => With(Path.Combine(Model, "model.safetensors"), change);

    /// <summary>The same of any file of float32.</summary>
    public ExportedVoice With(string path, Func<string, float[], float[]?> change)
    {
        var tensors = new List<TensorSource>();
        using (var file = SafetensorsFile.Open(path))
            foreach (var name in file.Tensors.Keys)
            {
                Assert.True(file.TryGet(name, out var tensor) && tensor.DType == DType.F32);
                var numbers = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.ToArray()).ToArray();
                if (change(name, numbers) is { } changed) tensors.Add(TensorSource.Of(name, DType.F32, tensor.Shape,
                    System.Runtime.InteropServices.MemoryMarshal.AsBytes(changed.AsSpan()).ToArray()));
            }
        File.Delete(path);
        SafetensorsWriter.Write(path, tensors);
        return this;
    }

    /// <summary>Another network, by chance, with heads of 32 numbers: the narrowest that vLLM serves. What was trained is what it says.</summary>
    public ExportedVoice WithWideHeads()
    {
        With("config.json", json => (json["head_dim"], json["num_attention_heads"], json["num_key_value_heads"]) = (32, 2, 1));
        var config = LlamaConfig.Read(Path.Combine(Model, "config.json"));
        using var model = LlamaModel.Random(config, new Generator(1));
        File.Delete(Path.Combine(Model, "model.safetensors"));
        Checkpoint.Save(model, Path.Combine(Model, "model.safetensors"));
        File.WriteAllBytes(Path.Combine(Trained, "said.json"), Say(model).ToJson());
        return this;
    }

    public static OrpheusIds Ids(string model) => OrpheusIds.Of(BpeTokenizer.Load(Path.Combine(model, "tokenizer.json")).IdOf, 64);

    private static OrpheusSaid Say()
    {
        using var directory = LlamaDirectory.Open(ModelFiles.Of([("config.json", TestFiles.Data("golden/orpheus/e2e/config.json")), ("model.safetensors",
            TestFiles.Data("golden/orpheus/e2e/model.safetensors"))]));
        using var model = directory.Model(Device.Cpu, ScalarType.Float);
        return Say(model);
    }

    private static OrpheusSaid Say(LlamaModel model)
    {
        var ids = Ids(Path.GetDirectoryName(TestFiles.Data("golden/orpheus/tokenizer/tokenizer.json"))!);
        var examples = JsonNode.Parse(File.ReadAllText(TestFiles.Data("golden/orpheus/e2e/expected.json")))!["examples"]!.AsArray();
        return new OrpheusSaid(Libtorch.Version, 1, "cpu", "fp32", [.. examples.Take(2).Select((example, n) => OrpheusSaidText.Of(
            model, ids, n, $"clip-{n}", (string)example!["text"]!, [.. example["prompt_ids"]!.AsArray().Select(id => (int)id!)], 48, 8, 7))]);
    }

    public void Dispose() => _folder.Dispose();
}
