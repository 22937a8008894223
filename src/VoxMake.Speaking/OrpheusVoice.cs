using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Snac;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch;

namespace VoxMake.Speaking;

/// <summary>
/// All of an Orpheus voice but the network that writes its tokens: tokenizer, ids, codec. Whoever has the network (a batching server, a training run, <see cref="OrpheusSpeaker"/>) drives it. Several
/// threads may speak with it at once.
/// </summary>
public sealed class OrpheusVoice : IDisposable
{
    private readonly BpeTokenizer _people; // reads what they write as text, whatever stands in it
    private readonly OrpheusPrompt _prompt;

    /// <param name="config">Of the network.</param>
    /// <param name="generation">Of the network; its ids that end a text end speech too.</param>
    /// <param name="codec">Disposed with the voice.</param>
    /// <param name="names">Voices that the network was trained with; empty where none are told, then any name goes.</param>
    /// <exception cref="ModelException">The three are not of one voice: the message says which ids are missing or beyond the network's.</exception>
    public OrpheusVoice(BpeTokenizer tokenizer, LlamaConfig config, GenerationConfig generation, SnacModel codec, IReadOnlyList<string>? names = null)
    {
        (_people, Codec, Names, ContextTokens) = (tokenizer.Finding(token => !OrpheusIds.IsReserved(token.Content, token.IsSpecial)), codec, names ?? [], config.MaxPositionEmbeddings);
        var size = codec.Config.CodebookSize;
        Ids = OrpheusIds.Of(tokenizer.IdOf, size);
        if (tokenizer.IdOf($"<custom_token_{10 + 2 * AudioFrames.Slots * size}>") is not null)
            throw new ModelException($"the tokenizer has codes of sound for a larger codebook than the codec's, which has {size}; the codec is of another voice");
        var last = Math.Max(Ids.AudioEnd - 1, Ids.Controls.Max());
        if (last >= config.VocabSize)
            throw new ModelException($"config.json: vocab_size is {config.VocabSize}, and the tokenizer's codes of sound go up to the id {last}; the network is not one for speech");
        _ = new SnacStream(codec); // refuses a codec of other strides
        _prompt = new OrpheusPrompt(Ids);
        int?[] ends = [Ids.EndOfSpeech, Ids.EndOfAi, Ids.EndOfTurn, Ids.EndOfHuman, tokenizer.IdOf("<|end_of_text|>"), .. generation.EosTokenIds, .. config.EosTokenIds];
        Ends = ends.OfType<int>().Where(id => !Ids.IsAudio(id) && id != Ids.StartOfSpeech && id != Ids.StartOfAi).ToHashSet();
    }

    /// <summary>Opens a voice without its network.</summary>
    /// <param name="model">config.json, tokenizer.json, and where there are generation_config.json and <see cref="VoicesFile"/>.</param>
    /// <param name="codec">As <see cref="SnacDirectory"/> reads it.</param>
    /// <param name="device">Where the codec is to be.</param>
    /// <exception cref="ModelException">A file is missing or makes no sense, or they are not of one voice.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be used.</exception>
    /// <exception cref="Torch.Weights.WeightsException">The codec's weights break a rule of their format.</exception>
    /// <exception cref="Torch.Native.TorchException">The codec's weights are not those of its configuration, or there is no libtorch.</exception>
    public static OrpheusVoice Open(ModelFiles model, ModelFiles codec, Device device)
    {
        var config = LlamaConfig.Read(model["config.json"], model.Shown("config.json"));
        var generation = model.TryGet("generation_config.json", out var path) ? GenerationConfig.Read(path, model.Shown("generation_config.json")) : new GenerationConfig();
        var names = VoicesFile.Read(model)?.Select(voice => voice.Id).ToList();
        var tokenizer = BpeTokenizer.Load(model["tokenizer.json"]);
        var snac = SnacDirectory.Load(codec);
        try
        {
            if (device != Device.Cpu) snac.MoveTo(device);
            return new OrpheusVoice(tokenizer, config, generation, snac, names);
        }
        catch
        {
            snac.Dispose();
            throw;
        }
    }

    /// <summary>Hz of what is spoken.</summary>
    public int SampleRate => Codec.Config.SamplingRate;

    /// <summary>Voices that the model says it was trained with; empty where it does not say.</summary>
    public IReadOnlyList<string> Names { get; }

    public OrpheusIds Ids { get; }
    public SnacModel Codec { get; }

    /// <summary>Tokens that end speech: of speech, of the model's turn, of the text.</summary>
    public IReadOnlySet<int> Ends { get; }

    /// <summary>Tokens of prompt and speech together, for each piece.</summary>
    public int ContextTokens { get; }

    /// <summary>Makes ready to speak a text; tokens are drawn when the speech is read.</summary>
    /// <param name="driver">Writes tokens for a task until one of its stop ids or as many as it allows. It is asked for one piece after the other, and again where a piece is drawn anew; what it
    /// writes further is not read.</param>
    /// <exception cref="ModelException">The text cannot be spoken, a value is out of range, or the voice has another name.</exception>
    public Speech Speak(SpeakRequest request, Func<LlamaTask, CancellationToken, IAsyncEnumerable<int>> driver)
    {
        RequestCheck.Check(request);
        CheckName(request.Voice);
        var name = request.Voice ?? (Names.Count > 0 ? Names[0] : null);
        var text = new SpokenText(request.Text, request.Language, request.Texts);
        return new Speech(this, request, [.. text.Pieces.Select(piece =>
        {
            var asked = name is null ? piece : $"{name}: {piece}";
            return new SpokenPiece(piece, _prompt.Prompt(TextIds(asked)), text.MostFrames(piece, request.Length), Seed(request.Seed, asked));
        })], driver);
    }

    /// <summary>Whether a text can be spoken with a name: one of <see cref="Names"/>, any where the model does not say which it has, or none.</summary>
    /// <exception cref="ModelException">It cannot; the message lists those that the model has.</exception>
    public void CheckName(string? voice)
    {
        if (voice is null) return;
        if (Names.Count == 0) RequestCheck.CheckName(voice);
        else if (!Names.Contains(voice)) throw new ModelException($"the model has no voice '{voice}'; it has {string.Join(", ", Names.Take(10))}{(Names.Count > 10 ? " and others" : "")}");
    }

    private int[] TextIds(string text)
    {
        try
        {
            var ids = _people.Encode(text, addSpecialTokens: true);
            return ids is [var first, ..] && first == Ids.BeginOfText ? ids : [Ids.BeginOfText, .. ids];
        }
        catch (TokenizerException error) { throw new ModelException(error.Message, error); }
    }

    /// <summary>The first 8 bytes of SHA-256 of the seed, a line feed and the text, as for VITS: a piece is the same sound wherever it stands.</summary>
    private static long Seed(long seed, string text) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{text}"))));

    public void Dispose() => Codec.Dispose();
}
