using VoxMake.Models;
using VoxMake.Models.Orpheus;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Tooling;

namespace VoxMake.CodecTool;

/// <summary>What one clip is made of: who says what, and its sound.</summary>
/// <param name="Path">Of its codes.</param>
internal sealed record CodedClip(string Id, string Voice, string Text, string Path);

/// <summary>A clip as an example.</summary>
/// <param name="Frames">Of the example.</param>
/// <param name="SpokenFrames">Of the clip, before any were dropped.</param>
internal sealed record MadeExample(CodedClip Clip, TokenExample Tokens, int Frames, int SpokenFrames);

/// <summary>Makes examples of clips. The text of a clip is text, whatever stands in it: special tokens and tokens of sound in it are read as the characters that they are written with.</summary>
internal sealed class ExampleMaker
{
    private readonly TokenizeSettings _settings;
    private readonly BpeTokenizer _tokenizer;
    private readonly BpeTokenizer _people;
    private OrpheusPrompt? _prompt;

    /// <param name="tokenizer">The path of a tokenizer.json.</param>
    /// <exception cref="TokenizerException">It is none.</exception>
    public ExampleMaker(TokenizeSettings settings, string tokenizer)
    {
        _settings = settings;
        _tokenizer = BpeTokenizer.Load(tokenizer);
        _people = _tokenizer.Finding(token => !OrpheusIds.IsReserved(token.Content, token.IsSpecial));
        if (settings.CodebookSize is { } size) Prepare(size);
    }

    /// <summary>The meaning of the ids; null until a clip or the settings have said how many codes the codec has.</summary>
    public OrpheusIds? Ids { get; private set; }

    /// <summary>What the codes of all clips say of their codec; null until one was read.</summary>
    public (int CodebookSize, int SamplingRate, int FrameSamples)? Codec { get; private set; }

    /// <summary>Rows that an embedding must have for the tokenizer's ids.</summary>
    public int Vocabulary => _tokenizer.Count;

    /// <summary>The example of a clip.</summary>
    /// <exception cref="UnusableItemException">It makes none; reason and message say why.</exception>
    /// <exception cref="ToolException">Its codes are of another codec than those of the clips before, or the tokenizer is none of Orpheus.</exception>
    public MadeExample Make(CodedClip clip)
    {
        var file = AudioFramesFile.Read(clip.Path);
        Learn(clip, file);
        var frames = file.Frames;
        if (_settings.MaxDuplicateShare is { } most && frames.DuplicateShare > most)
            throw new UnusableItemException("duplicate_frames",
                FormattableString.Invariant($"{frames.DuplicateShare:P0} of its frames are like the one before: held sounds, or silence; max_duplicate_share is {most:P0}"));
        if (_settings.RemoveDuplicateFrames) frames = frames.WithoutDuplicates();
        if (frames.Count < _settings.MinFrames) throw new UnusableItemException("few_frames", $"it has {frames.Count} frames; min_frames is {_settings.MinFrames}");
        if (frames.Count > _settings.MaxFrames) throw new UnusableItemException("many_frames", $"it has {frames.Count} frames; max_frames is {_settings.MaxFrames}");
        var text = Text(clip);
        var prompt = _prompt!.Prompt(text).Length;
        var example = _prompt.Example(text, frames).Ids;
        if (example.Length > _settings.MaxTokens)
            throw new UnusableItemException("too_long",
                $"it is {example.Length} tokens ({frames.Count} frames of sound, {prompt} tokens of text and what stands around it); max_tokens is {_settings.MaxTokens}");
        return new MadeExample(clip, new TokenExample(example, prompt), frames.Count, file.Frames.Count);
    }

    private int[] Text(CodedClip clip)
    {
        try { return _people.Encode($"{clip.Voice}: {clip.Text}", addSpecialTokens: true); }
        catch (TokenizerException error) { throw new UnusableItemException("bad_text", error.Message); }
    }

    /// <summary>All codes must be of one codec: the first clip's says which.</summary>
    private void Learn(CodedClip clip, AudioFramesFile file)
    {
        var codec = (file.CodebookSize, file.SamplingRate, file.FrameSamples);
        if (Codec is { } known)
        {
            if (codec == known) return;
            throw new ToolException($"the codes of '{clip.Id}' are of another codec {codec} than those before {known} (codebook_size, sampling_rate, frame_samples)")
            {
                File = clip.Path, Try = "encode all clips with one codec",
            };
        }
        if (_settings.CodebookSize is { } size && size != file.CodebookSize)
            throw new ToolException($"it is {size}, but the codes of '{clip.Id}' are of a codec with {file.CodebookSize}") { Field = "codebook_size" };
        Codec = codec;
        if (_prompt is null) Prepare(file.CodebookSize);
    }

    private void Prepare(int codebookSize)
    {
        Ids = OrpheusIds.Of(_tokenizer.IdOf, codebookSize);
        _prompt = new OrpheusPrompt(Ids);
        if (_people.Encode("", addSpecialTokens: true) is not [var first] || first != Ids.BeginOfText)
            throw new ModelException("the tokenizer does not put <|begin_of_text|>, and only that, before a text; Orpheus' does (post_processor in tokenizer.json)");
    }
}
