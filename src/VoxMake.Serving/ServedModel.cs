using System.Text.Json;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch;

namespace VoxMake.Serving;

/// <summary>A model that is served: the network, its tokenizer, and what requests are held to.</summary>
/// <param name="Name">What clients call it.</param>
/// <param name="Root">The folder's name, for those who ask; not its path.</param>
/// <param name="MaxLength">Tokens of prompt and text together.</param>
/// <param name="Eos">The token that ends every text, if there is one: the tokenizer's, else the configuration's first.</param>
/// <param name="OtherEos">More ids of generation_config.json that end a text.</param>
public sealed record ServedModel(string Name, string Root, LlamaModel Network, BpeTokenizer Tokenizer, GenerationConfig Defaults, int MaxLength, int? Eos, IReadOnlyList<int> OtherEos)
{
    private readonly Lazy<int> _longestToken = new(() => LongestOf(Tokenizer));

    /// <summary>When it was loaded, in seconds since 1970.</summary>
    public long Created { get; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Bytes of the longest token: so many bytes of text at most can be one token.</summary>
    public int LongestToken => _longestToken.Value;

    /// <summary>Whether a request means this model; one that names none does.</summary>
    /// <exception cref="Api.ApiException">It means another.</exception>
    internal void CheckName(string? model)
    {
        if (!string.IsNullOrEmpty(model) && model != Name)
            throw new Api.ApiException(404, "NotFoundError", $"The model `{(model.Length > 200 ? model[..200] + "…" : model)}` does not exist. Valid aliases: {Name}.", "model");
    }

    /// <summary>Reads a folder as Hugging Face publishes it, with tokenizer.json.</summary>
    /// <param name="maxLength">Null: as long as the network can.</param>
    /// <param name="type">Null: as in the files.</param>
    /// <exception cref="ModelException">A file is missing or makes no sense; it is named.</exception>
    /// <exception cref="Torch.Weights.WeightsException">A file of weights breaks a rule of its format.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be used; file and place are named.</exception>
    public static ServedModel Open(string folder, string name, int? maxLength, ScalarType? type, Device device) =>
        Open(ModelFiles.InFolder(folder), folder, name, maxLength, type, device);

    /// <summary>The same of files, wherever they lie.</summary>
    /// <param name="folder">What messages call their folder, and clients are told the last part of.</param>
    /// <exception cref="ModelException">A file is missing or makes no sense; it is named.</exception>
    /// <exception cref="Torch.Weights.WeightsException">A file of weights breaks a rule of its format.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be used; file and place are named.</exception>
    public static ServedModel Open(ModelFiles files, string folder, string name, int? maxLength, ScalarType? type, Device device)
    {
        using var directory = LlamaDirectory.Open(files);
        var config = directory.Config;
        if (maxLength > config.MaxPositionEmbeddings)
            throw new ModelException($"{folder}: --max-model-len is {maxLength}; the network's context has {config.MaxPositionEmbeddings} tokens (max_position_embeddings)");
        var tokenizer = BpeTokenizer.Load(directory.Files["tokenizer.json"]);
        if (tokenizer.Count > config.VocabSize)
            throw new ModelException($"{folder}: tokenizer.json has {tokenizer.Count} tokens, and config.json a vocab_size of {config.VocabSize}; the two are of other models");
        var eos = TokenizerEos(directory.Files, tokenizer) ?? (config.EosTokenIds is [var first, ..] ? first : null);
        using var scope = new TensorScope();
        return new ServedModel(
            name, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), directory.Model(device, type), tokenizer, directory.Generation,
            maxLength ?? config.MaxPositionEmbeddings, eos, [.. directory.Generation.EosTokenIds.Where(id => id != eos)]);
    }

    private static int? TokenizerEos(ModelFiles files, BpeTokenizer tokenizer)
    {
        const long longest = 16 << 20; // published ones that list every token have some hundred kilobytes
        if (!files.TryGet("tokenizer_config.json", out var path)) return null;
        var name = files.Shown("tokenizer_config.json");
        if (new FileInfo(path).Length > longest) throw new ModelException($"{name}: it is longer than {longest >> 20} MB, which no tokenizer's configuration is");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (!json.RootElement.TryGetProperty("eos_token", out var token)) return null;
            if (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("content", out var content)) token = content;
            return token.ValueKind == JsonValueKind.String ? tokenizer.IdOf(token.GetString()!) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) { throw new ModelException($"{name}: it is no JSON object that can be read: {error.Message}", error); }
    }

    private static int LongestOf(BpeTokenizer tokenizer)
    {
        var longest = 1;
        for (var id = 0; id < tokenizer.Count; id++)
        {
            try { longest = Math.Max(longest, tokenizer.Bytes(id).Length); }
            catch (TokenizerException) { } // not every id up to the largest has a token
        }
        return longest;
    }
}
