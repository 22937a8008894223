using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Training;
using VoxMake.Training.Vits;

namespace VoxMake.TrainTool;

/// <summary><c>vox-train vits</c>: trains a VITS voice on a dataset (docs/targets/train.md).</summary>
public sealed class VitsVerb : CollectVerb<VitsSettings>
{
    public override string Name => "vits";
    public override string Summary => "Trains a VITS voice on a dataset, from nothing or from a published model, and goes on where it was stopped.";
    public override string InputHelp => "a metadata.csv of clips (file_name, text, speaker_id, and split: train or validation; without that column all are trained on)";
    public override JsonTypeInfo SettingsType => VitsSettingsJson.Default.VitsSettings;
    public override bool KeepsState => true;

    public override IReadOnlyList<FileRole> FileRoles =>
    [
        new("base", "the folder of the model to begin with: a published VITS or MMS one, or an export; without it training begins from nothing"),
        new("speakers", "speakers.json: {\"name\": index}; without it speakers are numbered by name"),
    ];

    public override string? Describe(string setting) => setting switch
    {
        "size" => "the network where no base is given: tiny (shows that all works) or base (that of MMS); default base",
        "num_epochs" => "how often every clip is heard; raised, the training goes on; default 50",
        "learning_rate" => "step size at its highest; default 0.0002",
        "lr_decay" => "factor of the step size after every epoch; default 0.999875",
        "warmup_steps" => "steps in which the step size rises; default 0",
        "batch_size" => "clips that go through the network at once; by default what fits the memory, chosen once and kept",
        "gradient_accumulation_steps" => "how many such pieces make a step; default 1",
        "mixed_precision" => "fp32, or bf16 on a GPU; default fp32",
        "segment_size" => "samples that the decoder speaks of each clip in a step; default 8192",
        "seed" => "any whole number; decides first weights, order and noise; default 42",
        "validation_steps" => "steps from one validation to the next; default 500",
        "validation_sentences" => "held-back sentences that are spoken and measured; default 4",
        "early_stopping_patience" => "validations without a better one after which it stops; off by default",
        "mel_weight" => "factor of the mel loss; default 45",
        "kl_weight" => "factor of the KL divergence; default 1",
        "max_grad_norm" => "gradients are scaled down to this norm; off by default, as the original",
        "sample_rate" => "of the clips and of the voice, Hz; default 22050",
        "max_duration_s" => "longer clips are left out, seconds; default 20",
        "language" => "what is spoken, such as de; its ISO 639-3 code goes into the files of a new tokenizer",
        "save_steps" => "steps from one checkpoint to the next; off by default",
        "save_minutes" => "minutes from one checkpoint to the next; default 10",
        "logging_steps" => "steps from one line of numbers to the next; default 10",
        "device" => "cpu, cuda, cuda:1 or auto; default auto: CUDA where there is one",
        _ => null,
    };

    protected override void Run(VitsSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        // By hand nobody may have named a state folder: it then lies in the output, and the same command goes on from there.
        var state = order.State ?? Path.GetDirectoryName(report.PathFor(".state/choices.json"))!;
        var files = order.Files("base");
        Faults.InWords(() =>
        {
            var speakers = order.Files("speakers").Select(file => SpeakerTable.Read(file.Path, file.Name)).FirstOrDefault();
            var task = new VitsTask(settings, [.. Clips(order, cancel)], speakers,
                files.Count == 0 ? null : ModelFiles.Of(files.Select(file => (file.Name, file.Path))), files.Count == 0 ? null : ModelDigest.Of(files), state, order.Threads);
            new VitsRecipe(task, new TrainingReport(order, report)).Run(cancel);
        });
    }

    private static IEnumerable<VitsClip> Clips(CollectOrder order, CancellationToken cancel)
    {
        foreach (var item in order.Items)
        {
            cancel.ThrowIfCancellationRequested();
            if (!item.Inputs.TryGetValue("audio", out var audio)) throw new ToolException($"the clip '{item.Id}' has no audio");
            var columns = item.Columns;
            yield return new VitsClip(item.Id, audio.Path, audio.Digest.ToString(), columns["split"].AsText ?? "train", columns["text"].ToString(), columns["speaker_id"].ToString());
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(VitsSettings))]
internal sealed partial class VitsSettingsJson : JsonSerializerContext;
