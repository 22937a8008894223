using VoxMake.Models.Whisper;
using VoxMake.Protocol;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Speech.Tests.Tools;

/// <summary>A random network over the 256 bytes as its vocabulary, with windows of four seconds.</summary>
internal static class SmallWhisper
{
    /// <summary>Writes it as a folder <c>model</c>; gives its files, named relative to <paramref name="folder"/>.</summary>
    public static List<InputFile> In(TemporaryFolder folder)
    {
        var config = new WhisperConfig(256 + 107 + 201, 80, 32, 2, 4, 64, 2, 4, 64, 200, 120);
        using (var network = WhisperModel.Random(config, new Generator(11), 0.4)) Checkpoint.Save(network, folder.File("model/model.safetensors"));
        File.WriteAllText(folder.File("model/config.json"), """
            {"model_type":"whisper","vocab_size":564,"num_mel_bins":80,"d_model":32,"encoder_layers":2,"encoder_attention_heads":4,"encoder_ffn_dim":64,"decoder_layers":2,"decoder_attention_heads":4,
            "decoder_ffn_dim":64,"max_source_positions":200,"max_target_positions":120}
            """);
        File.WriteAllText(folder.File("model/generation_config.json"), """{"is_multilingual": true, "alignment_heads": [[0, 1], [1, 3]], "suppress_tokens": []}""");
        File.WriteAllLines(folder.File("model/small.tiktoken"), Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}"));
        return [.. Directory.GetFiles(folder.File("model")).Select(path => new InputFile(Path.GetFileName(path), "model/" + Path.GetFileName(path), Digest.OfFile(path), new FileInfo(path).Length))];
    }
}
