using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Tooling;

namespace VoxMake.SynthTool;

/// <summary><c>vox-synth vits</c>: speaks the clips that were not trained on, and sentences of one's own (docs/targets/synthesize.md).</summary>
public sealed class VitsVerb : CollectVerb<VitsSettings>
{
    /// <summary>Missing characters that the warning lists; the rest are counted.</summary>
    private const int MostListed = 20;

    public override string Name => "vits";
    public override string Summary => "Speaks texts with a VITS model.";
    public override string InputHelp => "a text file, a sentence a line, or a metadata.csv with a column text";
    public override string InputRole => Utterance.TextRole;
    public override JsonTypeInfo SettingsType => SettingsJson.Default.VitsSettings;
    public override IReadOnlyList<FileRole> FileRoles => [Voice.Role, new(Utterance.SentencesRole, "text files, UTF-8, a sentence a line"), RulesFile.Role];
    public override string? Describe(string setting) => SpeakingHelp.Describe(setting);

    protected override void Run(VitsSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        settings.Check();
        var read = SentenceReading.Of(settings.Language, settings.Links, order.Files(RulesFile.Role.Name));
        using var voice = Voice.Open(order, order.Threads, order.Device);
        if (voice.Tokenizer.Settings.Phonemize) throw new ToolException(voice.Tokenizer.Refusal("")!) { Field = Voice.Role.Name };
        CheckSpeaker(settings, voice);
        var texts = SpokenTexts.Of(order, report, read);
        var missing = new Dictionary<string, long>();
        for (var done = 0; done < texts.Count; done++)
        {
            cancel.ThrowIfCancellationRequested();
            report.Item(texts[done].Id, Speak(texts[done], voice, settings, report.PathFor, $".speech-{done}.wav", missing, cancel));
            report.Progress(done + 1, texts.Count, "texts");
        }
        if (missing.Count > 0) report.Warning(Sentence(missing));
    }

    private static void CheckSpeaker(VitsSettings settings, Voice voice)
    {
        try { voice.SpeakerOf(settings.Speaker); }
        catch (ModelException error) { throw new ToolException(error.Message) { Field = "speaker" }; }
    }

    private static ItemResult Speak(Utterance one, Voice voice, VitsSettings settings, Func<string, string> pathFor, string fileName, Dictionary<string, long> missing, CancellationToken cancel)
    {
        if (SpokenTexts.Refusal(one) is { } refused) return refused;
        if (voice.Tokenizer.Refusal(one.Text!) is { } refusal) return ItemResult.Rejected("not_latin", refusal);
        var speaker = one.Speaker ?? settings.Speaker;
        try { voice.SpeakerOf(speaker); }
        catch (ModelException error) { return ItemResult.Rejected("unknown_speaker", error.Message); }

        float[] samples;
        var watch = Stopwatch.StartNew();
        try { samples = voice.Speak(one.Text!, speaker, settings, cancel); }
        catch (ModelException error) { return ItemResult.Rejected("cannot_be_spoken", error.Message); }
        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var character in voice.Tokenizer.Missing(one.Text!)) missing[character] = missing.GetValueOrDefault(character) + 1;
        return SpokenTexts.Spoken(one, speaker, samples, voice.SampleRate, seconds, pathFor, fileName);
    }

    private static string Sentence(Dictionary<string, long> missing)
    {
        var listed = missing.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostListed).Select(pair => $"{VitsVocabulary.Quoted(pair.Key)} {pair.Value} times");
        return $"the voice has never heard these characters and leaves them out: {string.Join(", ", listed)}{(missing.Count > MostListed ? $", and {missing.Count - MostListed} more" : "")}";
    }
}
