using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.TrainTool;

/// <summary>
/// <c>vox-train orpheus-export</c>: the trained voice as others load it: <c>lora/</c> as peft has it, <c>merged_16bit/</c> for transformers and vLLM with the base model's own tokenizer, settings for vLLM,
/// a log of every tensor, and the proof that it is the trained voice (docs/targets/export.md).
/// </summary>
public sealed class OrpheusExportVerb : CollectVerb<OrpheusExportSettings>
{
    private const string Merged = LlamaDirectory.MergedFolder;
    private const string TrainedRole = "trained", Checkpoint = "checkpoint/";

    /// <summary>Files of a tokenizer and its chat template, which go along as they came.</summary>
    private static readonly string[] TokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.model", "vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json"];

    public override string Name => "orpheus-export";
    public override string Summary => "Writes a trained Orpheus voice as an adapter and as a merged model that vLLM serves.";
    public override bool TakesItems => false;
    public override JsonTypeInfo SettingsType => OrpheusExportJson.Default.OrpheusExportSettings;
    public override IReadOnlyList<FileRole> FileRoles =>
    [
        new(TrainedRole, "the result of Train: its folder", Required: true),
        new(Sources.BaseRole, "the base model's folder", Required: true),
        new(OrpheusVerb.TokensRole, "the result of Tokenize, for what ids mean and the names of voices", Required: true),
        new(Sources.ProvenanceRole, "a JSON file about where the voice comes from: inputs, settings, seed, versions, and licences: the recordings' licences, null for those without"),
    ];

    public override string? Describe(string setting) => setting switch
    {
        "name" => "what README.md calls the voice, and servers the model; default voice",
        "dtype" => "of the merged weights: bf16, fp16 or fp32; default bf16",
        "temperature" => "default of generation; default 0.6",
        "top_p" => "default of generation; default 0.8",
        "repetition_penalty" => "default of generation, without which Orpheus repeats itself; default 1.3",
        "max_model_len" => "longest prompt and speech together that servers take, tokens; default 4096, some 48 seconds",
        "gpu_memory_utilization" => "share of a GPU's memory that vLLM takes; default 0.9",
        _ => null,
    };

    protected override void Run(OrpheusExportSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        settings.Check();
        Libtorch.Threads = order.Threads;
        Faults.InWords(() => Export(settings, order, report, cancel));
    }

    private static void Export(OrpheusExportSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var trained = order.Files(TrainedRole).ToDictionary(file => file.Name, StringComparer.Ordinal);
        var checkpoint = trained.Values.Where(file => file.Name.StartsWith(Checkpoint, StringComparison.Ordinal)).Select(file => (Name: file.Name[Checkpoint.Length..], File: file)).ToList();
        if (checkpoint.Count == 0 || !trained.TryGetValue(OrpheusSaid.FileName, out var noted))
            throw new ToolException($"the result of Train has no {Checkpoint} or no {OrpheusSaid.FileName}") { Field = TrainedRole, Try = "name the folder that holds checkpoint/, training.json and said.json" };
        var sources = Sources.Of(order, trained);
        if (sources.Licence.Id == "unknown") report.Warning($"licence: {sources.Licence.Sentence}");
        var tokens = new OrpheusTokens(order.Files(OrpheusVerb.TokensRole));
        var written = new List<(string Name, Digest Digest, long Size)>();
        var own = new List<string>();

        var lora = checkpoint.Any(file => file.Name == LoraAdapter.ConfigFile) ? ModelFiles.Of(checkpoint.Select(file => (file.Name, file.File.Path))) : null;
        var baseFiles = order.Files(Sources.BaseRole);
        // Where all weights were trained the checkpoint has them, and the base model's configuration still says their shapes.
        using var model = LlamaDirectory.Open(ModelFiles.Of(lora is not null
            ? baseFiles.Select(file => (file.Name, file.Path))
            : baseFiles.Where(file => file.Name is "config.json" or "generation_config.json").Select(file => (file.Name, file.Path)).Concat(checkpoint.Select(file => (file.Name, file.File.Path)))));
        using var adapter = lora is null ? null : LoraWeights.Open(lora, model.Config);
        foreach (var (name, file) in checkpoint.Where(_ => lora is not null)) Pass($"lora/{name}", file);

        var folder = Path.GetDirectoryName(report.PathFor(Merged + "config.json"))!;
        report.Note($"merging {model.WeightsName}{(adapter is null ? "" : $" and an adapter of rank {adapter.Config.Rank}")} to {settings.TypeName}");
        var (log, weights) = LoraMerge.Write(folder, model, adapter, settings.Type);
        JsonFile.Write(Path.Combine(folder, "config.json"), OrpheusServing.Config(model.ConfigJson, settings));
        JsonFile.Write(Path.Combine(folder, "generation_config.json"), OrpheusServing.GenerationConfig(model.Config, tokens.Ids, settings));
        VoicesFile.Write(folder, tokens.Voices);
        foreach (var name in (IEnumerable<string>)[.. weights, "config.json", "generation_config.json", VoicesFile.Name]) Written(Merged + name);
        foreach (var name in TokenizerFiles)
            if (baseFiles.FirstOrDefault(file => file.Name == name) is { } tokenizer) Pass(Merged + name, tokenizer);
        cancel.ThrowIfCancellationRequested();

        report.Note("reading it again, and holding it to what was trained");
        using var again = LlamaDirectory.Open(folder);
        LoraMerge.Verify(again, model, adapter);
        var said = OrpheusSaid.Read(noted.Path, noted.Name);
        if (said.Texts.Count == 0) report.Warning("training.validation_sentences is 0, so nothing was noted that the merged voice could be held to; its tensors were compared number by number");
        var parity = new OrpheusParity(said, settings.Type).Check(model, lora, again, cancel);
        JsonFile.Write(report.PathFor("parity.json"), parity);
        Written("parity.json");

        OrpheusServing.WriteLog(report.PathFor("conversion.csv"), log);
        Written("conversion.csv");
        var vllm = OrpheusServing.Vllm(settings, model.Config);
        File.WriteAllText(report.PathFor(VllmYaml.FileName), vllm.ToString());
        Written(VllmYaml.FileName);
        File.WriteAllText(report.PathFor("README.md"), OrpheusReadme.Of(settings.Name, vllm, tokens, sources, parity, adapter?.Config));
        Written("README.md");
        JsonFile.Write(report.PathFor("provenance.json"), Provenance(settings, model.Config, tokens, adapter?.Config, sources, written));
        foreach (var name in own.Append("provenance.json")) report.Output(name); // only now: from then on a file is the host's, who moves it away while we would still read it
        report.Metric("licence", sources.Licence.Id);
        report.Metric("tensors", log.Count);

        void Written(string name)
        {
            written.Add((name, Digest.OfFile(report.PathFor(name)), new FileInfo(report.PathFor(name)).Length));
            own.Add(name);
        }

        void Pass(string name, InputFile file)
        {
            report.Output(name, file);
            written.Add((name, file.Digest, file.Size));
        }
    }

    /// <summary>What the host handed over, and beside it what only this process knows.</summary>
    private static JsonObject Provenance(OrpheusExportSettings settings, LlamaConfig config, OrpheusTokens tokens, LoraConfig? adapter, Sources sources, IEnumerable<(string Name, Digest Digest, long Size)> files)
    {
        var json = (JsonObject)sources.Host.DeepClone();
        json["licence"] = new JsonObject { ["id"] = sources.Licence.Id, ["sentence"] = sources.Licence.Sentence };
        json["training"] = sources.Training.DeepClone();
        json["model"] = new JsonObject
        {
            ["family"] = "orpheus", ["vocab_size"] = config.VocabSize, ["dtype"] = settings.TypeName, ["voices"] = new JsonArray([.. tokens.Voices.Select(voice => JsonValue.Create(voice))]),
            ["adapter"] = adapter is null ? null : new JsonObject { ["rank"] = adapter.Rank, ["alpha"] = adapter.Alpha, ["rslora"] = adapter.RsLora, ["targets"] = new JsonArray([.. adapter.TargetModules.Select(name => JsonValue.Create(name))]) },
        };
        json["exported_with"] = new JsonObject { ["voxmake"] = typeof(OrpheusExportVerb).Assembly.GetName().Version!.ToString(3), ["libtorch"] = Libtorch.Version };
        json["files"] = new JsonArray([.. files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => new JsonObject { ["name"] = file.Name, ["sha256"] = file.Digest.ToString(), ["size"] = file.Size })]);
        return json;
    }
}
