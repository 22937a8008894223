using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Snac;

/// <summary>A codec as it is published (<c>hubertsiuzdak/snac_24khz</c>): config.json, and pytorch_model.bin or model.safetensors.</summary>
public static class SnacDirectory
{
    /// <summary>Loads a folder.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense.</exception>
    /// <exception cref="WeightsException">The file of weights breaks a rule of its format.</exception>
    /// <exception cref="TorchException">Tensors are missing or left over, or have other shapes: all are named.</exception>
    public static SnacModel Load(string folder) => Load(ModelFiles.InFolder(folder));

    /// <summary>Loads files, wherever they lie. Weight norm is folded.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense.</exception>
    /// <exception cref="WeightsException">The file of weights breaks a rule of its format.</exception>
    /// <exception cref="TorchException">Tensors are missing or left over, or have other shapes: all are named.</exception>
    public static SnacModel Load(ModelFiles files)
    {
        var shown = files.Shown("config.json");
        if (!files.TryGet("config.json", out var path)) throw new ModelException($"{shown}: there is none; a SNAC directory holds config.json, and pytorch_model.bin or model.safetensors");
        var config = SnacConfig.Read(path, shown);
        using var weights = ModelWeights.Open(files);
        // A configuration may ask for any sizes; memory is not taken for more than the weights fill.
        var (asked, there) = (config.RoughNumbers(), weights.Tensors.Values.Sum(tensor => tensor.ElementCount));
        if (asked > 2.0 * there + 1e6) throw new ModelException($"{shown} describes a codec of some {asked:0} numbers, {weights.Name} holds {there}; they are not of one model");
        var model = new SnacModel(config);
        try
        {
            Checkpoint.Load(model, WeightNorm.OneSpelling(weights.Tensors, weights.Name), weights.Name);
            model.Training = false;
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
