using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Models.Tests.Vits;
using VoxMake.Models.Vits;
using VoxMake.Corpus.Tests;
using VoxMake.Protocol;
using VoxMake.Torch;
using VoxMake.Torch.Weights;

namespace VoxMake.Synth.Tests;

/// <summary>What Train leaves, made of a golden network: weights in the form for training, and what it spoke in this process.</summary>
internal sealed class TrainedVoice : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="name"><c>single</c> or <c>multi</c>.</param>
    public TrainedVoice(string name)
    {
        using var golden = new GoldenVoice(name);
        using var directory = VitsDirectory.Open(golden.Folder);
        using var network = new VitsModel(directory.Config, decoderWeightNorm: true) { Training = false };
        directory.LoadInto(network, 0);
        // A decoder that was trained: directions and lengths that no folded weight was unfolded to
        using (Libtorch.NoGrad())
        using (var scope = new TensorScope())
            foreach (var (tensor, numbers) in network.NamedTensors())
                if (tensor.StartsWith("decoder.", StringComparison.Ordinal) && tensor.EndsWith("weight_v", StringComparison.Ordinal)) numbers.mul_(1.7);
        VitsDirectory.Write(Path.Combine(Folder, "checkpoint"), network, directory.Tokenizer);
        SafetensorsWriter.Write(Path.Combine(Folder, "checkpoint", "discriminator.safetensors"), [TensorSource.Of("discriminators.0.bias", DType.F32, [1], new byte[4])]);
        var speakers = new JsonObject(Enumerable.Range(0, directory.Config.NumSpeakers).Select(i => new KeyValuePair<string, JsonNode?>($"speaker {(char)('a' + i)}", i)));
        File.WriteAllText(Path.Combine(Folder, "checkpoint", "speakers.json"), speakers.ToJsonString());
        File.WriteAllText(Path.Combine(Folder, "training.json"), """{"steps": 60, "best_step": 40, "best_val_mel": 1.25, "base": null, "splits": {"train": {"clips": 10, "seconds": 66.5}}}""");

        using var voice = network.Folded();
        Speaker = golden.Speaker ?? 0;
        var sentences = golden.Texts.Select((text, i) => (N: i + 1, Text: text, Seed: 1000UL + (ulong)i)).ToList();
        SafetensorsWriter.Write(Path.Combine(Folder, "said.safetensors"), sentences.Select(one =>
        {
            var samples = VitsVoice.Speak(voice, directory.Tokenizer, one.Text, one.Seed, new VitsSpeaking(Speaker));
            return TensorSource.Of($"waveform.{one.N}", DType.F32, [samples.Length], MemoryMarshal.AsBytes(samples.AsSpan()).ToArray());
        }));
        Said = new JsonObject
        {
            ["libtorch"] = Libtorch.Version, ["processor"] = Libtorch.Processor, ["blas"] = Libtorch.Blas, ["threads"] = Libtorch.Threads, ["device"] = "cpu",
            ["sentences"] = new JsonArray([.. sentences.Select(one => new JsonObject { ["n"] = one.N, ["text"] = one.Text, ["speaker"] = Speaker, ["seed"] = one.Seed })]),
        };
        WriteSaid();
    }

    public string Folder => _folder.Path;
    public int Speaker { get; }
    public JsonObject Said { get; }

    public void WriteSaid() => File.WriteAllText(Path.Combine(Folder, "said.json"), Said.ToJsonString());

    /// <summary>Exports it by an order, as the host does.</summary>
    /// <param name="to">The order's folder; the export is <c>out</c> in it.</param>
    /// <param name="provenance">What the host hands over; null for nothing.</param>
    /// <param name="baseModel">The base model's folder; null for none.</param>
    public Tool Export(TemporaryFolder to, string? provenance = null, string? baseModel = null, string settings = "{}")
    {
        var files = new Dictionary<string, IReadOnlyList<InputFile>> { ["trained"] = Files(Folder) };
        if (provenance is not null) files["provenance"] = [Tool.Input(to, "provenance.json", provenance)];
        if (baseModel is not null) files["base"] = Files(baseModel);
        var tool = Tool.Order(to, "vox-train", "export", settings, [], files);
        // The host takes outputs that are inputs from its cache
        foreach (var output in tool.Of<OutputEvent>().Select(happened => happened.Output).Where(output => output.Path is null))
            File.Copy(files["trained"].First(file => file.Digest == output.Digest).Path, to.File(Path.Combine("out", output.Name)), overwrite: true);
        return tool;
    }

    /// <summary>Validates a folder against what was said.</summary>
    public Tool Validate(string export)
    {
        using var order = new TemporaryFolder();
        return Validate(export, order);
    }

    /// <summary>The same by an order whose folder stays: validation.json is in <c>out</c> in it.</summary>
    /// <param name="variables">More of the environment.</param>
    public Tool Validate(string export, TemporaryFolder order, Dictionary<string, string>? variables = null) =>
        Tool.Order(order, "vox-synth", "validate", "{}", [], new() { ["model"] = Files(export), ["trained"] = Files(Folder) }, variables: variables);

    /// <summary>All files of a folder, as the host hands them over.</summary>
    public static IReadOnlyList<InputFile> Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => new InputFile(Path.GetRelativePath(folder, path), path, Digest.OfFile(path), new FileInfo(path).Length)).OrderBy(file => file.Name, StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();
}
