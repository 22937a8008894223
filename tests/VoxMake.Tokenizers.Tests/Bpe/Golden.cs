using System.Text.Json;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Tokenizers.Tests.Bpe;

/// <summary>The tokenizer of the golden vectors, in its two layouts.</summary>
internal static class Golden
{
    public static readonly string[] Layouts = ["tokenizer.json", "tokenizer.merges-as-strings.json"];

    public static BpeTokenizer Tokenizer(string layout = "tokenizer.json") => BpeTokenizer.Load(TestFiles.Golden($"orpheus/tokenizer/{layout}"));

    public static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden(name))).RootElement;

    public static string Text(this JsonElement place, string name) => place.GetProperty(name).GetString()!;

    public static int[] Ids(this JsonElement place, string name) => [.. place.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
