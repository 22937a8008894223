using System.Text.Json;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>A result that a stage once came to.</summary>
/// <param name="Result">Its numbers; null if the cache has lost even these.</param>
/// <param name="Held">Whether the cache still has its rows and files, so that it can be shown again.</param>
/// <param name="Present">Whether it is the present result.</param>
/// <param name="Note">Something out of the ordinary about how it was made, or became the present one.</param>
/// <param name="Differs">In what it was made otherwise than the one before it; null where that is no longer known, or it is the first.</param>
public sealed record PastResult(StageLine Line, StageResult? Result, bool Held, bool Present, string? Note, IReadOnlyList<Reason>? Differs);

/// <summary>What a stage came to, run by run, as the log tells and the cache still holds.</summary>
public sealed class History(Workspace space, Stage stage)
{
    /// <summary>All past results, newest first. A run that gave its result two keys (splits and memory) counts once, under the key by which the next run finds it.</summary>
    public IReadOnlyList<PastResult> Results()
    {
        var explainer = new Explainer(space);
        var lines = Lines();
        var present = space.Log.Present(stage.Name);
        var shown = present is null ? null : lines.FindLast(line => line.Result == present.Result);
        var results = new List<PastResult>(lines.Count);
        Made? before = null;
        foreach (var line in lines)
        {
            var made = space.TryReadMade(line.Made);
            results.Add(new PastResult(line, Read(line.Result), IsHeld(line), line == shown, line == shown ? present!.Note : line.Note,
                before is null || made is null ? null : explainer.Compare(stage, before, made)));
            before = made;
        }
        results.Reverse();
        return results;
    }

    /// <summary>The one past result whose key, or whose own digest, begins so; of several equal ones the newest.</summary>
    /// <param name="asked">The option that asks, for the message.</param>
    /// <exception cref="VoxException">There is none, there are several, or the cache has lost it: the message lists what there is.</exception>
    public (StageLine Line, StageResult Result) Find(string start, string asked)
    {
        var lines = Lines();
        var found = lines.FindAll(line => Begins(line.Key) || Begins(line.Result)).GroupBy(line => line.Result).Select(group => group.Last()).ToList();
        if (found.Count != 1)
            throw new VoxException($"{asked}: {stage.Name} has {(found.Count == 0 ? "no result" : $"{found.Count} results")} whose key begins with '{start}'")
            {
                Try = lines.Count == 0 ? "it has none here yet" : $"it has: {string.Join(", ", lines.AsEnumerable().Reverse().Select(Named).Distinct())}; --history={stage.Name} tells more",
            };
        var result = IsHeld(found[0]) ? space.TryRead(found[0].Result) : null;
        return (found[0], result ?? throw new VoxException($"{asked}: the cache no longer holds that result of {stage.Name}") { Try = "take its settings and inputs back, and build it again" });

        string Named(StageLine line) => $"{NameOf(line, lines)} ({line.At.ToLocalTime():yyyy-MM-dd HH:mm})";
        bool Begins(Digest digest) => digest.ToString().StartsWith(start, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What to call a result by: its key; where two results had one key, as after <c>--force</c>, its own digest.</summary>
    public string NameOf(StageLine line) => NameOf(line, Lines());

    private static string NameOf(StageLine line, List<StageLine> lines) => lines.Exists(other => other.Key == line.Key && other.Result != line.Result) ? line.Result.Short : line.Key.Short;

    private List<StageLine> Lines()
    {
        var lines = new List<StageLine>();
        foreach (var line in space.Log.History(stage.Name))
        {
            if (lines.Count > 0 && lines[^1].Run == line.Run && lines[^1].Result == line.Result) lines[^1] = line;
            else lines.Add(line);
        }
        return lines;
    }

    private StageResult? Read(Digest digest)
    {
        try { return JsonSerializer.Deserialize(space.Blobs.Read(digest), StorageJson.Default.StageResult); }
        catch (DamagedCacheException) { return null; }
    }

    private bool IsHeld(StageLine line) => space.TryRead(line.Result) is { } result && space.HasFiles(result);
}
