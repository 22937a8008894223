using System.Globalization;
using VoxMake.Graph.Running;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>Makes the index of records and the views anew from what the cache holds (<c>--repair</c>), and says what is lost for good.</summary>
internal static class Mending
{
    public static int Run(Session session)
    {
        var (space, screen) = (session.Space, session.Screen);
        using var guard = session.Guard("vox --repair");
        var repair = new CacheRepair(space, [.. session.Tasks.Select(task => task.Stage)]);
        var known = space.Log.All.Any();
        var added = repair.Records(session.Lock.File);
        repair.Versions(session.Lock);
        screen.Line(added == 0
            ? "records: all that present and past results tell of are there"
            : string.Create(CultureInfo.InvariantCulture, $"records: {added:n0} were missing, and are there again"));
        var lost = repair.Views();
        if (known) screen.Line($"views: those of {session.Tasks.Count(task => space.Log.Present(task.Name) is not null) - lost.Count} targets were made anew");
        if (lost.Count > 0) screen.Line($"       not of {string.Join(", ", lost)}: the cache has lost a part of the result; the next build makes it again");
        if (!known)
            screen.Line($"""
                log:   there is none of {session.Config.Name}. Lost with it are the history and what is present: the next build plans
                       every item anew. Items have their records; a target that works on all of them at once runs again, unless
                       its own record is there. Training goes on from its checkpoints.
                """);
        else if (space.Log.IsCut) screen.Line("log:   its end cannot be read, and was left behind by a crash, or is damaged. The last result or two may be made again");
        screen.Line($"damage inside contents is found by --verify; then: {session.CommandFor(session.Target)}");
        return ExitCode.Done;
    }
}
