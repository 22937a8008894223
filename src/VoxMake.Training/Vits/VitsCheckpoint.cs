using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Optim;
using VoxMake.Torch.Weights;

namespace VoxMake.Training.Vits;

/// <summary>What a checkpoint of VITS holds: both networks in the form for training, both optimizers, how far the run is, and its tables.</summary>
internal static class VitsCheckpoint
{
    /// <summary>The key in discriminator.safetensors under which the discriminators' shape stands.</summary>
    public const string ShapeKey = "config";

    private const string Generator = "generator.safetensors", Discriminator = "discriminator.safetensors", GeneratorOptimizer = "optimizer_g.safetensors", DiscriminatorOptimizer = "optimizer_d.safetensors";

    /// <summary>Bytes of a checkpoint of networks with so many parameters: weights and two means of each, and a little more.</summary>
    public static long BytesOf(long parameters) => 12 * parameters + (16 << 20);

    /// <summary>Writes all files into a folder.</summary>
    public static void Write(string folder, VitsNetworks networks, TrainingRun run)
    {
        Checkpoint.Save(networks.Generator, Path.Combine(folder, Generator));
        SaveDiscriminator(networks.Discriminator, Path.Combine(folder, Discriminator));
        Checkpoint.Save(networks.Trainer.GeneratorOptimizer.NamedState(), Path.Combine(folder, GeneratorOptimizer));
        Checkpoint.Save(networks.Trainer.DiscriminatorOptimizer.NamedState(), Path.Combine(folder, DiscriminatorOptimizer));
        run.Write(folder);
    }

    /// <summary>Brings networks and optimizers to where the checkpoint is.</summary>
    /// <exception cref="TrainingException">It is of networks of other shapes.</exception>
    public static void Load(CheckpointFolder checkpoint, VitsNetworks networks)
    {
        try
        {
            LoadGenerator(checkpoint, networks.Generator);
            LoadDiscriminator(checkpoint, networks.Discriminator);
            Load(checkpoint, GeneratorOptimizer, networks.Trainer.GeneratorOptimizer);
            Load(checkpoint, DiscriminatorOptimizer, networks.Trainer.DiscriminatorOptimizer);
        }
        catch (TorchException error) when (error is not TorchOutOfMemoryException)
        {
            throw new TrainingException($"the checkpoint is of another network: {error.Message}", error) { File = checkpoint.Path, Try = "begin anew in an empty state folder" };
        }
    }

    /// <summary>The generator's weights alone.</summary>
    public static void LoadGenerator(CheckpointFolder checkpoint, VitsModel generator)
    {
        using var file = SafetensorsFile.Open(checkpoint.File(Generator));
        Checkpoint.Load(generator, file.Tensors, file.Path);
    }

    /// <summary>The discriminator's weights alone.</summary>
    public static void LoadDiscriminator(CheckpointFolder checkpoint, VitsDiscriminator discriminator)
    {
        using var file = SafetensorsFile.Open(checkpoint.File(Discriminator));
        Checkpoint.Load(discriminator, file.Tensors, file.Path);
    }

    /// <summary>Writes a discriminator with its shape, so that the file alone says how to use it.</summary>
    public static void SaveDiscriminator(VitsDiscriminator discriminator, string path) =>
        Checkpoint.Save(discriminator, path, new Dictionary<string, string> { ["format"] = "pt", [ShapeKey] = JsonSerializer.Serialize(discriminator.Config, ShapeJson.Default.VitsDiscriminatorConfig) });

    /// <summary>The shape that stands in a discriminator's file.</summary>
    /// <exception cref="TrainingException">It is none.</exception>
    public static VitsDiscriminatorConfig ReadShape(string text, string name)
    {
        try
        {
            var shape = JsonSerializer.Deserialize(text, ShapeJson.Default.VitsDiscriminatorConfig) ?? throw new JsonException("it is null");
            shape.Check(name);
            return shape;
        }
        catch (JsonException error) { throw new TrainingException($"the shape in its metadata ({ShapeKey}) cannot be read: {error.Message}", error) { File = name }; }
    }

    /// <summary>Both optimizers move once a step, so their count is the checkpoint's step.</summary>
    private static void Load(CheckpointFolder checkpoint, string name, AdamW optimizer)
    {
        using var file = SafetensorsFile.Open(checkpoint.File(name));
        Checkpoint.Load(optimizer.NamedState(), "the optimizer", file.Tensors, file.Path);
        optimizer.Steps = checkpoint.Step;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VitsDiscriminatorConfig))]
internal sealed partial class ShapeJson : JsonSerializerContext;
