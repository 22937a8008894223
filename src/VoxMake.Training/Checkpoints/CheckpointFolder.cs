using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Training;

/// <summary>One checkpoint on the disk: a folder <c>step-00000060</c> with its files and, written last, <c>manifest.json</c> with the size and SHA-256 of each.</summary>
public sealed class CheckpointFolder
{
    internal const string Prefix = "step-", ManifestName = "manifest.json";
    private const int FormVersion = 1;

    private CheckpointFolder(string path, long step) => (Path, Step) = (path, step);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Steps done when it was made.</summary>
    public long Step { get; }

    /// <summary>The path of one of its files.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The name of a checkpoint's folder.</summary>
    public static string NameOf(long step) => Prefix + step.ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>The step in a folder's name; null for other folders.</summary>
    public static long? StepOf(string folder)
    {
        var name = System.IO.Path.GetFileName(folder);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && NameOf(step) == name ? step : null;
    }

    /// <summary>Digests what lies in a folder and writes the manifest, to the disk.</summary>
    internal static void Seal(string folder, long step)
    {
        var files = new SortedDictionary<string, ManifestEntry>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            files[System.IO.Path.GetFileName(path)] = new ManifestEntry(stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
            stream.Flush(flushToDisk: true);
        }
        using var manifest = new FileStream(System.IO.Path.Combine(folder, ManifestName), FileMode.CreateNew);
        JsonSerializer.Serialize(manifest, new Manifest(FormVersion, step, files), ManifestJson.Default.Manifest);
        manifest.Flush(flushToDisk: true);
    }

    /// <summary>Believes a folder only when every file that its manifest names is there with its size and digest.</summary>
    /// <param name="fault">What is wrong with it, for people.</param>
    public static CheckpointFolder? TryOpen(string folder, out string fault)
    {
        fault = "";
        if (StepOf(folder) is not { } step)
        {
            fault = "its name is not that of a checkpoint";
            return null;
        }
        try
        {
            var manifest = JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(System.IO.Path.Combine(folder, ManifestName)), ManifestJson.Default.Manifest);
            if (manifest?.Files is null || manifest.Version != FormVersion) fault = $"{ManifestName} is of another form";
            else if (manifest.Step != step) fault = $"{ManifestName} is that of step {manifest.Step}";
            else fault = manifest.Files.Select(file => FaultOf(folder, file.Key, file.Value)).FirstOrDefault(found => found != "") ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException) { fault = error.Message; }
        return fault == "" ? new CheckpointFolder(folder, step) : null;
    }

    private static string FaultOf(string folder, string name, ManifestEntry expected)
    {
        if (name != System.IO.Path.GetFileName(name)) return $"{ManifestName} names '{name}', which is no plain name";
        var path = System.IO.Path.Combine(folder, name);
        if (!System.IO.File.Exists(path)) return $"{name} is missing";
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        if (stream.Length != expected.Size) return $"{name} has {stream.Length} bytes, not {expected.Size}";
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == expected.Sha256 ? "" : $"{name} is not what was written (SHA-256)";
    }
}

/// <summary>What a checkpoint's manifest says of one file.</summary>
internal sealed record ManifestEntry(long Size, string Sha256);

/// <summary>The manifest of a checkpoint.</summary>
internal sealed record Manifest(int Version, long Step, SortedDictionary<string, ManifestEntry> Files);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
