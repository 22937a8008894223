using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Training.Vits;

namespace VoxMake.TrainTool;

/// <summary><c>vox-train base FOLDER HZ</c>: whether a training can begin from a model. It goes the way that the training will go, up to its first weights, so that hours of preparation do not end at a broken download.</summary>
internal static class BaseCheck
{
    public static Check Check { get; } = new("base", "says whether a training of clips of that many Hz can begin from the model in a folder; exits 2 and says what is wrong where it cannot", ["FOLDER", "HZ"], Ask);

    private static void Ask(IReadOnlyList<string> arguments)
    {
        var folder = arguments[0];
        if (!int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rate)) throw new ToolException($"'{arguments[1]}' is no sample rate in Hz") { Field = "HZ" };
        if (!Directory.Exists(folder)) throw new ToolException("there is no such folder") { File = folder };
        Faults.InWords(() =>
        {
            var files = ModelFiles.Of(Directory.EnumerateFiles(folder).Select(path => (Path.GetFileName(path), path))); // the host names the folder
            if (IsLanguageModel(files))
            {
                LlamaDirectory.Open(files).Dispose(); // every tensor is there with its shape; its numbers are read when it trains
                return;
            }
            using var beginning = VitsBeginning.FromBase(files, new VitsSettings(SampleRate: rate), texts: [""], new SpeakerTable([]));
            var (generator, discriminator) = beginning.Networks();
            generator.Dispose();
            discriminator.Dispose();
        });
    }

    private static bool IsLanguageModel(ModelFiles files)
    {
        try { return files.TryGet("config.json", out var path) && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject json && JsonFile.Text(json["model_type"]) is { } type and not "vits"; }
        catch (JsonException) { return false; }
    }
}
