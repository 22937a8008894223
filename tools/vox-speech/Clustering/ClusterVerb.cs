using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Speech.Clustering;
using VoxMake.Speech.Speakers;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;

namespace VoxMake.SpeechTool.Clustering;

/// <summary>Settings of <c>cluster</c>.</summary>
internal sealed record ClusterSettings(string ClusteringMethod = "auto", int? MinSpeakers = null, int? MaxSpeakers = null, int? MinClusterSize = null, int? MinSamples = null, long Seed = 42)
{
    public const string MethodHelp = "auto (the number is found, and how sure that is), hdbscan or kmeans; default auto";

    public static string? Describe(string setting) => setting switch
    {
        "clustering_method" => MethodHelp,
        "min_speakers" => "fewest speakers, 1 or more; off by default",
        "max_speakers" => "most speakers; equal to min_speakers where the number is known; off by default",
        "min_cluster_size" => "fewest clips of a speaker; default 5 for hdbscan, else by the number of clips",
        "min_samples" => "hdbscan: how dense it must be around a clip, in other clips; default min_cluster_size",
        "seed" => "where k-means begins, any whole number; default 42",
        _ => null,
    };

    /// <exception cref="ToolException">There is no such method.</exception>
    public SpeakerClusterSettings Checked() => new(
        ClusteringMethod switch
        {
            "auto" => Speech.Clustering.ClusteringMethod.Auto,
            "hdbscan" => Speech.Clustering.ClusteringMethod.Hdbscan,
            "kmeans" => Speech.Clustering.ClusteringMethod.KMeans,
            _ => throw new ToolException($"'{ClusteringMethod}' is no way to cluster, expected auto, hdbscan or kmeans") { Field = "clustering_method" },
        }, MinSpeakers, MaxSpeakers, MinClusterSize, MinSamples, Seed);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClusterSettings))]
[JsonSerializable(typeof(DiarizeSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;

/// <summary><c>vox-speech cluster</c>: finds speakers among embeddings (docs/targets/cluster.md).</summary>
internal sealed class ClusterVerb : CollectVerb<ClusterSettings>
{
    public override string Name => "cluster";
    public override string Summary => "finds speakers among embeddings, and says how sure it is";
    public override string InputHelp => "a folder of .npy files, an embedding each";
    public override string InputRole => "embedding";
    public override JsonTypeInfo SettingsType => SettingsJson.Default.ClusterSettings;
    public override bool Accepts(string relativePath) => Path.GetExtension(relativePath).Equals(".npy", StringComparison.OrdinalIgnoreCase);
    public override string? Describe(string setting) => ClusterSettings.Describe(setting);

    protected override void Run(ClusterSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var wanted = settings.Checked();
        var embeddings = new Embeddings();
        foreach (var item in order.Items)
        {
            cancel.ThrowIfCancellationRequested();
            if (!item.Inputs.TryGetValue("embedding", out var file)) throw new ToolException($"the clip '{item.Id}' has no embedding") { Field = "embedding" };
            try
            {
                var (values, rows, _) = NpyFile.Read(file.Path);
                if (rows != 1) throw new ToolException($"{rows} embeddings; one a clip was expected") { File = file.Path };
                embeddings.Add(item.Id, values);
            }
            catch (InvalidDataException error) { throw new ToolException(error.Message) { File = file.Path }; }
        }
        Found(embeddings, wanted, order.Threads, cancel).Write(report);
    }

    /// <summary>Clusters of embeddings, with warnings told later.</summary>
    /// <exception cref="ToolException">A setting is out of range, or an embedding is unusable.</exception>
    public static FoundClusters Found(Embeddings embeddings, SpeakerClusterSettings settings, int threads, CancellationToken cancel)
    {
        try { Libtorch.Threads = threads; }
        catch (TorchException) { } // some thousand clips are clustered without it, more are slow
        try
        {
            var unit = embeddings.Unit();
            var result = SpeakerClusters.Find(unit, settings, threads, cancel);
            return new FoundClusters(embeddings, ClustersFile.Of(result, embeddings.Ids, PlanarView.Of(unit)));
        }
        catch (ArgumentException error) { throw new ToolException(error.Message); }
    }
}

/// <summary>Embeddings by the ids of their clips.</summary>
internal sealed class Embeddings
{
    private readonly SortedDictionary<string, float[]> _byId = new(StringComparer.Ordinal);

    /// <summary>In order.</summary>
    public IReadOnlyList<string> Ids => [.. _byId.Keys];

    public int Count => _byId.Count;

    /// <summary>Numbers of each; 0 where there are none.</summary>
    public int Width => _byId.Values.FirstOrDefault()?.Length ?? 0;

    /// <exception cref="ToolException">It is of another length than the others, is no direction, or is there already.</exception>
    public void Add(string id, float[] embedding)
    {
        if (_byId.Count > 0 && embedding.Length != Width)
            throw new ToolException($"the embedding of '{id}' has {embedding.Length} numbers, others have {Width}") { Try = "embed all clips with one network" };
        if (!(embedding.Sum(value => (double)value * value) is > 0 and < double.PositiveInfinity))
            throw new ToolException($"the embedding of '{id}' is zero, or holds NaN or infinity") { Try = "leave the clip out, or embed it again" };
        if (!_byId.TryAdd(id, embedding)) throw new ToolException($"the clip '{id}' stands twice");
    }

    /// <summary><c>[Count, Width]</c>, in the order of <see cref="Ids"/>.</summary>
    public float[] Rows() => [.. _byId.Values.SelectMany(embedding => embedding)];

    public Points Unit() => Count == 0 ? new Points([], 0, 1) : Points.Unit(Rows(), Count, Width);
}

/// <summary>What <c>cluster</c> writes.</summary>
internal sealed record FoundClusters(Embeddings Embeddings, ClustersFile File)
{
    public const string EmbeddingsName = "embeddings.npy", ClustersName = "clusters.json";

    public void Write(ICollectReporter report)
    {
        WriteEmbeddings(report);
        System.IO.File.WriteAllBytes(report.PathFor(ClustersName), File.Json());
        report.Output(ClustersName);
        foreach (var warning in File.Warnings) report.Warning(warning);
        report.Metric("speakers", File.Speakers);
        report.Metric("sure", Math.Round(File.Sure, 3));
        if (File.Silhouette is { } silhouette) report.Metric("silhouette", Math.Round(silhouette, 3));
        report.Metric("outliers", File.Clips.Count(clip => clip.Label < 0));
    }

    public void WriteEmbeddings(ICollectReporter report)
    {
        using (var stream = System.IO.File.Create(report.PathFor(EmbeddingsName))) NpyFile.Write(stream, Embeddings.Rows(), Embeddings.Count, Embeddings.Width);
        report.Output(EmbeddingsName);
    }
}
