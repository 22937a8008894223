using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Models.Vits;

namespace VoxMake.Models.Tests.Vits;

/// <summary>A network of transformers with the tokenizer that its texts were read by, as one directory to break in tests.</summary>
internal sealed class GoldenVoice : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="name"><c>single</c> or <c>multi</c>.</param>
    public GoldenVoice(string name)
    {
        var info = TestFiles.Golden("vits/hf/info.json");
        using var parsed = JsonDocument.Parse(File.ReadAllBytes(info));
        var model = parsed.RootElement.GetProperty("models").GetProperty(name);
        Source = Path.GetDirectoryName(TestFiles.Golden($"vits/hf/{name}/config.json"))!;
        Texts = [.. model.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        Speaker = model.GetProperty("speaker_id") is { ValueKind: JsonValueKind.Number } speaker ? speaker.GetInt32() : null;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(info)!, model.GetProperty("tokenizer").GetString()!)).Append(Path.Combine(Source, "config.json")).Append(Path.Combine(Source, "model.safetensors")))
            File.WriteAllBytes(this[Path.GetFileName(file)], File.ReadAllBytes(file));
    }

    /// <summary>Where save_pretrained left the network.</summary>
    public string Source { get; }

    public string Folder => _folder.Path;
    public IReadOnlyList<string> Texts { get; }
    public int? Speaker { get; }
    public string this[string file] => _folder.File(file);
    public ModelFiles Files => ModelFiles.InFolder(Folder);

    /// <summary>Changes a field of config.json.</summary>
    public void Set(string field, JsonNode? value)
    {
        var json = JsonNode.Parse(File.ReadAllBytes(this["config.json"]))!;
        json[field] = value;
        File.WriteAllText(this["config.json"], json.ToJsonString());
    }

    public void Dispose() => _folder.Dispose();
}
