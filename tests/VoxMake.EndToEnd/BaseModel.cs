using System.Text.Json.Nodes;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>A small published model in a folder of its own, to be damaged (without the golden vectors the test is skipped): 16 kHz, one speaker, the letters of German and Kurmanji.</summary>
internal sealed class BaseModel
{
    public BaseModel(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        foreach (var file in new[] { "single/config.json", "single/model.safetensors", "tokenizer_a/vocab.json", "tokenizer_a/tokenizer_config.json", "tokenizer_a/added_tokens.json" })
            File.Copy(TestFiles.Golden($"vits/hf/{file}"), PathOf(Path.GetFileName(file)));
    }

    public string Folder { get; }

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Gives a field of a JSON file another value.</summary>
    public void Set(string file, string field, JsonNode? value)
    {
        var json = JsonNode.Parse(File.ReadAllText(PathOf(file)))!.AsObject();
        json[field] = value;
        File.WriteAllText(PathOf(file), json.ToJsonString());
    }

    /// <summary>Keeps only the first bytes of a file.</summary>
    public void Cut(string file, int bytes) => File.WriteAllBytes(PathOf(file), File.ReadAllBytes(PathOf(file))[..bytes]);
}
