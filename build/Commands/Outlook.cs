using VoxMake.Build.Terminal;
using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>Says what would be done, and why; touches nothing.</summary>
internal static class Outlook
{
    public static int Run(Session session)
    {
        var (request, screen) = (session.Request, session.Screen);
        var run = session.Plan(session.Target);
        if (request.Mode == RunMode.Graph)
        {
            Console.Write(Mermaid.Of(run.Plans));
            return ExitCode.Done;
        }
        var causes = new Causes(session.Space, run.Plans);
        if (request.Json) Json.Write(run.Plans, run.Reports, request.Mode == RunMode.Explain ? causes : null);
        else if (request.Mode == RunMode.Status) Tables.Status(screen, session.Space, run.Plans, run.Reports);
        else if (request.Mode == RunMode.Explain) CauseTree.Write(screen, run.Plans, causes);
        else Tables.Plan(screen, run.Plans, run.Reports, all: request.Verbose);
        if (request.Mode == RunMode.DryRun && !request.Json) screen.Line("dry run: nothing was touched");
        return ExitCode.Done;
    }
}
