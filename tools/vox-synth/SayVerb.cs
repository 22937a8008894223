using VoxMake.Audio;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Tooling;

namespace VoxMake.SynthTool;

/// <summary><c>vox-synth say . --model DIR --text "…"</c>: one text, one wav; for people.</summary>
public sealed class SayVerb : CollectVerb<SaySettings>
{
    public override string Name => "say";
    public override string Summary => "Speaks one text into a wav file.";
    public override bool TakesItems => false;
    public override JsonTypeInfo SettingsType => SettingsJson.Default.SaySettings;
    public override IReadOnlyList<FileRole> FileRoles => [Voice.Role with { Description = "a folder with a VITS or an Orpheus model" }, OrpheusModel.Codec with { Required = false }, RulesFile.Role];
    public override string? Describe(string setting) => SpeakingHelp.Describe(setting);

    protected override void Run(SaySettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(settings.Text)) throw new ToolException("there is nothing to say") { Field = "text", Try = "--text \"…\"" };
        var isOrpheus = OrpheusModel.IsIn(order);
        var read = SentenceReading.Of(isOrpheus ? null : settings.Language, settings.Links, order.Files(RulesFile.Role.Name)); // an Orpheus voice reads by the language itself
        if (read is not null) settings = settings with { Text = read(settings.Text) };
        try
        {
            var (samples, rate) = isOrpheus ? Orpheus(settings, order, report, cancel) : Vits(settings, order, report, cancel);
            File.WriteAllBytes(report.PathFor(settings.File), WavWriter.Mono16(samples, rate));
            report.Output(settings.File);
            report.Metric("seconds", (double)samples.Length / rate);
        }
        catch (ModelException error) { throw new ToolException(error.Message) { Field = "text" }; }
    }

    private static (float[] Samples, int Rate) Vits(SaySettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        settings.Vits().Check();
        using var voice = Voice.Open(order, order.Threads, order.Device);
        var samples = voice.Speak(settings.Text!, settings.Speaker, settings.Vits(), cancel);
        var missing = voice.Tokenizer.Missing(settings.Text!).Distinct().Select(Models.Vits.VitsVocabulary.Quoted).ToList();
        if (missing.Count > 0) report.Warning($"the voice has never heard these characters and leaves them out: {string.Join(", ", missing)}");
        return (samples, voice.SampleRate);
    }

    private static (float[] Samples, int Rate) Orpheus(SaySettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var orpheus = settings.Orpheus();
        if (order.Files(OrpheusModel.Codec.Name).Count == 0)
            throw new ToolException("an Orpheus model speaks with a codec") { Field = OrpheusModel.Codec.Name, Try = "--codec FOLDER, the folder of snac_24khz" };
        using var speaker = OrpheusModel.Open(order, orpheus.Type);
        var speech = speaker.Speak(orpheus.Request(settings.Text!, settings.Speaker));
        var samples = speech.ReadAll(cancel).GetAwaiter().GetResult();
        foreach (var warning in speech.Report.Warnings) report.Warning(warning);
        return (samples, speech.SampleRate);
    }
}
