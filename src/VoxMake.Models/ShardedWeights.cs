using System.Text.Json.Nodes;
using VoxMake.Torch.Weights;

namespace VoxMake.Models;

/// <summary>Writes weights as Hugging Face's save_pretrained does: one file while it stays below a size, else shards of that size at most and an index that says which tensor lies in which.</summary>
public static class ShardedWeights
{
    private const string Single = "model.safetensors", Index = "model.safetensors.index.json";

    /// <summary>The bytes of a shard at most, as transformers 4 has it; one tensor alone may be larger.</summary>
    public const long LargestShard = 5_000_000_000;

    /// <param name="tensors">In the order in which they fill the shards; each is asked for its bytes when its turn comes.</param>
    /// <returns>The files' names.</returns>
    /// <exception cref="WeightsException">A name twice, a shape that does not fit, or a disk that would not.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<TensorSource> tensors, long largestShard = LargestShard)
    {
        var shards = new List<List<TensorSource>> { new() };
        var (filled, total) = (0L, 0L);
        foreach (var tensor in tensors)
        {
            var bytes = BytesOf(tensor);
            if (filled > 0 && filled + bytes > largestShard)
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(tensor);
            (filled, total) = (filled + bytes, total + bytes);
        }
        var metadata = new Dictionary<string, string> { ["format"] = "pt" };
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, Single), tensors, metadata);
            return [Single];
        }
        var (names, map) = (new List<string>(), new JsonObject());
        foreach (var (number, shard) in shards.Index())
        {
            var name = $"model-{number + 1:D5}-of-{shards.Count:D5}.safetensors";
            SafetensorsWriter.Write(Path.Combine(folder, name), shard, metadata);
            names.Add(name);
            foreach (var tensor in shard) map[tensor.Name] = name;
        }
        File.WriteAllBytes(Path.Combine(folder, Index), TransformersJson.Bytes(new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = total }, ["weight_map"] = map }, ascii: true));
        return [.. names, Index];
    }

    private static long BytesOf(TensorSource tensor) => tensor.Shape.Aggregate((long)tensor.DType.Size(), (bytes, size) => bytes * size);
}
