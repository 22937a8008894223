using System.Text.Json.Nodes;

namespace VoxMake.Models.Whisper;

/// <summary>The shape of a Whisper network: <c>config.json</c> of Hugging Face transformers, with its names and defaults. Fields that say nothing of the network are passed over.</summary>
/// <param name="VocabSize">51864 in English-only models, 51865 with 99 languages, 51866 with 100.</param>
/// <param name="NumMelBins">80; 128 from large-v3 on.</param>
/// <param name="DModel">Width of encoder and decoder.</param>
/// <param name="MaxSourcePositions">Positions of the encoder's output for one window (1500); the window has twice as many frames of 10 ms.</param>
/// <param name="MaxTargetPositions">Longest text with what stands before it, in tokens (448).</param>
/// <param name="MedianFilterWidth">Frames of the filter over attention for word times; odd.</param>
/// <param name="EosTokenId">Ends a text.</param>
/// <param name="DecoderStartTokenId">Begins a text.</param>
/// <param name="SuppressTokens">Never written, as older directories say it here and not in generation_config.json; null where the file does not say.</param>
public sealed record WhisperConfig(
    int VocabSize,
    int NumMelBins,
    int DModel,
    int EncoderLayers,
    int EncoderAttentionHeads,
    int EncoderFfnDim,
    int DecoderLayers,
    int DecoderAttentionHeads,
    int DecoderFfnDim,
    int MaxSourcePositions,
    int MaxTargetPositions,
    int MedianFilterWidth = 7,
    int EosTokenId = 50257,
    int DecoderStartTokenId = 50258,
    IReadOnlyList<int>? SuppressTokens = null)
{
    /// <summary>Frames of the log-mel spectrogram that a window has.</summary>
    public int Frames => 2 * MaxSourcePositions;

    /// <summary>Reads and checks a <c>config.json</c>.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ModelException">It cannot be read, is no JSON, or describes another network; the message names the field.</exception>
    public static WhisperConfig Read(string path, string name)
    {
        var json = TransformersJson.Read(path, name);
        var fields = new JsonFields(json, name);
        var type = fields.Text("model_type") ?? throw fields.Missing("model_type");
        if (type != "whisper") throw new ModelException($"{name}: model_type is {type}; expected whisper");
        if (fields.Text("activation_function") is { } act and not "gelu") throw new ModelException($"{name}: activation_function is {act}; Whisper has gelu");
        if (fields.Flag("scale_embedding") is true) throw new ModelException($"{name}: scale_embedding is true; in Whisper embeddings are not scaled");
        if (fields.Flag("tie_word_embeddings") is false) throw new ModelException($"{name}: tie_word_embeddings is false; Whisper's head is its embedding");
        if (json.ContainsKey("quantization_config")) throw new ModelException($"{name}: the weights are quantised (quantization_config); take the checkpoint in float16 or float32");
        int Size(string field, int most, int otherwise) => fields.Size(field, most) ?? otherwise;
        var config = new WhisperConfig(
            fields.Size("vocab_size", 1 << 20) ?? throw fields.Missing("vocab_size"),
            Size("num_mel_bins", 1024, 80),
            fields.Size("d_model", 1 << 16) ?? throw fields.Missing("d_model"),
            fields.Size("encoder_layers", 1 << 10) ?? throw fields.Missing("encoder_layers"),
            fields.Size("encoder_attention_heads", 1 << 10) ?? throw fields.Missing("encoder_attention_heads"),
            fields.Size("encoder_ffn_dim", 1 << 20) ?? throw fields.Missing("encoder_ffn_dim"),
            fields.Size("decoder_layers", 1 << 10) ?? throw fields.Missing("decoder_layers"),
            fields.Size("decoder_attention_heads", 1 << 10) ?? throw fields.Missing("decoder_attention_heads"),
            fields.Size("decoder_ffn_dim", 1 << 20) ?? throw fields.Missing("decoder_ffn_dim"),
            Size("max_source_positions", 1 << 16, 1500),
            Size("max_target_positions", 1 << 16, 448),
            Size("median_filter_width", 1 << 10, 7),
            fields.Ids("eos_token_id") is [var eos, ..] ? eos : 50257,
            fields.Ids("decoder_start_token_id") is [var start, ..] ? start : 50258,
            json["suppress_tokens"] is JsonArray ? fields.Ids("suppress_tokens") : null);
        foreach (var (heads, field) in new[] { (config.EncoderAttentionHeads, "encoder_attention_heads"), (config.DecoderAttentionHeads, "decoder_attention_heads") })
            if (config.DModel % heads != 0) throw new ModelException($"{name}: d_model {config.DModel} cannot be shared among {heads} heads ({field})");
        if (config.MedianFilterWidth % 2 == 0) throw new ModelException($"{name}: median_filter_width is {config.MedianFilterWidth}; expected an odd number");
        return config;
    }
}
