using VoxMake.Audio.Timed;
using VoxMake.Models;
using VoxMake.Models.Whisper;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch;
using VoxMake.Torch.Native;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>Whisper (Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022) from a directory as Hugging Face has it. May be used by several threads at once.</summary>
public sealed class WhisperRecognizer : IRecognizer
{
    /// <summary>What a transcript's language is where nobody told it and there is nothing to hear: BCP 47's "undetermined".</summary>
    public const string Undetermined = "und";

    private const int EarliestStart = 50; // timestamps of 0.02 s: a text begins within the first second

    private readonly IWhisperNetwork _network;
    private readonly WhisperTokenizer _tokenizer;
    private readonly WhisperSettings _settings;
    private readonly LongFormSettings _longForm;
    private readonly TextDecoder _decoder;
    private readonly string? _language;

    /// <param name="generation">What the model says of itself.</param>
    /// <exception cref="RecognitionException">A setting is out of its range, or asks for what the model cannot do.</exception>
    internal WhisperRecognizer(IWhisperNetwork network, WhisperTokenizer tokenizer, WhisperSettings settings, WhisperGeneration generation, int medianWidth = 7)
    {
        settings.Check();
        (_network, _tokenizer, _settings) = (network, tokenizer, settings);
        _language = LanguageOf(settings, tokenizer);
        if (settings.Task == WhisperTask.Translate && !tokenizer.IsMultilingual) throw new RecognitionException("task is translate, but the model knows English only", "take a multilingual model");
        foreach (var id in settings.SuppressTokens ?? [])
            if (id < -1 || id >= network.Vocabulary) throw new RecognitionException($"suppress_tokens has {id}; expected ids from 0 to {network.Vocabulary - 1}, or -1");
        var rules = new DecodingRules(tokenizer, settings.SuppressTokens ?? generation.SuppressTokens ?? [-1], generation.MaxInitialTimestampIndex ?? EarliestStart);
        _decoder = new TextDecoder(network, tokenizer, rules, settings);
        int[] prompt = settings.InitialPrompt is { } text && text.Trim() is { Length: > 0 } said ? tokenizer.Encode(" " + said) : [];
        _longForm = new LongFormSettings(tokenizer, settings, prompt, network.TextContext, network.WindowFrames, medianWidth);
    }

    internal IWhisperNetwork Network => _network;

    internal WhisperTokenizer Tokenizer => _tokenizer;

    /// <summary>Positions of the median filter over attention.</summary>
    internal int MedianWidth => _longForm.MedianWidth;

    /// <summary>Opens a model.</summary>
    /// <param name="device">Null: the CPU.</param>
    /// <param name="type">What the weights are to be; null: float32 on the CPU, as in the files elsewhere.</param>
    /// <exception cref="ModelException">A file is missing, makes no sense or does not fit the others.</exception>
    /// <exception cref="RecognitionException">A setting is out of its range, or asks for what the model cannot do.</exception>
    public static WhisperRecognizer Open(ModelFiles files, WhisperSettings settings, Device? device = null, ScalarType? type = null)
    {
        settings.Check();
        WhisperModel? model = null;
        try
        {
            using var directory = WhisperDirectory.Open(files);
            var (config, generation) = (directory.Config, directory.Generation with { SuppressTokens = directory.Generation.SuppressTokens ?? directory.Config.SuppressTokens });
            var tokenizer = WhisperTokenizer.Load(files, config, generation.IsMultilingual ?? config.VocabSize >= 51_865);
            Check(generation, tokenizer, files.Shown("generation_config.json"));
            model = directory.Model(device ?? Device.Cpu, type);
            return new WhisperRecognizer(new TorchNetwork(model, generation.HeadsOf(config)), tokenizer, settings, generation, config.MedianFilterWidth);
        }
        catch (Exception error) when (error is TokenizerException or Torch.Weights.WeightsException)
        {
            model?.Dispose();
            throw new ModelException(error.Message, error);
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>A tokenizer and defaults that count otherwise are of two models, and what came out would be no text.</summary>
    private static void Check(WhisperGeneration generation, WhisperTokenizer tokenizer, string name)
    {
        void Same(string field, int? said, int own)
        {
            if (said is { } id && id != own) throw new ModelException($"{name}: {field} is {id}, but the tokenizer has {own}; the files are not of one model");
        }
        Same("no_timestamps_token_id", generation.NoTimestampsTokenId, tokenizer.NoTimestamps);
        foreach (var (code, id) in tokenizer.Languages)
            if (tokenizer.IsMultilingual && generation.LanguageIds?.TryGetValue($"<|{code}|>", out var said) == true) Same($"lang_to_id.<|{code}|>", said, id);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Where speech is known its spans are packed into windows, which are decoded side by side; else, or with a batch size of 0, window follows window. A recording without samples, and one in
    /// which all windows are silent, have a transcript without segments.
    /// </remarks>
    public Transcript Recognize(float[] sound, IReadOnlyList<SpeechSpan> speech, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try { return Transcribe(sound, speech, cancel); }
        catch (TorchException error)
        {
            throw new RecognitionException($"the network could not be run: {error.Message}", "if memory ran out, take a smaller batch_size or beam_size, or a smaller model", error);
        }
    }

    private Transcript Transcribe(float[] sound, IReadOnlyList<SpeechSpan> speech, CancellationToken cancel)
    {
        var side = speech.Count > 0 && _settings.BatchSize > 0;
        var clips = Clips(sound, speech, side);
        List<LongForm> streams = side ? [.. clips.Select(clip => new LongForm(_longForm, [clip]))] : [new LongForm(_longForm, clips)];
        var languages = new Languages(_language, _settings.Multilingual && _language is null);
        foreach (var group in streams.Chunk(Math.Max(1, _settings.BatchSize)))
        {
            DecodeNext(sound, [.. group.Where(stream => stream.Next is not null)], languages, cancel);
            // What remains of a stretch is decoded alone, so that it does not depend on the others.
            foreach (var stream in group)
                while (stream.Next is not null) DecodeNext(sound, [stream], languages, cancel);
        }
        return Result(sound, [.. streams.SelectMany(stream => stream.Segments)], languages);
    }

    /// <summary>Frames that are listened to.</summary>
    private List<(int Start, int End)> Clips(float[] sound, IReadOnlyList<SpeechSpan> speech, bool side)
    {
        var hop = LogMel.SamplesPerFrame;
        if (sound.Length == 0) return [];
        if (speech.Count == 0) return [(0, (sound.Length + hop - 1) / hop)];
        // A frame less than a window: a stretch that begins within a frame may end within another.
        int? longest = side ? (_network.WindowFrames - 1) * hop : null;
        var windows = SpeechWindows.Pack(sound, speech, longest, (int)(_settings.MergeGap * Sound16k.Rate), (int)(_settings.Padding * Sound16k.Rate));
        return [.. windows.Select(window => (window.Start / hop, (window.End + hop - 1) / hop))];
    }

    private void DecodeNext(float[] sound, IReadOnlyList<LongForm> streams, Languages languages, CancellationToken cancel)
    {
        if (streams.Count == 0) return;
        var hop = LogMel.SamplesPerFrame;
        List<AudioWindow> windows = [.. streams.Select(stream => stream.Next!.Value)];
        ReadOnlyMemory<float> Part(AudioWindow window) => sound.AsMemory(window.Seek * hop, Math.Min(window.Frames * hop, sound.Length - window.Seek * hop));
        using var heard = _network.Hear([.. windows.Select(Part)], cancel);
        var spoken = languages.Of(windows, window => _decoder.DetectLanguage(heard, window));
        var texts = _decoder.Decode(heard, [.. streams.Select((stream, window) => stream.Prompt(spoken[window]))], cancel);
        foreach (var (window, stream) in streams.Index())
        {
            cancel.ThrowIfCancellationRequested();
            var (number, language) = (window, spoken[window]);
            var start = _tokenizer.StartSequence(language, _settings.Task);
            stream.Take(texts[window], language, (tokens, frames) => WordTimes.Find(heard, number, _tokenizer, start, tokens, language, frames, _longForm.MedianWidth));
        }
    }

    private Transcript Result(float[] sound, List<HeardSegment> heard, Languages languages)
    {
        var duration = (double)sound.Length / Sound16k.Rate;
        double Within(double seconds) => Math.Clamp(Math.Round(seconds, 2), 0, duration);
        var segments = new List<TranscriptSegment>();
        heard.RemoveAll(segment => Within(segment.Start) >= duration); // heard in the silence that fills the last window
        foreach (var segment in heard)
        {
            TranscriptWord Word(SpokenWord word) => new(word.Text.Trim(), Within(word.Start), Within(Math.Max(word.Start, word.End)), Math.Clamp(word.Probability, 0, 1));
            TranscriptWord[] words = [.. segment.Words.Select(Word)];
            var tokens = segment.Tokens.Zip(segment.LogProbabilities).Where(token => token.First < _tokenizer.Eot).Select(token => Math.Exp(token.Second)).ToList();
            double? confidence = words.Length > 0 ? words.Average(word => word.Confidence) : tokens.Count > 0 ? Math.Clamp(tokens.Average(), 0, 1) : null;
            segments.Add(new TranscriptSegment(Within(segment.Start), Within(segment.End), segment.Text.Trim(), Tag(segment.Language), confidence,
                segment.Window.AverageLogProbability, segment.Window.CompressionRatio, segment.Window.NoSpeechProbability, segment.Window.Temperature, words));
        }
        var (language, probability) = languages.Main;
        return new Transcript(string.Concat(heard.Select(segment => segment.Text)).Trim(), language is null ? Undetermined : Tag(language), probability, duration, segments);
    }

    /// <summary>What a text is in: English where it was translated.</summary>
    private string Tag(string language) => WhisperLanguages.TagOf(_settings.Task == WhisperTask.Translate ? "en" : language);

    private static string? LanguageOf(WhisperSettings settings, WhisperTokenizer tokenizer)
    {
        if (settings.Language is not { } told) return tokenizer.IsMultilingual ? null : "en";
        return WhisperLanguages.Of(tokenizer, told, "language", $"name one of {string.Join(", ", WhisperLanguages.Codes)}, or leave it out to have it detected");
    }

    public void Dispose() => _network.Dispose();
}
