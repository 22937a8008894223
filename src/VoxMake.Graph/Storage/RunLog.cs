using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// The memory of one configuration's runs, <c>.vox/&lt;config&gt;/runs</c>: which result each stage's key had, what it was made of, and which tools were started. Only
/// appended to; only by the host.
/// </summary>
public sealed class RunLog
{
    private readonly AppendedFile _file;
    private readonly Dictionary<string, List<StageLine>> _byStage = [];
    private readonly Dictionary<int, ChildLine> _children = [];

    public RunLog(IDisk disk, string path)
    {
        _file = new AppendedFile(disk, path, "runs", 1);
        _file.ReadNew(Keep);
    }

    /// <summary>The result that a stage has under a key, or null.</summary>
    public StageLine? Find(string stage, Digest key) => _byStage.GetValueOrDefault(stage)?.FindLast(line => line.Key == key);

    /// <summary>What a stage came to when it last ended well, or null.</summary>
    public StageLine? Last(string stage) => _byStage.GetValueOrDefault(stage)?[^1];

    /// <summary>The last good result of every stage.</summary>
    public IEnumerable<StageLine> Present => _byStage.Values.Select(history => history[^1]);

    /// <summary>All that a stage came to, oldest first.</summary>
    public IReadOnlyList<StageLine> History(string stage) => _byStage.GetValueOrDefault(stage) ?? [];

    /// <summary>Tools that were started and of which no end is known.</summary>
    public IReadOnlyCollection<ChildLine> OpenChildren => _children.Values;

    /// <summary>How long stages took when they last really ran, for the estimate: seconds for each item.</summary>
    public double? SecondsPerItem(string stage) =>
        _byStage.GetValueOrDefault(stage)?.FindLast(line => line is { Ran: > 0, Seconds: > 0 }) is { } line ? line.Seconds / line.Ran : null;

    /// <summary>Appends a line and waits until it is on the disk.</summary>
    public void Add(LogLine line)
    {
        ReadOnlyMemory<byte> row = JsonSerializer.SerializeToUtf8Bytes(line, StorageJson.Default.LogLine);
        _file.Append([row], Keep);
        Keep(row);
    }

    private void Keep(ReadOnlyMemory<byte> row)
    {
        switch (JsonSerializer.Deserialize(row.Span, StorageJson.Default.LogLine))
        {
            case StageLine stage:
                if (!_byStage.TryGetValue(stage.Stage, out var history)) _byStage[stage.Stage] = history = [];
                history.Add(stage);
                break;
            case ChildLine child: _children[child.Pid] = child; break;
            case ChildEndLine end: _children.Remove(end.Pid); break;
        }
    }
}

/// <summary>A line of the run log.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "line", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(StageLine), "stage")]
[JsonDerivedType(typeof(ChildLine), "child")]
[JsonDerivedType(typeof(ChildEndLine), "child_end")]
public record LogLine;

/// <summary>A stage ended with a whole result.</summary>
/// <param name="Key">Of the whole stage: tool, settings and the results that it read.</param>
/// <param name="Result">The blob of its <see cref="StageResult"/>.</param>
/// <param name="Made">The blob of its <see cref="Storage.Made"/>.</param>
/// <param name="Ran">Items that were really worked on.</param>
/// <param name="Note">Something out of the ordinary, such as <c>adopted</c>.</param>
public sealed record StageLine(
    string Run, DateTimeOffset At, string Stage, Digest Key, Digest Result, Digest Made, Counts Counts, long Ran, double Seconds, IReadOnlyDictionary<string, string>? Versions = null, string? Note = null) : LogLine;

/// <summary>A tool was started. The start in clock ticks and the boot make sure that a later process of the same number is not taken for it.</summary>
public sealed record ChildLine(string Run, DateTimeOffset At, string Stage, string Tool, int Pid, ulong StartTicks, string Boot) : LogLine;

/// <summary>That tool has ended and was waited for.</summary>
public sealed record ChildEndLine(int Pid) : LogLine;

/// <summary>What a stage's result was made of: enough to say later what has changed, by name.</summary>
/// <param name="Tool">Program and verb.</param>
/// <param name="Closure">Assemblies and native sources of the tool, each with its digest.</param>
/// <param name="Settings">Settings in the key, as canonical JSON.</param>
/// <param name="Inputs">What it read: another stage's result, or a file tree's listing, by name.</param>
public sealed record Made(
    string Tool, string Verb, IReadOnlyDictionary<string, Digest> Closure, JsonElement Settings, IReadOnlyDictionary<string, Digest> Inputs, Digest? Memory = null);
