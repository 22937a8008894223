using VoxMake.Audio;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.SynthTool;

/// <summary>What verbs that speak an order's texts share: which texts, which are refused unheard, and the row and the file of one that was spoken.</summary>
internal static class SpokenTexts
{
    /// <summary>Characters of a text that becomes one file: some ten minutes. Sentences and clips have some hundreds at most.</summary>
    private const int LongestText = 10_000;

    /// <summary>The order's texts; a warning where there are none.</summary>
    /// <param name="read">See <see cref="SentenceReading"/>; null for nothing.</param>
    /// <exception cref="ToolException">A text file cannot be read, or two things have one id.</exception>
    public static IReadOnlyList<Utterance> Of(CollectOrder order, ICollectReporter report, Func<string, string>? read = null)
    {
        IReadOnlyList<Utterance> texts;
        try { texts = Utterance.Of(order, read); }
        catch (CorpusException error) { throw new ToolException(error.Message) { File = error.File, Try = error.Try }; }
        if (texts.Count == 0)
            report.Warning("there is nothing to speak: no clip is held back (dataset.val_split, dataset.test_split), and there is no sentence of one's own (evaluation.sentences)");
        return texts;
    }

    /// <summary>Why a text is not spoken by any voice; null where it may be.</summary>
    public static ItemResult? Refusal(Utterance one)
    {
        if (string.IsNullOrWhiteSpace(one.Text)) return ItemResult.Rejected("no_text", "there is no text to speak");
        if (one.Text.Length > LongestText)
            return ItemResult.Rejected("too_long", $"the text has {one.Text.Length} characters, at most {LongestText} are spoken into one file; put each sentence on a line of its own");
        return null;
    }

    /// <summary>The wav and the row of a text.</summary>
    /// <param name="seconds">That it took.</param>
    /// <param name="fileName">A running name: people see the id, the host files by digest.</param>
    /// <param name="more">Columns of one family.</param>
    public static ItemResult Spoken(
        Utterance one, string? speaker, float[] samples, int rate, double seconds, Func<string, string> pathFor, string fileName, params IEnumerable<KeyValuePair<string, Value>> more)
    {
        var wav = WavWriter.Mono16(samples, rate);
        File.WriteAllBytes(pathFor(fileName), wav);
        IEnumerable<KeyValuePair<string, Value>> columns =
            [new("text", one.Text), new("speaker_id", speaker), new("kind", one.Kind), new("num_samples", samples.Length), new("sample_rate", rate), new("synthesis_s", seconds), .. more];
        if (one.Written is { } written) columns = columns.Append(new("text_raw", written));
        return ItemResult.Ok(Columns.Of(columns), new OutputFile("speech", fileName, Digest.Of(wav), wav.Length)) with { AudioSeconds = (double)samples.Length / rate };
    }
}
