using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>The small models of the golden vectors, beside a voice that begins with them: a codec, and of a language model what is read before training.</summary>
internal static class OrpheusModels
{
    /// <summary>What a configuration says of them.</summary>
    public const string Training = "audio: { sample_rate: 24000 }\ntraining: { family: orpheus, base_model: ../models/orpheus, orpheus: { codec: ../models/snac } }\n";

    /// <summary>Puts them where <see cref="Training"/> names them.</summary>
    public static void AddModels(this Voice voice)
    {
        (string From, string To)[] files =
            [
                ("snac/config.json", "snac/config.json"), ("snac/model.safetensors", "snac/model.safetensors"),
                ("tokenizer/tokenizer.json", "orpheus/tokenizer.json"), ("tokenizer/tokenizer_config.json", "orpheus/tokenizer_config.json"),
                ("e2e/config.json", "orpheus/config.json"), ("e2e/generation_config.json", "orpheus/generation_config.json"), ("e2e/model.safetensors", "orpheus/model.safetensors"),
            ];
        foreach (var (from, to) in files)
            File.Copy(TestFiles.Data($"golden/orpheus/{from}"), voice.PathOf($"models/{to}"));
    }
}
