using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Takes over what a stage has under the keys of now, once (DESIGN 4, <c>--adopt</c>): its present results; what has none yet, such as a new clip, still has to run. Where a run was stopped that had
/// no result yet, or carried the present one further, its state folder is taken over, and the stage goes on from it.
/// </summary>
internal sealed class Adoption(Workspace space, RunOptions options)
{
    /// <summary>Does it.</summary>
    /// <returns>A note about it; null where the stage goes on from what is its own already.</returns>
    /// <exception cref="VoxException">There is nothing to take over.</exception>
    public string? Take(StagePlan plan)
    {
        var stage = plan.Stage.Name;
        var present = space.Log.Present(stage);
        var result = present is null ? null : space.TryRead(present.Result);
        if (plan.Lineage is { } lineage)
        {
            var left = space.Log.Lineages(stage).Where(use => space.Lineages.HasState(stage, use.Lineage)).ToList();
            if (left.Find(use => use.Lineage == lineage) is { Open: true } own && (result is null ? own.From is not null || left.Count == 1 : present!.Lineage == own.Lineage || present.Lineage == own.From)) return null;
            if (left.FindLast(use => use.Lineage != lineage) is { } other && (result is null || (other.Open && other.Lineage == present!.Lineage)))
                return TakeState(plan, other.Lineage, lineage, $"went on from what the interrupted run of {other.At.ToLocalTime():yyyy-MM-dd HH:mm} left, adopted");
        }
        if (result is null && plan.Lineage is { } mine && space.Lineages.HasState(stage, mine)) return null; // it was taken over by a run that was stopped before it could say so
        if (result is null) throw new VoxException($"--adopt={stage}: there is no result of {stage} here that could be taken over");
        var note = $"adopted from the run of {present!.At.ToLocalTime():yyyy-MM-dd HH:mm}";
        if (plan.Lineage is { } to && present.Lineage is { } from && from != to && space.Lineages.HasState(stage, from)) TakeState(plan, from, to, note);
        space.Records.Add([.. plan.Stage.Kind == StageKind.Collect ? [(plan.CollectKey!.Value, RecordOf(result))] : Items(plan, result)]);
        return note;
    }

    private static Record RecordOf(StageResult result) =>
        new(Outcome.Ok, [.. result.Files.Select(file => new OutputFile(file.Name, null, file.Digest, file.Size))], result.Columns, Rows: result.Rows, Memory: result.Memory);

    /// <summary>What the items of old that still are items came to. An item that was cut has a row only for each piece: it is the recording that all of them name.</summary>
    private IEnumerable<(Digest Key, Record Record)> Items(StagePlan plan, StageResult result)
    {
        foreach (var item in plan.Items)
        {
            if (item.Known is not null || item.Item.Pending) continue;
            var id = item.Item.Id;
            var row = plan.Stage.Kind == StageKind.Expand
                ? space.Rows.WithPrefix(result.Rows, id).FirstOrDefault(row => row.Id == id || row.Parent == item.Item.Root)
                : space.Rows.Find(result.Rows, id);
            if (row?.Key is { } key && space.Records.Find(key) is { } record) yield return (item.Key, record);
        }
    }

    private string TakeState(StagePlan plan, Digest from, Digest to, string note)
    {
        space.Lineages.Move(plan.Stage.Name, from, to);
        space.Log.Add(new LineageLine(options.Id, space.Clock.GetUtcNow(), plan.Stage.Name, to, from, note));
        return note;
    }
}
