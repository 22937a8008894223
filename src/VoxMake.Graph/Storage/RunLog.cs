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
    private readonly Dictionary<string, StageLine> _present = [];
    private readonly Dictionary<(string Stage, Digest Key), StageLine> _rolledBack = [];
    private readonly Dictionary<int, ChildLine> _children = [];
    private readonly Dictionary<string, List<LineageUse>> _lineages = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _versions = [];

    public RunLog(IDisk disk, string path)
    {
        _file = new AppendedFile(disk, path, "runs", 1);
        IsCut = _file.ReadNew((_, row) => Keep(row));
    }

    /// <summary>Whether something behind its last whole line could not be read: what a crash left half written, or damage.</summary>
    public bool IsCut { get; }

    /// <summary>The result that a stage has under a key, or null: what it last came to under it, or the older one that it was rolled back to since.</summary>
    public StageLine? Find(string stage, Digest key) => _rolledBack.GetValueOrDefault((stage, key)) ?? _byStage.GetValueOrDefault(stage)?.FindLast(line => line.Key == key);

    /// <summary>Whether any key of a stage is answered by an older result (<see cref="RollbackLine"/>).</summary>
    public bool IsRolledBack(string stage) => _rolledBack.Keys.Any(key => key.Stage == stage);

    /// <summary>The present result of a stage: what it last ended well with, or what was restored since; null if it has none.</summary>
    public StageLine? Present(string stage) => _present.GetValueOrDefault(stage);

    /// <summary>The present results of all stages.</summary>
    public IEnumerable<StageLine> AllPresent => _present.Values;

    /// <summary>Notes that an older result is the present one again.</summary>
    public void Restore(StageLine line)
    {
        if (Present(line.Stage)?.Result != line.Result) Add(new PresentLine(line.Stage, line.Key));
    }

    /// <summary>All that a stage came to, oldest first.</summary>
    public IReadOnlyList<StageLine> History(string stage) => _byStage.GetValueOrDefault(stage) ?? [];

    /// <summary>All that all stages came to.</summary>
    public IEnumerable<StageLine> All => _byStage.Values.SelectMany(lines => lines);

    /// <summary>Outside programs and libraries that a stage's tool used when it last ran; empty if it used none.</summary>
    public IReadOnlyDictionary<string, string> Versions(string stage) => _versions.GetValueOrDefault(stage) ?? new Dictionary<string, string>();

    /// <summary>Notes what a stage's tool uses, before it has made anything: a record that outlives a killed run must not be without it.</summary>
    public void NoteVersions(string stage, IReadOnlyDictionary<string, string> versions)
    {
        var known = Versions(stage);
        if (known.Count != versions.Count || versions.Any(version => known.GetValueOrDefault(version.Key) != version.Value)) Add(new VersionsLine(stage, versions));
    }

    /// <summary>The lineages that a stage's state folders belong to, each once, the one that was used last at the end.</summary>
    public IReadOnlyList<LineageUse> Lineages(string stage) => _lineages.GetValueOrDefault(stage) ?? [];

    /// <summary>The state folders that something may still go on from: of each stage that of its present result, and that which was used last.</summary>
    public IEnumerable<(string Stage, Digest Lineage)> LineagesInUse =>
        _lineages.Select(stage => (stage.Key, stage.Value[^1].Lineage)).Concat(_present.Values.Where(line => line.Lineage is not null).Select(line => (line.Stage, line.Lineage!.Value)));

    /// <summary>Tools that were started and of which no end is known.</summary>
    public IReadOnlyCollection<ChildLine> OpenChildren => _children.Values;

    /// <summary>Appends a line and waits until it is on the disk. Tools that start and end are noted from threads of their own.</summary>
    public void Add(LogLine line)
    {
        ReadOnlyMemory<byte> row = JsonSerializer.SerializeToUtf8Bytes(line, StorageJson.Default.LogLine);
        lock (_file)
        {
            _file.Append([row], (_, other) => Keep(other));
            Keep(row);
        }
    }

    private void Keep(ReadOnlyMemory<byte> row)
    {
        switch (JsonSerializer.Deserialize(row.Span, StorageJson.Default.LogLine))
        {
            case StageLine stage:
                _present[stage.Stage] = stage;
                if (!_byStage.TryGetValue(stage.Stage, out var history)) _byStage[stage.Stage] = history = [];
                history.Add(stage);
                _rolledBack.Remove((stage.Stage, stage.Key));
                if (_lineages.GetValueOrDefault(stage.Stage) is { } uses && uses.FindIndex(use => use.Lineage == stage.Lineage) is var ended and >= 0) uses[ended] = uses[ended] with { Open = false };
                break;
            case RollbackLine line: RollBack(line); break;
            case LineageLine line: Use(line); break;
            case PresentLine present when Find(present.Stage, present.Key) is { } restored: _present[present.Stage] = restored; break;
            case ChildLine child: _children[child.Pid] = child; break;
            case ChildEndLine end: _children.Remove(end.Pid); break;
            case VersionsLine versions: _versions[versions.Stage] = versions.Versions; break;
        }
    }

    private void RollBack(RollbackLine line)
    {
        if (line.Result is null)
        {
            foreach (var key in _rolledBack.Keys.Where(key => key.Stage == line.Stage).ToList()) _rolledBack.Remove(key);
            if ((Find(line.Stage, line.Key) ?? History(line.Stage).LastOrDefault()) is { } own) _present[line.Stage] = own;
        }
        else if (History(line.Stage).LastOrDefault(older => older.Result == line.Result) is { } older)
        {
            var note = $"rolled back to {older.Key.Short} of {older.At.ToLocalTime():yyyy-MM-dd HH:mm}";
            _present[line.Stage] = _rolledBack[(line.Stage, line.Key)] = older with { Key = line.Key, Made = line.Made, At = line.At, Note = note };
        }
    }

    private void Use(LineageLine line)
    {
        if (!_lineages.TryGetValue(line.Stage, out var uses)) _lineages[line.Stage] = uses = [];
        var before = uses.Find(use => use.Lineage == line.Lineage);
        uses.RemoveAll(use => use.Lineage == line.Lineage || use.Lineage == line.From);
        uses.Add(new LineageUse(line.Lineage, line.At, Open: true, line.From ?? before?.From, line.Note ?? before?.Note));
    }
}

/// <summary>A lineage of a stage, as far as the log tells.</summary>
/// <param name="At">When it was used last.</param>
/// <param name="Open">Whether the run that used it last has not ended with a result.</param>
/// <param name="From">The lineage whose state it took over, if it did (<c>--adopt</c>).</param>
/// <param name="Note">What is out of the ordinary about all that comes of it.</param>
public sealed record LineageUse(Digest Lineage, DateTimeOffset At, bool Open, Digest? From, string? Note);

/// <summary>A line of the run log.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "line", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(StageLine), "stage")]
[JsonDerivedType(typeof(ChildLine), "child")]
[JsonDerivedType(typeof(ChildEndLine), "child_end")]
[JsonDerivedType(typeof(VersionsLine), "versions")]
[JsonDerivedType(typeof(PresentLine), "present")]
[JsonDerivedType(typeof(LineageLine), "lineage")]
[JsonDerivedType(typeof(RollbackLine), "rollback")]
public record LogLine;

/// <summary>A stage ended with a whole result.</summary>
/// <param name="Key">Of the whole stage: tool, settings and the results that it read.</param>
/// <param name="Result">The blob of its <see cref="StageResult"/>.</param>
/// <param name="Made">The blob of its <see cref="Storage.Made"/>.</param>
/// <param name="Ran">Items that were really worked on.</param>
/// <param name="Seconds">Of the run's time; while several stages were at work each has its part.</param>
/// <param name="Note">Something out of the ordinary, such as <c>adopted</c>.</param>
/// <param name="Lineage">Whose state folder it was made with, where the stage keeps state.</param>
public sealed record StageLine(
    string Run, DateTimeOffset At, string Stage, Digest Key, Digest Result, Digest Made, Counts Counts, long Ran, double Seconds, IReadOnlyDictionary<string, string>? Versions = null, string? Note = null, Digest? Lineage = null) : LogLine;

/// <summary>A tool was started. The start in clock ticks and the boot make sure that a later process of the same number is not taken for it.</summary>
public sealed record ChildLine(string Run, DateTimeOffset At, string Stage, string Tool, int Pid, ulong StartTicks, string Boot, bool KeepsState = false) : LogLine;

/// <summary>That tool has ended and was waited for.</summary>
public sealed record ChildEndLine(int Pid) : LogLine;

/// <summary>An older result of a stage, by its key, is the present one again.</summary>
public sealed record PresentLine(string Stage, Digest Key) : LogLine;

/// <summary>
/// A key that a stage has is answered by an older result from here on, until a run makes a result under that key: another key, because something was changed, is not. Without a
/// result: none of the stage's keys is any more.
/// </summary>
/// <param name="Made">What a result under the key would be made of: later changes are told against that.</param>
public sealed record RollbackLine(DateTimeOffset At, string Stage, Digest Key, Digest? Result, Digest Made) : LogLine;

/// <summary>A stage is about to run with the state folder of a lineage.</summary>
/// <param name="From">The lineage whose folder it was until now, where it was taken over.</param>
/// <param name="Note">What is out of the ordinary about all that comes of it.</param>
public sealed record LineageLine(string Run, DateTimeOffset At, string Stage, Digest Lineage, Digest? From = null, string? Note = null) : LogLine;

/// <summary>What a stage's tool uses.</summary>
public sealed record VersionsLine(string Stage, IReadOnlyDictionary<string, string> Versions) : LogLine;

/// <summary>What a stage's result was made of: enough to say later what has changed, by name.</summary>
/// <param name="Tool">Program and verb.</param>
/// <param name="Closure">Assemblies and native sources of the tool, each with its digest.</param>
/// <param name="Settings">Settings in the key, as canonical JSON.</param>
/// <param name="Inputs">What it read: another stage's result, or a file tree's listing, by name.</param>
/// <param name="Recipe">Digest of what was done to the items, whichever they were: tool, verb, settings, and what is joined.</param>
public sealed record Made(
    string Tool, string Verb, IReadOnlyDictionary<string, Digest> Closure, JsonElement Settings, IReadOnlyDictionary<string, Digest> Inputs, Digest? Recipe = null);
