using VoxMake.Build.Terminal;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>Makes an older result of a target the present one, and says what the next build will do.</summary>
internal static class RollingBack
{
    public static int Run(Session session)
    {
        var asked = session.Request.Rollback!.Split('@');
        if (asked.Length > 2 || asked[^1] == "") throw new VoxException("--rollback wants STAGE@KEY") { Try = "vox --rollback=Train@1a2b3c4d5e6f; --history=Train lists the keys" };
        var task = session.TargetOf(asked[0]);
        using var guard = session.Guard($"vox --rollback={session.Request.Rollback}");
        var plan = session.Plan(task).Plans.First(plan => plan.Stage == task.Stage);
        var rollback = new Rollback(session.Space, session.Lock);
        if (asked.Length == 1) rollback.TakeBack(plan);
        else
        {
            var (line, result) = new History(session.Space, task.Stage).Find(asked[1], "--rollback");
            rollback.To(plan, line.Result, result);
        }
        session.SaveLock();
        session.SaveSeen();

        var next = session.Plan(session.Target);
        if (session.Request.Json)
        {
            Json.Write(next.Plans, next.Reports, null);
            return ExitCode.Done;
        }
        session.Screen.Line($"{task.Name} {session.Space.Log.Present(task.Name)?.Note ?? "is no longer rolled back"}; nothing was built. The next build:");
        session.Screen.Line();
        Tables.Plan(session.Screen, next.Plans, next.Reports, all: session.Request.Verbose);
        return ExitCode.Done;
    }
}
