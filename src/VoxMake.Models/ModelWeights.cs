using VoxMake.Torch.Weights;

namespace VoxMake.Models;

/// <summary>The weights of a model where they lie: model.safetensors, safetensors in several files ("shards"), or pytorch_model.bin. Opening reads and checks headers; tensors stay in their files.</summary>
public sealed class ModelWeights : IDisposable
{
    private readonly IDisposable _file;

    private ModelWeights(IDisposable file, IReadOnlyDictionary<string, TensorView> tensors, string name) => (_file, Tensors, Name) = (file, tensors, name);

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>All tensors by the names that they have in the files.</summary>
    public IReadOnlyDictionary<string, TensorView> Tensors { get; }

    /// <summary>The name of the file that a tensor is in.</summary>
    public string FileOf(string tensor) => _file is SafetensorsIndex index ? index.WeightMap[tensor] : Path.GetFileName(Name);

    /// <summary>Opens what there is, safetensors first.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    /// <exception cref="WeightsException">A file breaks a rule of its format.</exception>
    public static ModelWeights Open(ModelFiles files)
    {
        if (files.TryGet("model.safetensors", out var path)) return Of(SafetensorsFile.Open(path), file => file.Tensors, files.Shown("model.safetensors"));
        if (files.TryGet("model.safetensors.index.json", out path))
            return Of(SafetensorsIndex.Open(path, shard => files.TryGet(shard, out var at) ? at : null), file => file.Tensors, files.Shown("model.safetensors.index.json"));
        if (files.TryGet("pytorch_model.bin", out path)) return Of(TorchFile.Open(path), file => file.StateDict(), files.Shown("pytorch_model.bin"));
        throw new ModelException($"{files.Shown("model.safetensors")}: there is none, and no pytorch_model.bin either");
    }

    private static ModelWeights Of<T>(T file, Func<T, IReadOnlyDictionary<string, TensorView>> tensors, string name) where T : IDisposable
    {
        try { return new ModelWeights(file, tensors(file), name); }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();
}
