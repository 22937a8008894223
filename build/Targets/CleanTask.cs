using VoxMake.Build.Frosting;
using VoxMake.Graph.Storage;

namespace VoxMake.Build.Targets;

/// <summary>Removes all that <c>--gc</c> can: what no present result and no vox.lock names, state folders that no run goes on from, logs, and work in progress of killed runs.</summary>
[TaskName("Clean")]
[TaskDescription("frees the cache of results that nothing names any more")]
public sealed class CleanTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        using var hold = CacheHold.Take(context.Space);
        var report = new CacheBudget(context.Space).Sweep(new SweepLimits(), dryRun: false);
        var (files, freed, kept) = (report.Freed.Sum(amount => amount.Files), report.Freed.Sum(amount => amount.Bytes), report.Kept.Sum(amount => amount.Bytes));
        Console.WriteLine($"{files} files, {freed / 1e6:0.0} MB freed; {kept / 1e6:0.0} MB are in use");
    }
}
