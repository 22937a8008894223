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
        if (session.Request.Checkout!.Split('@') is not [var name, var key] || session.Request.CheckoutFolder is not { } folder)
            throw new VoxException("--checkout wants STAGE@KEY and a folder") { Try = "vox --checkout Dataset@1a2b3c4d5e6f old-dataset" };
        var stage = session.TargetOf(name).Stage;
        var (line, result) = new History(session.Space, stage).Find(key, "--checkout");
        new View(session.Space).Checkout(StageState.Done(stage, line.Key, line.Result, result, session.Space.Rows), Path.GetFullPath(folder));
        session.Screen.Line($"{stage.Name} of {line.At.ToLocalTime():yyyy-MM-dd HH:mm} is in {folder}");
        return ExitCode.Done;
    }
}
