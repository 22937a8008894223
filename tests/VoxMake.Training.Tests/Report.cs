using System.Security.Cryptography;

namespace VoxMake.Training.Tests;

/// <summary>What a run said and wrote.</summary>
internal sealed class Report(string output, Action<long> onProgress) : ITrainingReport
{
    public string Output { get; } = output;
    public bool Stopped { get; set; }
    public List<string> Warnings { get; } = [];
    public List<string> Lines { get; } = [];
    public List<string> Files { get; } = [];
    public List<long> Checkpoints { get; } = [];
    public List<(string Name, double Value, long Step)> Metrics { get; } = [];

    /// <summary>The bytes of all files, by name.</summary>
    public IReadOnlyDictionary<string, string> Digests() =>
        Files.ToDictionary(name => name, name => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Output, name)))));

    public string Text(string name) => File.ReadAllText(Path.Combine(Output, name));

    public IEnumerable<string> Rows(string name) => Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);

    public string PathFor(string name)
    {
        var path = Path.Combine(Output, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public void Written(string name) => Files.Add(name);
    public void Metric(string name, double value, long step) => Metrics.Add((name, value, step));
    public void Result(string name, double value) { }
    public void Progress(long step, long total) => onProgress(step);
    public void CheckpointWritten(long step, long total) => Checkpoints.Add(step);
    public void Warning(string message, string? clip) => Warnings.Add(clip is null ? message : $"{clip}: {message}");
    public void Say(string line) => Lines.Add(line);
    public void Note(string line) => Lines.Add(line);
}
