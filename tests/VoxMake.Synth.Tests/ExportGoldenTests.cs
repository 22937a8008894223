using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Corpus.Tests;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Protocol;
using VoxMake.Torch;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Synth.Tests;

[Collection("libtorch")]
public class ExportGoldenTests
{
    public ExportGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory, InlineData("single"), InlineData("multi")]
    public void An_export_is_whole_folded_and_speaks_the_very_samples_of_training(string name)
    {
        using var trained = new TrainedVoice(name);
        using var folder = new TemporaryFolder();
        var tool = trained.Export(folder, """{"voice": "anna", "licences": ["CC0-1.0"], "seed": 42}""", settings: """{"name": "Anna"}""");
        Assert.True(tool.Exit == 0, tool.Said);
        var export = folder.File("out");
        string[] expected = ["README.md", "added_tokens.json", "config.json", "discriminator.safetensors", "model.safetensors", "provenance.json", "speakers.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.json"];
        Assert.Equal(expected, tool.Of<OutputEvent>().Select(happened => happened.Output.Name).Order(StringComparer.Ordinal));
        using (var weights = SafetensorsFile.Open(folder.File("out/model.safetensors")))
        {
            Assert.DoesNotContain(weights.Tensors.Keys, tensor => tensor.StartsWith("decoder.", StringComparison.Ordinal) && tensor.EndsWith("weight_g", StringComparison.Ordinal));
            Assert.Contains(weights.Tensors.Keys, tensor => tensor.StartsWith("flow.", StringComparison.Ordinal) && tensor.EndsWith("weight_g", StringComparison.Ordinal));
        }

        var provenance = JsonNode.Parse(File.ReadAllBytes(folder.File("out/provenance.json")))!;
        Assert.Equal("cc0-1.0", provenance["licence"]!["id"]!.GetValue<string>());
        Assert.Equal(42, provenance["seed"]!.GetValue<int>());
        Assert.Equal(60, provenance["training"]!["steps"]!.GetValue<int>());
        foreach (var file in provenance["files"]!.AsArray())
            Assert.Equal(Digest.OfFile(folder.File(Path.Combine("out", file!["name"]!.GetValue<string>()))).ToString(), file["sha256"]!.GetValue<string>());
        Assert.Equal(expected.Except(["provenance.json"]), provenance["files"]!.AsArray().Select(file => file!["name"]!.GetValue<string>()));

        var readme = File.ReadAllText(folder.File("out/README.md"));
        foreach (var part in new[] { "license: cc0-1.0\n", "# Anna\n", "VitsModel.from_pretrained", "vox-synth say . --model", "10 clips, 1.1 minutes", "60 steps of training; this is the network of step 40", "far too few", name == "multi" ? "speaker_id=0" : "one speaker" })
            Assert.Contains(part, readme);

        var validated = trained.Validate(export);
        Assert.True(validated.Exit == 0, validated.Said);
        Assert.Equal(validated.Of<MetricEvent>().Single(metric => metric.Name == "sentences").Value, validated.Of<MetricEvent>().Single(metric => metric.Name == "identical").Value);
        Assert.Empty(validated.Of<WarningEvent>());
    }

    [SkippableFact]
    public void The_same_training_is_exported_to_the_same_bytes()
    {
        using var trained = new TrainedVoice("multi");
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        Assert.Equal(trained.Export(one).Of<OutputEvent>(), trained.Export(other).Of<OutputEvent>());
    }

    [SkippableFact]
    public void One_flipped_weight_is_caught_with_sentence_sample_and_difference()
    {
        using var trained = new TrainedVoice("multi");
        var checkpoint = Path.Combine(trained.Folder, "checkpoint"); // a model directory too; an export is held to what was said in the test above
        long offset;
        using (var file = SafetensorsFile.Open(Path.Combine(checkpoint, "model.safetensors"))) offset = file.Entries.First(entry => entry.Name == "decoder.conv_pre.bias").ByteOffset;
        var bytes = File.ReadAllBytes(Path.Combine(checkpoint, "model.safetensors"));
        bytes[offset + 2] ^= 0x40; // the highest bit but one of the first number's fraction
        File.WriteAllBytes(Path.Combine(checkpoint, "model.safetensors"), bytes);
        var tool = trained.Validate(checkpoint);
        Assert.Equal(1, tool.Exit);
        Assert.Matches(@"^sentence 1 \('.+'\) is not what was spoken before the export: sample \d+ \(at \d+\.\d{3} s\) was \S+ and is \S+; the largest difference is \S+$", tool.Error.Message);
    }

    [SkippableTheory]
    [InlineData("libtorch", "9.9.9", "libtorch 9.9.9, not")]
    [InlineData("processor", "AVX512 on GenuineIntel family 6 model 999", "processor AVX512 on GenuineIntel family 6 model 999, not")]
    [InlineData("blas", "reference BLAS", "blas reference BLAS, not")]
    [InlineData("processor", null, "processor unknown (an older version did not note it), not")]
    [InlineData("blas", null, "blas unknown (an older version did not note it), not")]
    public void What_rounds_otherwise_is_said_and_samples_are_compared_within_the_tolerance(string what, string? then, string said)
    {
        using var trained = new TrainedVoice("multi");
        trained.Said.Remove(what);
        if (then is not null) trained.Said[what] = then;
        trained.WriteSaid();
        var tool = trained.Validate(Path.Combine(trained.Folder, "checkpoint"));
        Assert.True(tool.Exit == 0, tool.Said);
        Assert.Contains(said, tool.Of<WarningEvent>().Single().Message);
        Assert.Contains("2E-05", tool.Of<WarningEvent>().Single().Message);
    }

    /// <summary>libtorch and OpenBLAS are told to take the processor for an old one, as it would be on another machine: sums are really rounded otherwise.</summary>
    [SkippableFact]
    public void A_right_export_passes_on_a_processor_that_rounds_otherwise_and_bits_are_compared_only_where_it_is_the_same()
    {
        using var trained = new TrainedVoice("multi");
        Skip.IfNot(Libtorch.Processor.StartsWith("AVX", StringComparison.Ordinal) && Libtorch.Blas.Contains("DYNAMIC_ARCH", StringComparison.Ordinal),
            "this libtorch has no other code for this processor");
        var (checkpoint, older) = (Path.Combine(trained.Folder, "checkpoint"), new Dictionary<string, string> { ["ATEN_CPU_CAPABILITY"] = "default", ["OPENBLAS_CORETYPE"] = "Nehalem" });
        using var folder = new TemporaryFolder();
        var tool = trained.Validate(checkpoint, folder, older);
        Assert.True(tool.Exit == 0, tool.Said);
        var validation = JsonNode.Parse(File.ReadAllBytes(folder.File("out/validation.json")))!;
        Assert.False((bool)validation["exact"]!);
        Assert.Matches("^(NO AVX|DEFAULT) on ", (string)validation["processor"]!);
        Assert.Contains("Nehalem", (string)validation["blas"]!);
        Assert.Equal(2, validation["differences"]!.AsArray().Count);
        Assert.Contains(validation["sentences"]!.AsArray(), sentence => !(bool)sentence!["identical"]!); // else the rest would show nothing
        Assert.All(validation["sentences"]!.AsArray(), sentence => Assert.InRange((double)sentence!["largest_difference"]!, 0, 2e-5));

        (trained.Said["processor"], trained.Said["blas"]) = ((string)validation["processor"]!, (string)validation["blas"]!); // so that the bits must come again, and do not
        trained.WriteSaid();
        Assert.Contains("is not what was spoken before the export", trained.Validate(checkpoint, folder, older).Error.Message);
    }

    [SkippableFact]
    public void The_base_models_licence_is_inherited_and_what_is_not_known_is_said_aloud()
    {
        using var trained = new TrainedVoice("multi");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("base/README.md"), "---\nlicense: cc-by-nc-4.0\ntags:\n- mms\n---\n# MMS\nlicense: mit\n");
        Assert.Equal("cc-by-nc-4.0", trained.Export(folder, """{"licences": ["CC-BY-4.0"]}""", folder.File("base")).Of<MetricEvent>().Single(metric => metric.Name == "licence").Value.AsText);
        var silent = trained.Export(folder);
        Assert.Equal(0, silent.Exit);
        Assert.Contains("No licence is known of the recordings", silent.Of<WarningEvent>().Single().Message);
        Assert.Contains("license: unknown", File.ReadAllText(folder.File("out/README.md")));
    }

    [SkippableFact]
    public void By_hand_an_export_is_a_folder_with_all_its_files()
    {
        using var trained = new TrainedVoice("multi");
        using var folder = new TemporaryFolder();
        var tool = Tool.Run("vox-train", "export", folder.File("export"), "--trained", trained.Folder);
        Assert.True(tool.Exit == 0, tool.Said);
        using var voice = VitsVoice.Open(ModelFiles.InFolder(folder.File("export")));
        Assert.Equal(voice.Config.NumSpeakers, voice.Speakers.Count);
        Assert.True(File.Exists(folder.File("export/discriminator.safetensors")));
    }

    [SkippableFact]
    public void A_result_without_a_checkpoint_is_refused()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.Order(folder, "vox-train", "export", "{}", [], new() { ["trained"] = [Tool.Input(folder, "training.json", "{}")] });
        Assert.Equal((2, "trained"), (tool.Exit, tool.Error.Field));
    }
}
