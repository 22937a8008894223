using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.ValidateTool.Checks;
using VoxMake.ValidateTool.Docker;
using VoxMake.ValidateTool.Engines;

namespace VoxMake.ValidateTool;

/// <summary><c>vox-validate orpheus</c>: has an engine serve an exported Orpheus voice, and holds what it answers to our own forward pass over the same files and to what was trained
/// (docs/targets/validate.md).</summary>
public sealed class OrpheusVerb : CollectVerb<ValidateSettings>
{
    internal const string FileName = "validation.json", LogName = "engine.log";

    public override string Name => "orpheus";
    public override string Summary => "Checks an exported Orpheus voice: its files, and an engine that serves it.";
    public override bool TakesItems => false;
    public override JsonTypeInfo SettingsType => ValidateJson.Default.ValidateSettings;
    public override IReadOnlyList<FileRole> FileRoles =>
    [
        new(ValidatedModel.ModelRole, "the result of Export, or the folder of its merged model", Required: true),
        new(ValidatedModel.CodecRole, "a folder with the codec SNAC of 24 kHz: config.json, and pytorch_model.bin or model.safetensors", Required: true),
        new(ValidatedModel.TrainedRole, "the result of Train: said.json", Required: true),
    ];

    public override string? Describe(string setting) => setting switch
    {
        "engine" => "what serves the model: embedded (VoxMake's own server), endpoint (a server that runs) or container; default embedded",
        "endpoint" => "the server's address, such as http://127.0.0.1:8000, for engine endpoint",
        ApiKey.Setting => "for engine endpoint: the environment variable that holds the server's key; none is sent if not said",
        "container" => "the image, such as vllm/vllm-openai:latest, for engine container; docker or podman runs it",
        "name" => "what the server calls the model; default as vllm.yaml of the export says, else voice",
        "prompts" => "noted prompts that are compared, 1 to 10000; default 4",
        "tokens" => "most tokens of each that are compared, 1 to 65536; default 64",
        "speech_tokens" => "most tokens of the text that is spoken, within which it must end, 7 to 65536; default 1200, some 14 seconds",
        "concurrent" => "requests at once whose speed is measured, 1 to 1000; default 4",
        "timeout_s" => "seconds that the engine has to start, and for each answer, 0.1 to 86400; default 600",
        "max_model_len" => "tokens of prompt and speech together that it is served with, 64 to 1048576; default as vllm.yaml of the export says, else 4096; the network's context where that is shorter",
        "dtype" => "what the engine computes in: auto (as the weights are), float32, bfloat16 or float16; of an endpoint, what it was started with; default auto",
        "seed" => "of the speech that is drawn, any whole number; default 42",
        "strict_speech" => "whether speech that does not end, is not made of frames, silent or clipped fails; false for models too small to speak; default true",
        _ => null,
    };

    protected override void Run(ValidateSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        settings.Check();
        var key = ApiKey.In(settings.ApiKeyEnv);
        Libtorch.Threads = order.Threads;
        if (!Device.TryParse(order.Device, out var device) || !device.IsThere)
            throw new ToolException($"there is no device '{order.Device}': {Libtorch.Describe()}") { Field = "device", Try = "validate on cpu" };
        using var model = ValidatedModel.Open(order, settings, device);
        var validation = new Validation(model, settings, key, device, report);
        // Only our own task waits for it: a tool has no other work meanwhile.
        var log = validation.Run(length => Engine(settings, model, device, length, cancel), cancel).GetAwaiter().GetResult();
        Write(settings, validation.Results, log, report);
        var failed = validation.Results.Where(result => result.Outcome == CheckOutcome.Failed).ToList();
        if (failed.Count == 0) return;
        var more = failed.Count > 1 ? $" (and {failed.Count - 1} more checks failed: {string.Join(", ", failed.Skip(1).Select(result => result.Name))})" : "";
        throw new ToolException($"{failed[0].Name}: {failed[0].Message}{more}")
        {
            ExitCode = ExitCode.Failed,
            Try = failed[0].Mend,
        };
    }

    private static async Task<IEngine> Engine(ValidateSettings settings, ValidatedModel model, Device device, int length, CancellationToken cancel) => settings.Engine switch
    {
        ValidateSettings.ByEndpoint => new EndpointEngine(new Uri(settings.Endpoint!)),
        ValidateSettings.InContainer => new ContainerEngine(await DockerTool.Find(cancel), settings.Container!, model.Files, model.Name, length, settings.Dtype),
        _ => new EmbeddedEngine(model.Files, model.Name, length, settings.Type, device),
    };

    private static void Write(ValidateSettings settings, IReadOnlyList<CheckResult> results, IReadOnlyList<string> log, ICollectReporter report)
    {
        var json = new JsonObject
        {
            ["engine"] = settings.Engine,
            ["of"] = settings.Engine switch { ValidateSettings.ByEndpoint => settings.Endpoint, ValidateSettings.InContainer => settings.Container, _ => null },
            ["libtorch"] = Libtorch.Version,
            ["passed"] = results.All(result => result.Outcome != CheckOutcome.Failed),
            ["checks"] = new JsonArray([.. results.Select(result => result.ToJson())]),
        };
        File.WriteAllText(report.PathFor(FileName), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        report.Output(FileName);
        if (log.Count > 0)
        {
            File.WriteAllLines(report.PathFor(LogName), log);
            report.Output(LogName);
        }
        report.Metric("checks", results.Count);
        report.Metric("warned", results.Count(result => result.Outcome == CheckOutcome.Warned));
        report.Metric("failed", results.Count(result => result.Outcome == CheckOutcome.Failed));
    }
}
