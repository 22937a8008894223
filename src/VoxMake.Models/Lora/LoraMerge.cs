using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Lora;

/// <summary>Where a tensor of a merged model comes from.</summary>
/// <param name="From">What it holds in the base model's file.</param>
/// <param name="To">What it holds now.</param>
/// <param name="Source">The file that it was in.</param>
/// <param name="MergedFrom">The adapter's tensors that were added; null where it was taken as it is.</param>
public sealed record MergedTensor(string Name, long[] Shape, DType From, DType To, string Source, string? MergedFrom);

/// <summary>A base model and an adapter as one model, tensor by tensor, so that neither is ever in memory whole.</summary>
public static class LoraMerge
{
    /// <summary>Writes the weights of a merged model.</summary>
    /// <param name="adapter">Null where the model is taken as it is, but for its type.</param>
    /// <param name="type">Of all weights.</param>
    /// <returns>What was done to each tensor, and the files' names.</returns>
    public static (IReadOnlyList<MergedTensor> Log, IReadOnlyList<string> Files) Write(string folder, LlamaDirectory model, LoraWeights? adapter, ScalarType type, long largestShard = ShardedWeights.LargestShard)
    {
        var (log, sources) = (new List<MergedTensor>(), new List<TensorSource>());
        foreach (var (name, shape) in LlamaModel.Tensors(model.Config))
        {
            var from = model.Weights[name].DType;
            var merged = adapter?.Of(LayerOf(name)) is null ? null : $"{adapter.Name}: {LoraWeights.NameOf(LayerOf(name), 'A')}, {LoraWeights.NameOf(LayerOf(name), 'B')}";
            log.Add(new MergedTensor(name, shape, from, Checkpoint.TypeOf(type), model.FileOf(name), merged));
            sources.Add(new TensorSource(name, Checkpoint.TypeOf(type), shape, to =>
            {
                using var scope = new TensorScope();
                Checkpoint.Source(name, Merged(model, adapter, name).to(type).contiguous()).WriteBytes(to);
            }));
        }
        return (log, ShardedWeights.Write(folder, sources, largestShard));
    }

    /// <summary>
    /// Reads a merged model again and holds every number to base and adapter: it may differ by the rounding of its type, and by nothing else. What was written under a wrong name, left out or added
    /// twice is found here, which a server would not notice.
    /// </summary>
    /// <exception cref="ModelException">A tensor differs; it is named with the largest difference.</exception>
    public static void Verify(LlamaDirectory merged, LlamaDirectory model, LoraWeights? adapter)
    {
        using var noGrad = Libtorch.NoGrad();
        foreach (var (name, _) in LlamaModel.Tensors(model.Config))
        {
            using var scope = new TensorScope();
            var written = Checkpoint.ToTensor(merged.Weights[name]);
            var expected = Merged(model, adapter, name);
            var excess = ((written.to(ScalarType.Float) - expected).abs() - expected.abs() * Rounding(written.Type)).max().Item();
            if (excess > 1e-6) throw new ModelException($"{merged.WeightsName}: {name} differs from {(adapter?.Of(LayerOf(name)) is null ? model.WeightsName : $"{model.WeightsName} with {adapter!.Name}")} by {excess:0.0e0} more than rounding to {written.Type} explains");
        }
    }

    /// <summary>A tensor in float32 with the adapter's product added, of the present scope.</summary>
    private static Tensor Merged(LlamaDirectory model, LoraWeights? adapter, string name)
    {
        var weight = Checkpoint.ToTensor(model.Weights[name]).to(ScalarType.Float);
        return adapter?.Of(LayerOf(name)) is { } pair ? LoraAdapter.Merge(weight, Checkpoint.ToTensor(pair.A), Checkpoint.ToTensor(pair.B), adapter.Config.Scaling) : weight;
    }

    private static string LayerOf(string tensor) => tensor.EndsWith(".weight", StringComparison.Ordinal) ? tensor[..^".weight".Length] : tensor;

    /// <summary>Half a unit of the last place, relative.</summary>
    private static double Rounding(ScalarType type) => type switch { ScalarType.BFloat16 => Math.Pow(2, -8), ScalarType.Half => Math.Pow(2, -11), _ => Math.Pow(2, -22) };
}
