using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.Torch.Nn;

/// <summary>The forms that checkpoints have for a weight under weight norm: two halves, in two spellings, or folded into one.</summary>
public static class WeightNorm
{
    /// <summary>What weight_g starts as: the norm of each slice of the first dimension, the other dimensions kept as 1.</summary>
    internal static Tensor Norm(Tensor weight) => weight.linalg_vector_norm(2, [.. Enumerable.Range(1, weight.Shape.Length - 1).Select(dimension => (long)dimension)], true);

    /// <summary>
    /// The same weights with <c>parametrizations.weight.original0</c> and <c>original1</c> (torch.nn.utils.parametrizations.weight_norm) called <c>weight_g</c> and <c>weight_v</c>
    /// (torch.nn.utils.weight_norm), which is what the modules here call them.
    /// </summary>
    /// <param name="file">What messages call the weights.</param>
    /// <exception cref="TorchException">A tensor is there in both spellings.</exception>
    public static IReadOnlyDictionary<string, TensorView> OneSpelling(IReadOnlyDictionary<string, TensorView> weights, string file)
    {
        var renamed = new Dictionary<string, TensorView>(weights.Count);
        foreach (var (name, view) in weights)
        {
            var spelled = name.Replace("parametrizations.weight.original0", "weight_g", StringComparison.Ordinal).Replace("parametrizations.weight.original1", "weight_v", StringComparison.Ordinal);
            if (!renamed.TryAdd(spelled, view)) throw new TorchException($"{file} holds {spelled} twice: under that name and as {name}; one of them must go");
        }
        return renamed;
    }

    /// <summary>Brings weights into the form in which a module has them: <c>weight</c> where it wants that and there are <c>weight_g</c> and <c>weight_v</c>, and the other way round.</summary>
    internal static void Refold(Dictionary<string, Weight> weights, IReadOnlySet<string> wanted)
    {
        foreach (var name in wanted.Where(name => !weights.ContainsKey(name)).ToList())
        {
            if (name.EndsWith("weight", StringComparison.Ordinal) && weights.TryGetValue($"{name}_g", out var g) && weights.TryGetValue($"{name}_v", out var v) && g.Shape.AsSpan().SequenceEqual(NormShape(v.Shape)))
            {
                weights[name] = new Weight(v.Shape, () => v.Numbers()._weight_norm(g.Numbers(), 0));
                weights.Remove($"{name}_g");
                weights.Remove($"{name}_v");
            }
            else if (name.EndsWith("weight_v", StringComparison.Ordinal) && wanted.Contains($"{name[..^1]}g") && weights.TryGetValue(name[..^2], out var folded) && folded.Shape.Length > 1)
            {
                weights[name] = folded;
                weights[$"{name[..^1]}g"] = new Weight(NormShape(folded.Shape), () => Norm(folded.Numbers()));
                weights.Remove(name[..^2]);
            }
        }
    }

    private static long[] NormShape(long[] shape) => [.. shape.Select((size, dimension) => dimension == 0 ? size : 1)];
}
