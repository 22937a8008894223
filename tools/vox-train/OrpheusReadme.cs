using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VoxMake.Models.Lora;

namespace VoxMake.TrainTool;

/// <summary>The README.md of an exported Orpheus voice: how to serve it, what may be done with it, what it was made from, what proves it, and what it cannot do.</summary>
internal static class OrpheusReadme
{
    public static string Of(string name, VllmYaml vllm, OrpheusTokens tokens, Sources sources, JsonObject parity, LoraConfig? adapter)
    {
        var text = new StringBuilder();
        var voice = tokens.Voices.FirstOrDefault() ?? "voice";
        text.Append(CultureInfo.InvariantCulture, $"""
            ---
            license: {sources.Licence.Id}
            library_name: transformers
            pipeline_tag: text-to-speech
            {(tokens.Language is { } language && language.All(char.IsAsciiLetter) ? $"language: {language}\n" : "")}tags:
            - orpheus
            - voxmake
            ---
            # {name}
            A text-to-speech voice: Orpheus, a language model that writes the codes of sound (SNAC, 24 kHz), made by VoxMake. {(tokens.Voices.Count == 1 ? $"Its voice is called `{voice}`" : $"Voices: {string.Join(", ", tokens.Voices.Select(other => $"`{other}`"))}")}.

            ## Use
            With vLLM:

                {vllm.DockerRun()}

            or, where vLLM is installed, `vllm serve --config vllm.yaml` in this folder. The prompt and what to do with the tokens is Orpheus' own: begin of human, the tokens of `{voice}: the text`, end of turn and of human, begin of AI
            and of speech; of what comes back each seven tokens are a frame of sound. It ends at the id {tokens.Ids.EndOfSpeech}; `merged_16bit/generation_config.json` says so, and the sampling that was listened to while it trained.

            With VoxMake, sound included:

                vox-serve --model merged_16bit --snac path/to/snac_24khz
                curl http://127.0.0.1:8000/v1/audio/speech -H "Content-Type: application/json" -d '{vllm.SpeechRequest("Hello.", voice)}' -o speech.wav


            """);
        if (adapter is not null) text.Append(CultureInfo.InvariantCulture, $"`lora/` is the adapter alone (peft, rank {adapter.Rank}, alpha {adapter.Alpha}), to be laid beside the base model.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"## Licence\n{sources.Licence.Sentence}\n\n## Made from\n");
        foreach (var line in MadeFrom(sources)) text.Append("- ").Append(line).Append('\n');
        text.Append("\n## Is it the voice that was trained?\nEvery tensor of `merged_16bit/` was read again and held to base and adapter, number by number (`conversion.csv` names all). ").Append(Proof(parity)).Append("\n\n## What it cannot do\n");
        text.Append("- Its speech ends when it chooses; long texts are best given sentence by sentence (vox-serve and vox-synth do so).\n- It can repeat itself or leave out words: listen. The repetition penalty must not be turned off.\n- No listener has judged it.\n");
        return text.ToString();
    }

    private static string Proof(JsonObject measured)
    {
        var parity = JsonNode.Parse(measured.ToJsonString())!; // as a reader of parity.json sees it
        var rows = (parity["texts"] as JsonArray ?? []).SelectMany(text => new[] { text?["likeliest"], text?["heard"] }).OfType<JsonObject>().ToList();
        if (rows.Count == 0) return "No sentence was noted while training, so no more than that is known.";
        double Sum(string field) => rows.Sum(row => JsonFile.Number(row[field]) ?? 0);
        double Most(string field) => rows.Max(row => JsonFile.Number(row[field]) ?? 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"Over {Sum("tokens"):0} tokens of {(parity["texts"] as JsonArray)!.Count} texts, the likeliest and those that were heard while it trained, the merged voice holds the same token likeliest at {Sum("same_likeliest"):0}; no token's logprob differs by more than {Most("max_logprob_difference"):0.0000}, divergence at most {Most("divergence"):0.000000} nats (`parity.json`).");
    }

    private static IEnumerable<string> MadeFrom(Sources sources)
    {
        var training = sources.Training;
        yield return $"Trained on from a base model{(JsonFile.Text(training["base"]?["digest"]) is { } digest ? $" (SHA-256 of its files {digest})" : "")}{(JsonFile.Text(training["method"]) == "lora" ? ", by an adapter" : ", all weights")}.";
        if (JsonFile.Number(training["splits"]?["train"]?["examples"]) is { } examples && JsonFile.Number(training["steps"]) is { } steps)
            yield return string.Create(CultureInfo.InvariantCulture, $"{examples} examples, {steps} steps{(JsonFile.Number(training["best_step"]) is { } best ? $"; this is the network of step {best}, with the least loss on held-back examples" : "")}{(JsonFile.Number(training["best_val_loss"]) is { } loss ? $" ({loss:0.0000})" : "")}.");
        yield return "Every stage with its settings, its key (a digest of all that went in), the digest of what came out, and versions; and the digest of each file here: `provenance.json`.";
    }
}
