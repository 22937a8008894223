using System.Runtime.CompilerServices;
using VoxMake.Models;
using VoxMake.Models.Generation;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Serving.Api;
using VoxMake.Serving.Engine;
using VoxMake.Text.Bpe;
using VoxMake.Text.Speech;
using VoxMake.Torch;

namespace VoxMake.Serving.Speech;

/// <summary>
/// Speaks: texts in pieces of some sentences, one piece after the other, each as the model has learned it. Sound comes with every frame, while the engine writes on. Only ids that may stand where
/// they stand can be chosen, and a piece that hangs in a loop is ended.
/// </summary>
internal sealed class Speaker(SpeakerModel speaker, ServedModel model) : IDisposable
{
    /// <summary>Characters of a piece: half a minute of speech.</summary>
    private const int LongestPiece = 300;

    /// <summary>Tokens of sound that a text of so many characters may become, for memory is set aside for them: half more than slow speech takes (83 tokens are a second, slow speech has eight
    /// characters in one), and as many as orpheus_tts gives any text, for a few digits are many words.</summary>
    private const int TokensPerCharacter = 16, LeastTokens = 1200;

    private const int LoopEvery = 12; // frames between two looks for a loop: a second

    private readonly WorkThread _codec = new("codec");
    private readonly OrpheusPrompt _prompt = new(speaker.Ids);

    public SpeakerModel Model => speaker;

    /// <summary>The prompts of a text's pieces.</summary>
    /// <exception cref="ApiException">The text has nothing to say, or what cannot be spoken.</exception>
    public IReadOnlyList<SpokenPiece> Prompts(string text, string voice)
    {
        var pieces = SentenceSplitter.Any.Pieces(text.Trim(), LongestPiece);
        return [.. pieces.Where(piece => piece.Length > 0).Select(piece => Prompt(piece, voice))];
    }

    /// <summary>The engine's work for a piece.</summary>
    public LlamaTask TaskOf(SpokenPiece piece, SpeechSampling sampling, int index)
    {
        var most = Math.Min(Math.Max(LeastTokens, TokensPerCharacter * piece.Characters) / AudioFrames.Slots * AudioFrames.Slots + 1, model.MaxLength - piece.Ids.Count);
        var options = new SamplingOptions(sampling.Temperature, 0, sampling.TopP, 0, sampling.RepetitionPenalty, Seed: sampling.Seed, Stream: index);
        return new LlamaTask(piece.Ids, options, most, new HashSet<int> { speaker.Ids.EndOfSpeech }, Allowed: Allowed);
    }

    /// <summary>The sound of a piece, as it comes: the first frame when the fourth is there, and what is heard is the sound of the whole.</summary>
    /// <param name="told">Is told of each token.</param>
    /// <returns>Samples within ±1; a frame of 85 ms or several.</returns>
    /// <exception cref="EngineException">The engine cannot go on.</exception>
    public async IAsyncEnumerable<float[]> Speak(Generation generation, long seed, Action told, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var noise = speaker.Noise ? new Generator((ulong)seed) : null;
        var (stream, codes) = (new SnacStream(speaker.Codec, noise, SnacContext.Whole(speaker.Codec.Config)), new List<int>());
        await foreach (var step in generation.Read(cancel))
        {
            told();
            if (speaker.Ids.SlotOf(step.Token) is not { } slot) break; // the end of speech: nothing else is allowed
            codes.Add((step.Token - speaker.Ids.AudioStart) % speaker.Ids.CodebookSize);
            if (slot != AudioFrames.Slots - 1) continue;
            var samples = await _codec.Run(() => stream.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(codes)[^AudioFrames.Slots..]), cancel);
            if (samples.Length > 0) yield return samples;
            if (codes.Count / AudioFrames.Slots % LoopEvery == 0 && FrameLoops.First(AudioFrames.OfSlots(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(codes))) is not null) break;
        }
        var rest = await _codec.Run(stream.Finish, cancel);
        if (rest.Length > 0) yield return rest;
    }

    private SpokenPiece Prompt(string piece, string voice)
    {
        try
        {
            var ids = _prompt.Prompt(model.Tokenizer.Encode($"{voice}: {piece}", addSpecialTokens: true));
            if (ids.Length + AudioFrames.Slots >= model.MaxLength)
                throw ApiException.Bad($"a sentence of the text has {ids.Length} tokens, which leaves no room for speech in a context of {model.MaxLength}", "input");
            return new SpokenPiece(ids, piece.Length);
        }
        catch (Exception error) when (error is ModelException or TokenizerException) { throw ApiException.Bad(error.Message, "input"); }
    }

    private IEnumerable<Range> Allowed(IReadOnlyList<int> written)
    {
        var allowed = speaker.Ids.AllowedAfter(written.Count, leastFrames: 1);
        yield return new Range(allowed.First, allowed.First + allowed.Count);
        if (allowed.EndOfSpeech) yield return new Range(speaker.Ids.EndOfSpeech, speaker.Ids.EndOfSpeech + 1);
    }

    public void Dispose() => _codec.Dispose();
}

/// <summary>A piece of a text as the model reads it.</summary>
/// <param name="Characters">Of the text.</param>
internal sealed record SpokenPiece(IReadOnlyList<int> Ids, int Characters);

/// <summary>How tokens of sound are drawn; what Orpheus' authors name where a request says nothing.</summary>
internal sealed record SpeechSampling(double Temperature, double TopP, double RepetitionPenalty, long Seed);
