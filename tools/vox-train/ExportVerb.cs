using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.TrainTool;

/// <summary>
/// <c>vox-train export</c>: the best checkpoint as a directory that transformers and every VITS tool load: weight norm of the decoder folded (by torch's own operator, so that it speaks the bits that
/// it spoke while training), tokenizer, generation settings, the discriminator to train on with, and where it comes from (docs/targets/export.md).
/// </summary>
public sealed class ExportVerb : CollectVerb<ExportSettings>
{
    private const string TrainedRole = "trained", Checkpoint = "checkpoint/";

    public override string Name => "export";
    public override string Summary => "Writes a trained voice as a directory that transformers loads.";
    public override bool TakesItems => false;
    public override JsonTypeInfo SettingsType => ExportJson.Default.ExportSettings;
    public override IReadOnlyList<FileRole> FileRoles =>
    [
        new(TrainedRole, "the result of Train: its folder", Required: true),
        new(Sources.ProvenanceRole, "a JSON file about where the voice comes from: inputs, settings, seed, versions, and licences: the recordings' licences, null for those without"),
        new(Sources.BaseRole, "the base model's folder, for its licence"),
    ];

    public override string? Describe(string setting) => setting switch
    {
        "name" => "what README.md calls the voice; default voice",
        _ => null,
    };

    protected override void Run(ExportSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        try
        {
            var trained = order.Files(TrainedRole).ToDictionary(file => file.Name, StringComparer.Ordinal);
            var checkpoint = trained.Values.Where(file => file.Name.StartsWith(Checkpoint, StringComparison.Ordinal)).ToDictionary(file => file.Name[Checkpoint.Length..], StringComparer.Ordinal);
            if (checkpoint.Count == 0) throw new ToolException($"the result of Train has no {Checkpoint}") { Field = TrainedRole, Try = "name the folder that holds checkpoint/, training.json and said.json" };
            var sources = Sources.Of(order, trained);
            if (sources.Licence.Id == "unknown") report.Warning($"licence: {sources.Licence.Sentence}");

            Libtorch.Threads = order.Threads;
            using var directory = VitsDirectory.Open(ModelFiles.Of(checkpoint.Values.Select(file => (file.Name[Checkpoint.Length..], file.Path))));
            using var model = directory.Model();
            VitsDirectory.Write(Path.GetDirectoryName(report.PathFor("config.json"))!, model, directory.Tokenizer);
            var written = new List<(string Name, Digest Digest, long Size)>();
            foreach (var name in new[] { "config.json", "model.safetensors" }.Concat(VitsTokenizerFiles.Names)) Written(name);
            foreach (var name in new[] { VitsDirectory.DiscriminatorFile, VitsVoice.SpeakersFile })
            {
                if (!checkpoint.TryGetValue(name, out var passed)) continue;
                report.Output(name, passed);
                written.Add((name, passed.Digest, passed.Size));
            }
            File.WriteAllText(report.PathFor("README.md"), ExportReadme.Of(settings.Name, directory.Config, directory.Tokenizer, SpeakersOf(checkpoint), sources));
            Written("README.md");
            JsonFile.Write(report.PathFor("provenance.json"), Provenance(directory, model, sources, written));
            report.Output("provenance.json");
            report.Metric("licence", sources.Licence.Id);
            report.Metric("parameters", Parameters(model));

            void Written(string name)
            {
                written.Add((name, Digest.OfFile(report.PathFor(name)), new FileInfo(report.PathFor(name)).Length));
                report.Output(name);
            }
        }
        catch (ModelException error) { throw new ToolException(error.Message) { Field = TrainedRole }; }
        catch (WeightsException error) { throw new ToolException(error.Rule) { File = error.File }; }
        catch (TorchException error) { throw new ToolException(error.Message) { Field = TrainedRole }; }
    }

    /// <summary>What the host handed over, and beside it what only this process knows.</summary>
    private static JsonObject Provenance(VitsDirectory directory, VitsModel model, Sources sources, IEnumerable<(string Name, Digest Digest, long Size)> files)
    {
        var json = (JsonObject)sources.Host.DeepClone();
        json["licence"] = new JsonObject { ["id"] = sources.Licence.Id, ["sentence"] = sources.Licence.Sentence };
        json["training"] = sources.Training.DeepClone();
        json["model"] = new JsonObject
        {
            ["family"] = "vits", ["parameters"] = Parameters(model), ["sampling_rate"] = directory.Config.SamplingRate, ["num_speakers"] = directory.Config.NumSpeakers,
            ["vocab_size"] = directory.Config.VocabSize, ["language"] = directory.Tokenizer.Settings.Language,
        };
        json["exported_with"] = new JsonObject { ["voxmake"] = typeof(ExportVerb).Assembly.GetName().Version!.ToString(3), ["libtorch"] = Libtorch.Version };
        json["files"] = new JsonArray([.. files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => new JsonObject { ["name"] = file.Name, ["sha256"] = file.Digest.ToString(), ["size"] = file.Size })]);
        return json;
    }

    private static long Parameters(VitsModel model) => model.NamedTensors().Sum(named => named.Tensor.Count);

    private static List<string> SpeakersOf(Dictionary<string, InputFile> checkpoint) => checkpoint.TryGetValue(VitsVoice.SpeakersFile, out var file)
        ? [.. JsonFile.Read(file).OrderBy(speaker => JsonFile.Number(speaker.Value)).Select(speaker => speaker.Key)]
        : [];
}
