using VoxMake.Build.Frosting;
using VoxMake.Build.Targets;
using VoxMake.Graph;
using VoxMake.Graph.Running;

namespace VoxMake.Build.Commands;

/// <summary>The target Clean, which is no part of the graph.</summary>
internal static class Cleaning
{
    public static int Run(Session session)
    {
        if (session.Request.Mode != RunMode.Build)
            throw new VoxException("--target=Clean only cleans; it has no plan to show")
            {
                Try = "leave out the other option, or the target; --gc --dryrun says what would go",
            };
        var context = new BuildContext(session.Request, session.Space, new DryRun(session.Space, session.NewPlanner()), session.Cancel);
        var host = new CakeHost<BuildContext>(context);
        var task = new CleanTask();
        host.Add(task);
        host.Run(task.Name, exclusive: false);
        return context.ExitCode;
    }
}
