using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VoxMake.Models.Vits;

namespace VoxMake.TrainTool;

/// <summary>The README.md of an export: how to use the voice, what may be done with it, what it was made from, and what it cannot do.</summary>
internal static class ExportReadme
{
    public static string Of(string name, VitsConfig config, VitsTokenizer tokenizer, IReadOnlyList<string> speakers, Sources sources)
    {
        var several = config.NumSpeakers > 1;
        var example = Quoted(sources.Example ?? "Hello.");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ---
            license: {sources.Licence.Id}
            library_name: transformers
            pipeline_tag: text-to-speech
            {(tokenizer.Settings.Language is { } language && language.All(char.IsAsciiLetter) ? $"language: {language}\n" : "")}tags:
            - vits
            - voxmake
            ---
            # {name}
            A text-to-speech voice: VITS, {config.SamplingRate} Hz, {(several ? $"{config.NumSpeakers} speakers" : "one speaker")}, made by VoxMake.

            ## Use
            In Python, with transformers 4.33 or later:

            ```python
            import scipy, torch
            from transformers import VitsModel, VitsTokenizer, set_seed

            model = VitsModel.from_pretrained("path/to/this/folder")
            tokenizer = VitsTokenizer.from_pretrained("path/to/this/folder")
            inputs = tokenizer({example}, return_tensors="pt")
            set_seed(42)  # without it every call sounds a little different
            with torch.no_grad():
                waveform = model(**inputs{(several ? ", speaker_id=0" : "")}).waveform[0]
            scipy.io.wavfile.write("speech.wav", rate=model.config.sampling_rate, data=waveform.numpy())
            ```

            With VoxMake, without Python:

                vox-synth say . --model path/to/this/folder --text {example}{(several ? $" --speaker {Quoted(speakers.Count > 0 ? speakers[0] : "0")}" : "")}
                vox-synth vits sentences.txt spoken/ --model path/to/this/folder

            To train on from it, name the folder as `training.base_model` in a configuration of VoxMake; the discriminator beside the model is taken up again.


            """);
        if (speakers.Count > 1) text.Append(CultureInfo.InvariantCulture, $"Speakers (index: name): {string.Join(", ", speakers.Select((speaker, index) => $"{index}: {speaker}"))}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"## Licence\n{sources.Licence.Sentence}\n\n## Made from\n");
        foreach (var line in MadeFrom(sources)) text.Append("- ").Append(line).Append('\n');
        text.Append("\n## What it cannot do\n");
        foreach (var line in Limits(config, tokenizer, sources)) text.Append("- ").Append(line).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<string> MadeFrom(Sources sources)
    {
        var training = sources.Training;
        yield return sources.HasBase
            ? $"Trained on from {(JsonFile.Text(training["base"]?["name"]) is { } name ? $"`{name}`" : "another model")}{(JsonFile.Text(training["base"]?["digest"]) is { } digest ? $" (SHA-256 {digest})" : "")}."
            : "Trained from random weights.";
        if (training["splits"]?["train"] is JsonObject train && JsonFile.Number(train["clips"]) is { } clips && JsonFile.Number(train["seconds"]) is { } seconds)
            yield return string.Create(CultureInfo.InvariantCulture, $"{clips} clips, {seconds / 60:0.0} minutes of speech.");
        if (JsonFile.Number(training["steps"]) is { } steps)
            yield return string.Create(CultureInfo.InvariantCulture, $"{steps} steps of training{(JsonFile.Number(training["best_step"]) is { } best ? $"; this is the network of step {best}, the best on held-back sentences" : "")}{(JsonFile.Number(training["best_val_mel"]) is { } mel ? $" (mel distance {mel:0.000})" : "")}.");
        yield return "All inputs with their digests, settings, versions, and the digest of each file here: `provenance.json`.";
    }

    private static IEnumerable<string> Limits(VitsConfig config, VitsTokenizer tokenizer, Sources sources)
    {
        if (!sources.HasBase && JsonFile.Number(sources.Training["steps"]) is < 100_000 and var steps)
            yield return string.Create(CultureInfo.InvariantCulture, $"{steps} steps from random weights are far too few for clear speech: papers train for hundreds of thousands. It shows that all works, no more.");
        yield return "It reads letters, not meaning: write out numbers, dates, abbreviations and units.";
        var characters = string.Concat(tokenizer.Vocabulary.Entries.OrderBy(entry => entry.Value).Where(entry => entry.Value != 0 || entry.Key != tokenizer.Settings.PadToken || tokenizer.Vocabulary.Entries.Count < 3).Select(entry => entry.Key));
        yield return $"It knows these characters{(tokenizer.Settings.Normalize ? " (capitals are read as small letters)" : "")} and leaves out all others: `{characters.Replace('`', '\'')}`";
        yield return "Long texts are best given sentence by sentence (vox-synth does so): it has heard sentences only.";
        yield return "No listener has judged it. How far it is from held-back recordings is in VoxMake's report.";
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "", StringComparison.Ordinal).Replace('"', '\'').ReplaceLineEndings(" ")}\"";
}
