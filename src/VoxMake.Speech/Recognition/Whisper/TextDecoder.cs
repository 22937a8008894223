namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>A window's place and what stands before its text.</summary>
/// <param name="Prompt">Start sequence, with the text before it where there is one.</param>
/// <param name="SotIndex">Where in the prompt the transcript starts.</param>
/// <param name="Seek">First frame of the window in the recording; numbers that are drawn hang on it.</param>
internal sealed record WindowPrompt(int[] Prompt, int SotIndex, int Seek);

/// <summary>Writes texts for windows, and tries again at higher temperatures where a text is not to be trusted.</summary>
internal sealed class TextDecoder(IWhisperNetwork network, WhisperTokenizer tokenizer, DecodingRules rules, WhisperSettings settings)
{
    /// <summary>The likeliest language of a window and how likely each is among all.</summary>
    public (string Language, IReadOnlyDictionary<string, double> Probabilities) DetectLanguage(IHeardWindows heard, int window)
    {
        using var rows = heard.Begin(window, 1);
        return LanguageOf(rows.Read([[tokenizer.Sot]]), tokenizer);
    }

    /// <summary>Among the scores behind the start token only those of languages count.</summary>
    internal static (string Language, IReadOnlyDictionary<string, double> Probabilities) LanguageOf(ReadOnlySpan<float> scores, WhisperTokenizer tokenizer)
    {
        var (codes, own) = (tokenizer.Languages.Keys.ToArray(), new float[tokenizer.Languages.Count]);
        for (var i = 0; i < codes.Length; i++) own[i] = scores[tokenizer.Languages[codes[i]]];
        var total = DecodingRules.LogSumExp(own);
        var probabilities = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < codes.Length; i++) probabilities.Add(codes[i], Math.Exp(own[i] - total));
        return (codes[System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(own)], probabilities);
    }

    /// <summary>
    /// A text for each window. The first temperature is tried for all side by side; a window whose text is doubtful is then tried alone, so that what becomes of it does not depend on the others.
    /// </summary>
    /// <param name="prompts">One for each window, all of one length.</param>
    public IReadOnlyList<DecodedText> Decode(IHeardWindows heard, IReadOnlyList<WindowPrompt> prompts, CancellationToken cancel)
    {
        DecodedText[] texts = [.. Attempt(heard, null, prompts, 0, cancel)];
        for (var window = 0; window < texts.Length; window++)
            for (var attempt = 1; attempt < settings.Temperatures.Count && IsDoubtful(texts[window]); attempt++)
                texts[window] = Attempt(heard, window, [prompts[window]], attempt, cancel)[0];
        return texts;
    }

    /// <summary>Whether the next temperature is to be tried: it repeats itself, or is improbable; not where nobody speaks.</summary>
    internal bool IsDoubtful(DecodedText text)
    {
        var improbable = text.AverageLogProbability < settings.LogprobThreshold;
        if (improbable && text.NoSpeechProbability > settings.NoSpeechThreshold) return false;
        return improbable || text.CompressionRatio > settings.CompressionRatioThreshold;
    }

    private List<DecodedText> Attempt(IHeardWindows heard, int? window, IReadOnlyList<WindowPrompt> prompts, int attempt, CancellationToken cancel)
    {
        var temperature = settings.Temperatures[attempt];
        ITokenChooser Chooser(WindowPrompt prompt) => temperature == 0 && settings.BeamSize is { } beams
            ? new BeamChooser(beams, tokenizer.Eot, settings.Patience ?? 1)
            : new RowChooser(temperature == 0 ? 1 : settings.BestOf, tokenizer.Eot, temperature, settings.Seed, [prompt.Seek, attempt]);
        List<ITokenChooser> choosers = [.. prompts.Select(Chooser)];
        using var rows = heard.Begin(window, choosers[0].Rows);
        var silence = Write(rows, prompts, choosers, cancel);
        return [.. choosers.Select((chooser, number) => Decoded(chooser, silence[number], temperature))];
    }

    /// <summary>Runs all windows to their end.</summary>
    /// <returns>How likely nobody speaks, for each window.</returns>
    private double[] Write(ITextRows rows, IReadOnlyList<WindowPrompt> prompts, List<ITokenChooser> choosers, CancellationToken cancel)
    {
        var (each, width, length) = (choosers[0].Rows, network.Vocabulary, prompts[0].Prompt.Length);
        if (prompts.Any(prompt => prompt.Prompt.Length != length)) throw new ArgumentException("windows that are decoded side by side need prompts of one length");
        var (next, sources, silence) = (new int[rows.Rows], new int[rows.Rows], new double[prompts.Count]);
        IReadOnlyList<IReadOnlyList<int>> tokens = [.. prompts.SelectMany(prompt => Enumerable.Repeat(prompt.Prompt, each))];
        for (var step = 0; step < network.TextContext / 2 && length + step <= network.TextContext; step++)
        {
            cancel.ThrowIfCancellationRequested();
            var also = step == 0 && prompts[0].SotIndex < length - 1 ? prompts[0].SotIndex : (int?)null;
            var scores = rows.Read(tokens, also);
            if (step == 0)
                for (var window = 0; window < prompts.Count; window++)
                {
                    var own = scores.Slice(window * each * width, width);
                    silence[window] = Math.Exp(own[tokenizer.NoSpeech] - DecodingRules.LogSumExp(own));
                }
            if (also is not null) scores = scores[(rows.Rows * width)..];
            for (var window = 0; window < choosers.Count; window++)
            {
                var chooser = choosers[window];
                var own = scores.Slice(window * each * width, each * width);
                if (!chooser.Done)
                    for (var row = 0; row < each; row++) rules.Apply(own.Slice(row * width, width), chooser.Written(row));
                chooser.Choose(own, next.AsSpan(window * each, each), sources.AsSpan(window * each, each));
                for (var row = 0; row < each; row++) sources[window * each + row] += window * each;
            }
            if (choosers.TrueForAll(chooser => chooser.Done)) break;
            rows.Reorder(sources);
            tokens = [.. next.Select(token => new[] { token })];
        }
        return silence;
    }

    private DecodedText Decoded(ITokenChooser chooser, double silence, double temperature)
    {
        var best = Candidate.Best(chooser.Finish(), settings.LengthPenalty);
        return new DecodedText(best.Tokens, best.LogProbabilities, tokenizer.Decode(best.Tokens).Trim(), best.Sum / (best.Tokens.Length + 1), silence, temperature);
    }
}
