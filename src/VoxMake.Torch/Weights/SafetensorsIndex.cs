using System.Text.Json;

namespace VoxMake.Torch.Weights;

/// <summary>
/// Weights in several files: <c>model.safetensors.index.json</c> says for each tensor which safetensors file beside it ("shard") has it. Each tensor must be in just
/// the shard that the index names, and a shard may hold no others.
/// </summary>
public sealed class SafetensorsIndex : IDisposable
{
    private const long LongestIndex = 100_000_000;
    private const int MostShards = 4096;
    private readonly List<SafetensorsFile> _shards = [];
    private readonly OrderedDictionary<string, TensorView> _tensors = [];

    private SafetensorsIndex(string path) => Path = path;

    /// <summary>Opens the index and all its shards.</summary>
    /// <param name="place">Where the shard of a name lies, null where there is none; where this is not given shards lie beside the index.</param>
    /// <exception cref="WeightsException">One of them is not there or breaks a rule.</exception>
    public static SafetensorsIndex Open(string path, Func<string, string?>? place = null)
    {
        var index = new SafetensorsIndex(path);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        try
        {
            index.OpenShards(ReadWeightMap(path), place ?? (name => System.IO.Path.Combine(folder, name)));
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>The index' path.</summary>
    public string Path { get; }

    /// <summary>The shards, by file name.</summary>
    public IReadOnlyList<SafetensorsFile> Shards => _shards;

    /// <summary>The name of each tensor's shard.</summary>
    public IReadOnlyDictionary<string, string> WeightMap { get; private set; } = new Dictionary<string, string>();

    /// <summary>All tensors by name, shard by shard; all contiguous.</summary>
    public IReadOnlyDictionary<string, TensorView> Tensors => _tensors;

    /// <summary>Closes all shards.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
    }

    private void OpenShards(Dictionary<string, string> weightMap, Func<string, string?> place)
    {
        WeightMap = weightMap;
        string[] names = [.. weightMap.Values.Distinct().Order(StringComparer.Ordinal)];
        if (names.Length > MostShards) throw new WeightsException(Path, null, $"names {names.Length} shards; at most {MostShards} are read");
        foreach (var name in names)
        {
            var shard = SafetensorsFile.Open(place(name) ?? throw new WeightsException(Path, null, $"names the shard {QuotedName.Of(name)}, which the model does not have; was the download cut?"));
            _shards.Add(shard);
            foreach (var (tensor, view) in shard.Tensors)
            {
                if (!weightMap.TryGetValue(tensor, out var owner)) throw new WeightsException(shard.Path, tensor, $"is not in the index {Path}");
                if (owner != name) throw new WeightsException(shard.Path, tensor, $"lies here, but the index {Path} says {QuotedName.Of(owner)}");
                _tensors.Add(tensor, view);
            }
        }
        foreach (var (tensor, shard) in weightMap)
            if (!_tensors.ContainsKey(tensor)) throw new WeightsException(Path, tensor, $"is not in {QuotedName.Of(shard)}, where the index says it lies");
    }

    private static Dictionary<string, string> ReadWeightMap(string path)
    {
        using var file = MappedFile.Open(path, leastLength: 2);
        if (file.Length > LongestIndex) throw new WeightsException(path, null, $"{file.Length} bytes; an index has at most {LongestIndex}");
        try
        {
            using var json = JsonDocument.Parse(file.Slice(0, (int)file.Length).ToArray(), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
                throw new WeightsException(path, null, "an object with weight_map, an object of file names by tensor, was expected");
            var weightMap = new Dictionary<string, string>();
            foreach (var entry in map.EnumerateObject())
            {
                if (entry.Value.ValueKind != JsonValueKind.String) throw new WeightsException(path, entry.Name, "weight_map must hold file names");
                var shard = entry.Value.GetString()!;
                if (!IsNameInFolder(shard)) throw new WeightsException(path, entry.Name, $"lies in {QuotedName.Of(shard)}; a shard must be a plain file name beside the index");
                weightMap.Add(entry.Name, shard);
            }
            return weightMap;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new WeightsException(path, null, $"the index is not JSON: {error.Message}", error);
        }
    }

    /// <summary>No separator of any system, no drive, no climbing, nothing unprintable: such a name cannot leave its folder.</summary>
    private static bool IsNameInFolder(string name) =>
        name.Length is > 0 and <= 255 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', ':') < 0 && !name.Any(char.IsControl);
}
