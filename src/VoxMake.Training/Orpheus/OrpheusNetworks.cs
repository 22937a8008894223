using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Torch;
using VoxMake.Torch.Distributed;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Training.Orpheus;

/// <summary>The language model on its device, with its adapter where it has one, and the trainer that moves weights.</summary>
internal sealed class OrpheusNetworks : IDisposable
{
    private const string Weights = "weights.safetensors", Optimizer = "optimizer.safetensors";

    private OrpheusNetworks(LlamaModel model, LoraAdapter? adapter, OrpheusTrainer trainer) => (Model, Adapter, Trainer) = (model, adapter, trainer);

    public LlamaModel Model { get; }

    /// <summary>Null where all weights are trained.</summary>
    public LoraAdapter? Adapter { get; }

    public OrpheusTrainer Trainer { get; }

    /// <summary>Numbers that are trained.</summary>
    public long Trained => Trainer.Parameters.Sum(parameter => parameter.Tensor.Count);

    /// <summary>All numbers.</summary>
    public long Parameters => Model.NamedTensors().Sum(named => named.Tensor.Count);

    /// <summary>Bytes of a checkpoint: what is trained, two means of each, and a little more.</summary>
    public long CheckpointBytes => 12 * Trained + (16 << 20);

    /// <summary>Makes them, with their first weights.</summary>
    /// <param name="bf16">Whether the base model's weights are in bfloat16.</param>
    public static OrpheusNetworks Begin(LlamaDirectory directory, OrpheusSettings settings, Device device, bool bf16)
    {
        var model = directory.Model(device, bf16 ? ScalarType.BFloat16 : ScalarType.Float);
        try
        {
            LoraAdapter? adapter = null;
            if (settings.Lora is { } lora)
            {
                foreach (var (_, parameter) in model.NamedParameters()) parameter.RequiresGrad = false;
                adapter = LoraAdapter.Start(model, lora, settings.Seed);
            }
            model.Training = true;
            return new OrpheusNetworks(model, adapter, new OrpheusTrainer(model, settings.WeightDecay, settings.MaxGradNorm, masterWeights: bf16));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes what is trained and the optimizer into a checkpoint's folder.</summary>
    public void Write(string folder)
    {
        Checkpoint.Save(Trainer.Parameters, Path.Combine(folder, Weights));
        Checkpoint.Save(Trainer.Optimizer.NamedState(), Path.Combine(folder, Optimizer));
    }

    /// <summary>Brings all to where a checkpoint is.</summary>
    public void Load(CheckpointFolder checkpoint)
    {
        LoadWeights(checkpoint);
        Load(checkpoint, Optimizer, Trainer.Optimizer.NamedState());
        Trainer.Optimizer.Steps = checkpoint.Step;
    }

    /// <summary>All processes get what rank 0 has trained, and its optimizer's state but for the number of steps.</summary>
    public void ShareState(ProcessGroup group)
    {
        using var noGrad = Libtorch.NoGrad();
        foreach (var (_, tensor) in Trainer.Parameters.Concat(Trainer.Optimizer.NamedState())) group.Broadcast(tensor);
    }

    /// <summary>The weights alone.</summary>
    /// <exception cref="TrainingException">It is of another network.</exception>
    public void LoadWeights(CheckpointFolder checkpoint) => Load(checkpoint, Weights, Trainer.Parameters);

    private static void Load(CheckpointFolder checkpoint, string name, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        try
        {
            using var file = SafetensorsFile.Open(checkpoint.File(name));
            Checkpoint.Load(tensors, "the training", file.Tensors, file.Path);
        }
        catch (Torch.Native.TorchException error) when (error is not Torch.Native.TorchOutOfMemoryException)
        {
            throw new TrainingException($"the checkpoint is of another network: {error.Message}", error) { File = checkpoint.Path, Try = "begin anew in an empty state folder" };
        }
    }

    public void Dispose()
    {
        Trainer.Dispose();
        Model.Dispose();
    }
}
