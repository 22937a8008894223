using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Protocol;
using VoxMake.Speaking;
using VoxMake.Text.Speech;
using VoxMake.Tokenizers;
using VoxMake.Tooling;

namespace VoxMake.SynthTool;

/// <summary><c>vox-synth orpheus</c>: speaks the clips that were not trained on, and sentences of one's own, with a voice that is a language model (docs/targets/synthesize.md).</summary>
public sealed class OrpheusVerb : CollectVerb<OrpheusSettings>
{
    public override string Name => "orpheus";
    public override string Summary => "Speaks texts with an Orpheus model.";
    public override string InputHelp => "a text file, a sentence a line, or a metadata.csv with a column text";
    public override string InputRole => Utterance.TextRole;
    public override JsonTypeInfo SettingsType => SettingsJson.Default.OrpheusSettings;
    public override IReadOnlyList<FileRole> FileRoles => [OrpheusModel.Model, OrpheusModel.Codec, new(Utterance.SentencesRole, "text files, UTF-8, a sentence a line"), RulesFile.Role];
    public override string? Describe(string setting) => OrpheusHelp.Describe(setting);

    protected override void Run(OrpheusSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var read = SentenceReading.Of(null, "read", order.Files(RulesFile.Role.Name)); // without a file of rules the voice reads by the language itself
        using var speaker = OrpheusModel.Open(order, settings.Type);
        Check(settings, speaker);
        var tags = settings.UnknownTags != "refuse" ? null : settings.KnownTags is { } known ? new EmotionTags(known) : EmotionTags.Orpheus;
        var texts = SpokenTexts.Of(order, report, read);
        var warned = new HashSet<string>();
        for (var done = 0; done < texts.Count; done++)
        {
            cancel.ThrowIfCancellationRequested();
            report.Item(texts[done].Id, Speak(texts[done], speaker, settings, tags, warned, report, $".speech-{done}.wav", cancel));
            report.Progress(done + 1, texts.Count, "texts");
        }
    }

    /// <summary>Refuses settings before any text: what is wrong with them is wrong with none of the texts.</summary>
    private static void Check(OrpheusSettings settings, OrpheusSpeaker speaker)
    {
        try { speaker.Speak(settings.Request("a", settings.Speaker)); }
        catch (ModelException error) { throw new ToolException(error.Message); }
    }

    private static ItemResult Speak(
        Utterance one, OrpheusSpeaker voice, OrpheusSettings settings, EmotionTags? tags, HashSet<string> warned, ICollectReporter report, string file, CancellationToken cancel)
    {
        if (SpokenTexts.Refusal(one) is { } refused) return refused;
        if (tags?.Unknown(one.Text!) is [var unknown, ..])
            return ItemResult.Rejected("unknown_tag", $"the text has {unknown}, which the voice does not know and would read out; it knows {string.Join(", ", tags.Known)}");
        var speaker = one.Speaker ?? settings.Speaker;
        try { voice.Voice.CheckName(speaker); }
        catch (ModelException error) { return ItemResult.Rejected("unknown_speaker", error.Message); }
        var watch = Stopwatch.StartNew();
        try
        {
            var speech = voice.Speak(settings.Request(one.Text!, speaker));
            var samples = speech.ReadAll(cancel).GetAwaiter().GetResult();
            var seconds = watch.Elapsed.TotalSeconds;
            var came = speech.Report;
            foreach (var warning in came.Warnings.Where(warned.Add)) report.Warning(warning, one.Id); // one of the settings is told once
            if (samples.Length == 0) return ItemResult.Rejected("no_sound", "the voice made no sound of the text in any draw");
            return SpokenTexts.Spoken(one, speaker, samples, speech.SampleRate, seconds, report.PathFor, file,
                new("frames", came.Frames), new("loops", came.Loops), new("misplaced", came.Misplaced), new("warnings", came.Warnings.Count > 0 ? string.Join("; ", came.Warnings) : null));
        }
        catch (ModelException error) { return ItemResult.Rejected("cannot_be_spoken", error.Message); }
    }
}
