using System.Runtime.InteropServices;
using System.Text.Json;
using VoxMake.Speech.Clustering;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary>The golden vectors of clustering (speakers/README.md): sets of points, and what hdbscan and scikit-learn say of them.</summary>
internal static class SpeakerVectors
{
    public static readonly string[] Corpora = ["librispeech", "fsdd"];
    public static readonly string[] SmallSets = ["blobs", "blobs_rounded_ties", "moons", "grid6x6_all_ties", "two_grids", "duplicates", "line", "uniform_noise", "too_few", "varying_density"];

    private static readonly Lazy<JsonDocument> Small = new(() => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("speakers/small_sets.json"))));
    private static readonly Lazy<JsonDocument> Corpus = new(() => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("speakers/clustering.json"))));

    /// <summary>What the json says of a set.</summary>
    public static JsonElement Of(string set) => Corpora.Contains(set) ? Corpus.Value.RootElement.GetProperty(set) : Small.Value.RootElement.GetProperty("sets").GetProperty(set);

    public static Points Points(string set)
    {
        if (Corpora.Contains(set)) return Speech.Clustering.Points.Unit(Embeddings(set), Truth(set).Length, 256);
        using var file = SafetensorsFile.Open(TestFiles.Golden("speakers/small_sets.safetensors"));
        return new Points(Doubles(file, set, out var shape), (int)shape[0], (int)shape[1]);
    }

    public static float[] Embeddings(string corpus)
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden("speakers/corpus_embeddings.safetensors"));
        var tensor = file[corpus];
        return MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray();
    }

    /// <summary>A float64 tensor of the small sets.</summary>
    public static double[] SmallDoubles(string name)
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden("speakers/small_sets.safetensors"));
        return Doubles(file, name, out _);
    }

    public static float[] CorpusCentres(string corpus)
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden("speakers/corpus_kmeans.safetensors"));
        var tensor = file[$"{corpus}.kmeans_given_init_centres"];
        return MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray();
    }

    public static int[] Truth(string corpus) => Ints(Of(corpus).GetProperty("truth"));

    public static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetInt32())];

    /// <summary>Numbers, "inf" and "nan" among them.</summary>
    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : value.GetString() switch
    {
        "inf" => double.PositiveInfinity,
        "nan" => double.NaN,
        var other => throw new InvalidDataException($"'{other}' is no number"),
    };

    private static double[] Doubles(SafetensorsFile file, string name, out long[] shape)
    {
        var tensor = file[name];
        shape = tensor.Shape;
        return MemoryMarshal.Cast<byte, double>(tensor.Bytes).ToArray();
    }
}
