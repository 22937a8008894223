using System.Diagnostics;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Training.Orpheus;

namespace VoxMake.TrainTool;

/// <summary><c>vox-train orpheus</c>: fine-tunes an Orpheus voice on tokenized clips (docs/targets/train.md).</summary>
public sealed class OrpheusVerb : CollectVerb<OrpheusSettings>
{
    internal const string TokensRole = "tokens", BaseRole = "base", CodecRole = "codec";

    public override string Name => "orpheus";
    public override string Summary => "Fine-tunes an Orpheus voice on tokenized clips, and goes on where it was stopped.";
    public override bool TakesItems => false;
    public override JsonTypeInfo SettingsType => OrpheusSettingsJson.Default.OrpheusSettings;
    public override bool KeepsState => true;

    public override IReadOnlyList<FileRole> FileRoles =>
    [
        new(TokensRole, "the folder that vox-codec tokenize wrote: tokens.json, examples.csv and shards", Required: true),
        new(BaseRole, "the folder of the model to begin with: a published Orpheus, or an export", Required: true),
        new(CodecRole, "the folder of the SNAC codec, with which sentences are spoken while it trains", Required: true),
    ];

    public override string? Describe(string setting) => setting switch
    {
        "method" => "lora (an adapter beside the frozen model) or full (all weights); default lora",
        "lora_rank" => "width of the adapter; default 64",
        "lora_alpha" => "the adapter counts alpha / rank times; default 64",
        "lora_dropout" => "of what goes into the adapter, 0 to below 1; default 0",
        "lora_target_modules" => "layers that have one, such as q_proj; default all linear ones",
        "use_rslora" => "whether it counts alpha / the root of rank times; default false",
        "num_epochs" => "how often every example is seen; default 3",
        "learning_rate" => "step size at its highest; default 0.0002",
        "lr_scheduler" => "linear, cosine or constant after the warm-up; default linear",
        "warmup_steps" => "steps in which the step size rises; default 10",
        "weight_decay" => "of matrices; default 0.01",
        "max_grad_norm" => "gradients are scaled down to this norm; default 1",
        "batch_size" => "examples that go through the network at once; by default what fits the memory, chosen once and kept",
        "gradient_accumulation_steps" => "how many such pieces make a step; default 1",
        "mixed_precision" => "fp32, bf16 on a GPU, or auto; default auto",
        "gradient_checkpointing" => "what is computed again instead of kept: none, selective, full, or auto; default auto: what fits",
        "mask_prompt" => "whether texts are not learnt, only sound; default false",
        "seed" => "any whole number; decides the adapter's first weights, order and dropout; default 42",
        "validation_steps" => "steps from one validation to the next; default 200",
        "validation_sentences" => "held-back sentences that are spoken at each; default 4",
        "early_stopping_patience" => "validations without a better one after which it stops; off by default",
        "save_steps" => "steps from one checkpoint to the next; off by default",
        "save_minutes" => "minutes from one checkpoint to the next; default 10",
        "logging_steps" => "steps from one line of numbers to the next; default 10",
        "device" => "cpu, cuda, cuda:1 or auto; default auto: CUDA where there is one",
        "devices" => "processes that train together, one for each GPU; the result is the same but for rounding; default 1",
        _ => null,
    };

    protected override void Run(OrpheusSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var state = order.State ?? Path.GetDirectoryName(report.PathFor(".state/choices.json"))!;
        Faults.InWords(() =>
        {
            var tokens = new OrpheusTokens(order.Files(TokensRole));
            var (train, validation) = (tokens.Shards("train"), tokens.Shards("validation"));
            var task = new OrpheusTask(settings, train, validation, tokens.Ids, tokens.Sentences(validation.Count > 0 ? "validation" : "train", settings.ValidationSentences),
                Files(order, BaseRole), ModelDigest.Of(order.Files(BaseRole)), Files(order, CodecRole), state, order.Threads);
            if (OrpheusPlace.OfEnvironment() is { } place) new OrpheusPeer(task, place).Run(Console.In, () => Environment.Exit(ExitCode.Cancelled));
            else new OrpheusRecipe(task, new TrainingReport(order, report)) { Peer = Again }.Run(cancel);
        });
    }

    /// <summary>This process once more, under the same command line; it is rank 0's and not the host's.</summary>
    private static ProcessStartInfo Again()
    {
        var (program, line) = (Environment.ProcessPath!, Environment.GetCommandLineArgs());
        var start = new ProcessStartInfo(program, [.. Path.GetFileNameWithoutExtension(program) == "dotnet" ? line : line.Skip(1)]);
        start.Environment.Remove(HostLink.Variable);
        return start;
    }

    private static ModelFiles Files(CollectOrder order, string role) => ModelFiles.Of(order.Files(role).Select(file => (file.Name, file.Path)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(OrpheusSettings))]
internal sealed partial class OrpheusSettingsJson : JsonSerializerContext;
