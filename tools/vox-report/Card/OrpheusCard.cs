using System.Globalization;
using VoxMake.Report.Voice;
using VoxMake.Tooling;

namespace VoxMake.Report.Card;

/// <summary>A voice that is a language model. The merged model lies beside the card itself, where transformers, vLLM and Hugging Face look for one; the adapter keeps its folder.</summary>
/// <param name="Served">How servers are to be started in the card's folder.</param>
/// <param name="Parity">Null where Export did not compare.</param>
/// <param name="Engine">Null where no engine was asked.</param>
internal sealed record OrpheusCard(ExportedModel Model, VllmYaml Served, ExportParity? Parity, EngineProof? Engine) : ICardFamily
{
    private const string MergedFolder = "merged_16bit/", Codec = "hubertsiuzdak/snac_24khz";
    private const int MostVoices = 20;

    /// <exception cref="ToolException">A file is missing or broken.</exception>
    public static OrpheusCard Of(CardFiles files, ExportedModel model)
    {
        var vllm = files.Exported.Find(VllmYaml.FileName) ?? throw new ToolException($"the exported voice has no {VllmYaml.FileName}, which says how it is served") { Try = "build Export again" };
        return new OrpheusCard(model, VllmYaml.Read(vllm.Path) with { Model = VllmYaml.Here },
            files.Exported.Read("parity.json", ExportParity.Read), files.Validated.Read("validation.json", EngineProof.Read));
    }

    public string Kind => $"Orpheus, a language model that writes the codes of sound ([{Codec}](https://huggingface.co/{Codec}))";
    public IReadOnlyList<string> Tags => ["orpheus", "llama", "snac", .. Model.Adapter is null ? Array.Empty<string>() : ["lora"]];
    public IReadOnlyDictionary<string, string> Rewritten => new Dictionary<string, string> { [VllmYaml.FileName] = Served.ToString() };
    public string PlaceOf(string exported) => exported.StartsWith(MergedFolder, StringComparison.Ordinal) ? exported[MergedFolder.Length..] : exported;

    public IEnumerable<(string Name, string Value)> Trained
    {
        get
        {
            if (Model.Adapter is not { } adapter) yield return ("weights", "all of them, without an adapter");
            else
            {
                var layers = adapter.Targets is { Count: > 0 } targets ? $", on {string.Join(", ", targets)}" : "";
                yield return ("adapter", string.Create(CultureInfo.InvariantCulture, $"LoRA of rank {adapter.Rank}, alpha {adapter.Alpha}{(adapter.Rslora ? " (rsLoRA)" : "")}{layers}"));
            }
            if (Model.Dtype is { } dtype) yield return ("dtype", dtype);
        }
    }

    public IEnumerable<string> Proof
    {
        get
        {
            var trained = Model.Adapter is null ? "what was trained" : "base model and adapter";
            if (Parity is not null) yield return $"Each tensor was read again from these files and held to {trained}, number by number (`conversion.csv` names all). {Parity.Sentence}".TrimEnd();
            if (Engine is not { } engine) yield break;
            yield return $"Then {MarkdownText.Escape(engine.Server)} served it, and what it answered was held to VoxMake's own forward pass over the same files and to what the network said at the end of its training. "
                + $"Passed: {Names(engine, "passed")}.";
            if (engine.Checks.Any(check => check.Outcome == "failed")) yield return $"**Failed: {Names(engine, "failed")}. This is not the voice that was trained.**";
            foreach (var check in engine.Checks.Where(check => check.Outcome == "warned")) yield return $"Warned: {MarkdownText.Escape(check.Name)}: {MarkdownText.Escape(check.Message)}.";
        }
    }

    public string Use => $"""
        A prompt is a voice's name, a colon and the text. {Voices} Besides these files the codec is needed, [{Codec}](https://huggingface.co/{Codec}).

        With VoxMake, sound included:

        ```bash
        vox-synth say spoken --model . --codec path/to/snac_24khz --text "The text to say."
        vox-serve --model . --served-model-name {Served.ServedModelName} --max-model-len {Served.MaxModelLen} --snac path/to/snac_24khz
        curl http://127.0.0.1:8000/v1/audio/speech -H "Content-Type: application/json" -o speech.wav -d '{Served.SpeechRequest("The text to say.", Model.Voices?.FirstOrDefault())}'
        ```

        With vLLM, here or with the repository's name for `model`:

        ```bash
        vllm serve --config vllm.yaml
        {Served.DockerRun()}
        ```

        It takes tokens and gives tokens: begin of human, the prompt, end of turn and of human, begin of AI and of speech; of what comes back each seven are a frame of sound, 85 ms,
        which the codec decodes.
        `generation_config.json` has the ids that end speech, and the sampling. Without its repetition penalty the voice repeats itself.
        {(Model.Adapter is null ? "" : "\n`lora/` is the adapter alone, as peft has it, to be laid beside the base model.\n")}
        """;

    public IEnumerable<string> Limits =>
    [
        "Its speech ends when it chooses; long texts are best given sentence by sentence (vox-serve and vox-synth do so).",
        "It can repeat itself, leave out words or add some: listen. What it learnt of other languages and moods before, it may have unlearnt.",
    ];

    private string Voices => Model.Voices is not { Count: > 0 } voices ? "" : voices.Count == 1 ? $"Its voice is called {MarkdownText.Escape(voices[0])}."
        : voices.Count <= MostVoices ? $"Its voices: {string.Join(", ", voices.Select(MarkdownText.Escape))}." : $"It has {voices.Count} voices, which `voices.json` names.";

    private static string Names(EngineProof engine, string outcome)
    {
        List<string> names = [.. engine.Checks.Where(check => check.Outcome == outcome).Select(check => MarkdownText.Escape(check.Name))];
        return names.Count > 0 ? string.Join(", ", names) : "nothing";
    }
}
