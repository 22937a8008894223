using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>Shows any past result of a target in a new folder.</summary>
internal static class Checkout
{
    public static int Run(Session session)
    {
        var parts = session.Request.Checkout!.Split('@');
        if (parts.Length != 2 || session.Request.CheckoutFolder is null) throw new VoxException("--checkout wants STAGE@KEY and a folder") { Try = "vox --checkout Dataset@1a2b3c4d5e6f old-dataset" };
        var task = session.TargetOf(parts[0]);
        var space = session.Space;
        var lines = space.Log.History(task.Name).Where(line => line.Key.ToString().StartsWith(parts[1], StringComparison.OrdinalIgnoreCase)).DistinctBy(line => line.Result).ToList();
        if (lines.Count != 1)
            throw new VoxException($"--checkout: {task.Name} has {(lines.Count == 0 ? "no result" : $"{lines.Count} results")} whose key begins with '{parts[1]}'")
            {
                Try = "it has: " + string.Join(", ", space.Log.History(task.Name).Select(line => $"{line.Key.Short} ({line.At.ToLocalTime():yyyy-MM-dd HH:mm})").Distinct()),
            };
        var result = space.TryRead(lines[0].Result) ?? throw new VoxException($"--checkout: the cache no longer holds that result of {task.Name}");
        new View(space).Checkout(StageState.Done(task.Stage, lines[0].Key, lines[0].Result, result, space.Rows), Path.GetFullPath(session.Request.CheckoutFolder));
        session.Screen.Line($"{task.Name} of {lines[0].At.ToLocalTime():yyyy-MM-dd HH:mm} is in {session.Request.CheckoutFolder}");
        return ExitCode.Done;
    }
}
