using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// <c>vox.lock</c> beside the configuration, committed with it (DESIGN 4): for each configuration of the folder the digest of every stage's result, the tools that made it, and what stages
/// want to remember (first-assigned splits, speaker indices). Sorted, without times or paths, so that equal results are equal files.
/// </summary>
public sealed class VoxLock
{
    private static readonly JsonSerializerOptions Plain = new(LockJson.Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IDisk _disk;
    private readonly string _name;
    private readonly JsonObject _stages;

    private VoxLock(IDisk disk, string path, string name, JsonObject stages) => (_disk, File, _name, _stages) = (disk, path, name, stages);

    /// <summary>Absolute path.</summary>
    public string File { get; }

    /// <summary>Reads the part of one configuration; a file that is missing is empty.</summary>
    /// <exception cref="VoxException">It is not what this program writes.</exception>
    public static VoxLock Read(IDisk disk, string path, string name) => new(disk, path, name, (JsonObject?)(ReadAll(disk, path)["configurations"]?[name]?["stages"])?.DeepClone() ?? []);

    /// <summary>Every result that a lock file names, for whichever configuration; none if there is no such file.</summary>
    /// <exception cref="VoxException">It is not what this program writes.</exception>
    public static IReadOnlyList<Digest> Results(IDisk disk, string path) =>
        [.. (ReadAll(disk, path)["configurations"] as JsonObject ?? []).SelectMany(configuration => configuration.Value!["stages"]!.AsObject())
            .Select(stage => Digest.Parse(stage.Value!["result"]!.GetValue<string>()))];

    /// <summary>What a stage wants to be told, or null.</summary>
    public JsonElement? Memory(string stage) => _stages[stage]?["memory"] is { } memory ? JsonSerializer.SerializeToElement(memory, LockJson.Default.JsonNode) : null;

    /// <summary>The result that the lock names for a stage, or null.</summary>
    public Digest? Result(string stage) => _stages[stage]?["result"] is { } text && Digest.TryParse(text.GetValue<string>(), out var digest) ? digest : null;

    /// <summary>The versions of outside programs and libraries that the lock names for a stage; none where it names none.</summary>
    public IReadOnlyDictionary<string, string> Versions(string stage) =>
        (_stages[stage]?["versions"] as JsonObject ?? []).ToDictionary(version => version.Key, version => version.Value!.GetValue<string>());

    /// <summary>Notes a stage's result.</summary>
    public void Note(string stage, string tool, Digest closure, Digest result, IReadOnlyDictionary<string, string> versions, JsonElement? memory, string? note)
    {
        var entry = new JsonObject { ["result"] = result.ToString(), ["tool"] = tool, ["closure"] = closure.ToString() };
        if (versions.Count > 0) entry["versions"] = new JsonObject(versions.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new KeyValuePair<string, JsonNode?>(v.Key, v.Value)));
        if (memory is { } remembered) entry["memory"] = JsonNode.Parse(remembered.GetRawText());
        if (note is not null) entry["note"] = note;
        _stages[stage] = entry;
    }

    /// <summary>Writes the file if it changed. Other configurations' parts stay as they are, also when another run has just written them.</summary>
    /// <param name="guard">A file to lock meanwhile.</param>
    public void Save(IReadOnlyList<string> order, string guard)
    {
        using var _ = FileLock.Wait(guard);
        var all = ReadAll(_disk, File);
        var configurations = all["configurations"] as JsonObject ?? [];
        var stages = new JsonObject();
        foreach (var stage in order)
            if (_stages[stage] is { } entry) stages[stage] = entry.DeepClone();
        configurations[_name] = new JsonObject { ["stages"] = stages };
        var written = new JsonObject
        {
            ["about"] = "Written by VoxMake; commit it. It names the result of every target, what made it, and what must stay as first assigned.",
            ["version"] = 1,
            ["configurations"] = new JsonObject(configurations.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new KeyValuePair<string, JsonNode?>(c.Key, c.Value?.DeepClone()))),
        };
        var bytes = Encoding.UTF8.GetBytes(written.ToJsonString(Plain) + "\n");
        if (_disk.ReadWhole(File) is { } present && present.AsSpan().SequenceEqual(bytes)) return;
        _disk.WriteWhole(File, bytes);
    }

    private static JsonObject ReadAll(IDisk disk, string path)
    {
        if (disk.ReadWhole(path) is not { } bytes) return [];
        try
        {
            var read = JsonNode.Parse(bytes) as JsonObject;
            if (read?["version"]?.GetValue<int>() == 1 && IsWhole(read)) return read;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException) { }
        throw new VoxException($"{path}: this is not a vox.lock of version 1") { Try = "take the committed one back (git checkout), or delete it to start anew: then splits and speaker numbers are assigned afresh" };
    }

    /// <summary>Whether everything that is read of it has the shape that <see cref="Save"/> gives it.</summary>
    private static bool IsWhole(JsonObject read) =>
        read["configurations"] is JsonObject configurations
        && configurations.All(configuration => configuration.Value is JsonObject one && one["stages"] is JsonObject stages
            && stages.All(stage => stage.Value is JsonObject entry && entry["result"] is JsonValue result && result.TryGetValue<string>(out _)));
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(WriteIndented = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonNode))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class LockJson : System.Text.Json.Serialization.JsonSerializerContext;
