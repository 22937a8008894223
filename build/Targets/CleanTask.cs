using VoxMake.Build.Frosting;
using VoxMake.Graph.Storage;

namespace VoxMake.Build.Targets;

/// <summary>Removes from the cache what no configuration's present result and no vox.lock names, state folders that no run goes on from, and this configuration's work in progress.</summary>
[TaskName("Clean")]
[TaskDescription("frees the cache of results that nothing names any more")]
public sealed class CleanTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        var space = context.Space;
        var freed = new CacheBudget(space).Sweep(keepBytes: 0);
        space.Disk.DeleteFolder(space.Work);
        space.Disk.DeleteFolder(space.Logs);
        Console.WriteLine($"{freed.Files} files, {freed.Bytes / 1e6:0.0} MB freed; {freed.KeptBytes / 1e6:0.0} MB are in use");
    }
}
