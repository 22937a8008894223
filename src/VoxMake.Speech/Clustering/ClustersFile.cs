using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Speech.Clustering;

/// <summary><c>clusters.json</c>: what <c>vox-speech cluster</c> found (docs/targets/cluster.md). The clips are in the order of the rows of <c>embeddings.npy</c> beside it.</summary>
/// <param name="Version">Of this form: 1.</param>
/// <param name="Method">The way that was taken.</param>
/// <param name="Speakers">How many.</param>
/// <param name="Sure">0 to 1.</param>
/// <param name="Silhouette">Cosine; null for one speaker.</param>
/// <param name="Warnings">In words.</param>
/// <param name="Candidates">What was tried.</param>
/// <param name="Clips">A row each.</param>
public sealed record ClustersFile(
    int Version,
    string Method,
    int Speakers,
    double Sure,
    double? Silhouette,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<ClusterCandidate> Candidates,
    IReadOnlyList<ClusterRow> Clips)
{
    public const int CurrentVersion = 1;

    /// <summary>A result as a file.</summary>
    /// <param name="ids">Ids of the clips, in the order of the result.</param>
    /// <param name="places">Where each lies on the plane.</param>
    public static ClustersFile Of(SpeakerClusterResult result, IReadOnlyList<string> ids, IReadOnlyList<(double X, double Y)> places) =>
        new(CurrentVersion, result.Method, result.Speakers, result.Sure, result.Silhouette, result.Warnings, result.Candidates,
            [.. ids.Select((id, i) => new ClusterRow(id, result.Labels[i], result.Probabilities[i], result.OutlierScores[i], places[i].X, places[i].Y))]);

    public byte[] Json() => JsonSerializer.SerializeToUtf8Bytes(this, ClustersJson.Default.ClustersFile);

    /// <exception cref="InvalidDataException">It is no such file; says what was found.</exception>
    public static ClustersFile Read(string path)
    {
        ClustersFile? file;
        try { file = JsonSerializer.Deserialize(File.ReadAllBytes(path), ClustersJson.Default.ClustersFile); }
        catch (JsonException error) { throw new InvalidDataException($"this is no clusters.json: {error.Message}"); }
        if (file is null) throw new InvalidDataException("this is no clusters.json: it is null");
        if (file.Version != CurrentVersion) throw new InvalidDataException($"version {file.Version} of clusters.json; {CurrentVersion} is read");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in file.Clips)
        {
            if (row is null || string.IsNullOrEmpty(row.Id)) throw new InvalidDataException("a clip without an id");
            if (!seen.Add(row.Id)) throw new InvalidDataException($"the clip '{row.Id}' stands twice");
            if (row.Label < -1 || row.Label >= file.Clips.Count) throw new InvalidDataException($"the clip '{row.Id}' has the label {row.Label}, expected -1 to {file.Clips.Count - 1}");
            if (!(row.Probability is >= 0 and <= 1)) throw new InvalidDataException($"the clip '{row.Id}' has the probability {row.Probability}, expected 0 to 1");
        }
        return file;
    }
}

/// <summary>A clip of <see cref="ClustersFile"/>.</summary>
/// <param name="Label">Its cluster, from 0; −1 for an outlier.</param>
/// <param name="X">Where it lies on a plane, for people.</param>
public sealed record ClusterRow(string Id, int Label, double Probability, double Outlier, double X, double Y);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClustersFile))]
internal sealed partial class ClustersJson : JsonSerializerContext;
