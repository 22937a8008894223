using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Writes what stages came to: blobs first, then the line of the log by which later runs find it.</summary>
internal sealed class Results(Workspace space, RunOptions options)
{
    /// <summary>Writes a stage's result; the log line only if it is whole.</summary>
    public StageState Write(StagePlan plan, Digest rows, IReadOnlyList<RowFile> files, Columns columns, JsonElement? memory, bool whole, long ran, TimeSpan time)
    {
        var result = new StageResult(plan.Stage.Name, rows, files, columns, space.Rows.Counts(rows), memory);
        var digest = space.Blobs.Add(JsonSerializer.SerializeToUtf8Bytes(result, StorageJson.Default.StageResult));
        var key = Planner.SettledKey(plan, result);
        if (whole) Log(plan, key, digest, result, ran, time);
        return StageState.Done(plan.Stage, key, digest, result, space.Rows);
    }

    private void Log(StagePlan plan, Digest settled, Digest digest, StageResult result, long ran, TimeSpan time)
    {
        var madeDigest = space.Blobs.Add(JsonSerializer.SerializeToUtf8Bytes(Explainer.MadeOf(plan), StorageJson.Default.Made));
        foreach (var tree in plan.Stage.Items.Select(query => query.Driving.Tree).Concat(plan.Stage.Files.OfType<PersonFolder>().Select(folder => folder.Tree)).OfType<FileTree>())
            space.Trees.Look(tree).Store();
        space.Blobs.Flush();
        var stage = plan.Stage.Name;
        var note = plan.Note ?? space.Log.Lineages(stage).FirstOrDefault(use => use.Lineage == plan.Lineage)?.Note;
        foreach (var key in new[] { plan.Key!.Value, settled }.Distinct())
            space.Log.Add(new StageLine(options.Id, space.Clock.GetUtcNow(), stage, key, digest, madeDigest, result.Counts, ran, Math.Round(time.TotalSeconds, 3), space.Log.Versions(stage), note, plan.Lineage));
    }
}
