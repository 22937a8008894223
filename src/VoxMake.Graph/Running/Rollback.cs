using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Makes an older result of a stage the present one: the key that the stage has now is answered by it from here on. So later builds take it, until something that the stage is made of
/// changes the key, or the stage is made anew with <c>--force</c>. The caller holds the run lock.
/// </summary>
public sealed class Rollback(Workspace space, VoxLock voxLock)
{
    /// <summary>Rolls back; shows the result under out/ and notes it in the lock, which the caller saves.</summary>
    /// <param name="plan">Of the stage, as it stands.</param>
    /// <param name="older">One of its past results.</param>
    /// <exception cref="VoxException">The stage's key is not known, or what the result names is no longer as it was.</exception>
    public void To(StagePlan plan, Digest older, StageResult result)
    {
        var stage = plan.Stage.Name;
        if (plan.Key is not { } key)
            throw new VoxException($"--rollback: what {stage} is made of is not known before {plan.UnknownUntil} has run")
            {
                Try = $"run --target={plan.UnknownUntil} first, then roll back",
            };
        if (space.Log.History(stage).LastOrDefault(line => line.Key == key)?.Result == older)
        {
            if (!space.Log.IsRolledBack(stage))
                throw new VoxException($"--rollback: that is the result of {stage} for its inputs and settings of now")
                {
                    Try = $"nothing is to be rolled back; --target={stage} shows it",
                };
            TakeBack(plan);
            return;
        }
        if (Moved(result) is { } moved)
            throw new VoxException($"--rollback: that result of {stage} takes {moved} as it was then, and it is another now")
            {
                Try = "put that file back first; or look at the result with --checkout",
            };
        var settled = Planner.SettledKey(plan, result); // what it remembers is in the key of the next run
        new View(space).Update(StageState.Done(plan.Stage, settled, older, result, space.Rows));
        var made = space.Blobs.Add(JsonSerializer.SerializeToUtf8Bytes(Explainer.MadeOf(plan), StorageJson.Default.Made));
        foreach (var tree in plan.Stage.Trees) space.Trees.Look(tree).Store();
        space.Blobs.Flush();
        foreach (var one in new[] { key, settled }.Distinct()) space.Log.Add(new RollbackLine(space.Clock.GetUtcNow(), stage, one, older, made));
        Note(plan, result);
    }

    /// <summary>Takes all rollbacks of a stage back: its present result is again what it last came to.</summary>
    /// <exception cref="VoxException">It was not rolled back.</exception>
    public void TakeBack(StagePlan plan)
    {
        var stage = plan.Stage.Name;
        if (!space.Log.IsRolledBack(stage)) throw new VoxException($"--rollback={stage}: it was not rolled back") { Try = $"name a result of --history={stage}: --rollback={stage}@KEY" };
        space.Log.Add(new RollbackLine(space.Clock.GetUtcNow(), stage, plan.Key ?? default, null, default));
        if (space.Log.Present(stage) is not { } own || space.TryRead(own.Result) is not { } result) return;
        new View(space).Update(StageState.Done(plan.Stage, own.Key, own.Result, result, space.Rows));
        Note(plan, result);
    }

    private void Note(StagePlan plan, StageResult result)
    {
        var line = space.Log.Present(plan.Stage.Name)!;
        voxLock.Note(plan.Stage.Name, plan.Tool.Name, plan.Tool.Closure, line.Result, line.Versions ?? space.Log.Versions(plan.Stage.Name), result.Memory, line.Note);
    }

    /// <summary>A person's file that the result names where it lies, and that is no longer what it was; or null.</summary>
    private string? Moved(StageResult result) =>
        result.Files.Concat(space.Rows.Read(result.Rows).SelectMany(row => row.Outputs))
            .Where(file => file.Source is not null && !space.Trees.IsAsSeen(space.Locate(file), file.Digest)).Select(space.Locate).FirstOrDefault();
}
