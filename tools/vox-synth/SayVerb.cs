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
    public override IReadOnlyList<FileRole> FileRoles => [Voice.Role];
    public override string? Describe(string setting) => SpeakingHelp.Describe(setting);

    protected override void Run(SaySettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(settings.Text)) throw new ToolException("there is nothing to say") { Field = "text", Try = "--text \"…\"" };
        settings.Speaking().Check();
        using var voice = Voice.Open(order, order.Threads, order.Device);
        try
        {
            var samples = voice.Speak(settings.Text, settings.Speaker, settings.Speaking(), cancel);
            var missing = voice.Tokenizer.Missing(settings.Text).Distinct().Select(Models.Vits.VitsVocabulary.Quoted).ToList();
            if (missing.Count > 0) report.Warning($"the voice has never heard these characters and leaves them out: {string.Join(", ", missing)}");
            File.WriteAllBytes(report.PathFor(settings.File), WavWriter.Mono16(samples, voice.SampleRate));
            report.Output(settings.File);
            report.Metric("seconds", (double)samples.Length / voice.SampleRate);
        }
        catch (ModelException error) { throw new ToolException(error.Message) { Field = "text" }; }
    }
}
