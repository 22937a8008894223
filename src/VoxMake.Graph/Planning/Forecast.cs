using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>
/// What a run will take, judged by what its stages took before: seconds an item, bytes an item; of a Collect stage the whole. Stages behind the first that runs are taken to get as many items as that
/// one, since theirs are not known yet.
/// </summary>
/// <param name="stages">Those of the run, in order.</param>
public sealed class Forecast(Workspace space, IReadOnlyList<Stage> stages)
{
    /// <summary>Runs that are looked back at.</summary>
    private const int LookedBack = 8;
    private const int PagesLookedAt = 3;
    private readonly Dictionary<string, Rate?> _rates = [];

    /// <summary>What the stages from one on will take.</summary>
    /// <param name="Time">Of those whose past is known.</param>
    /// <param name="Bytes">That they will add to the cache.</param>
    /// <param name="Unknown">Stages that never ran here.</param>
    public readonly record struct Outlook(TimeSpan Time, long Bytes, IReadOnlyList<string> Unknown);

    /// <summary>What a stage took, by the run that had the most to do.</summary>
    private sealed record Rate(double SecondsPerItem, double BytesPerItem);

    /// <summary>From the first stage that has to run.</summary>
    public Outlook From(StagePlan first)
    {
        var below = new HashSet<Stage>();
        var time = TimeSpan.Zero;
        long bytes = 0;
        var unknown = new List<string>();
        var items = first.Stage.Kind == StageKind.Collect ? Changed(first) : first.ToRun;
        foreach (var stage in stages)
        {
            if (stage != first.Stage && !stage.Needs.Any(below.Contains)) continue;
            below.Add(stage);
            if (Of(stage) is not { } rate)
            {
                unknown.Add(stage.Name);
                continue;
            }
            var count = stage.Kind == StageKind.Collect ? 1 : items;
            time += TimeSpan.FromSeconds(rate.SecondsPerItem * count);
            bytes += (long)(rate.BytesPerItem * count);
        }
        return new Outlook(time, bytes, unknown);
    }

    /// <summary>What items of a stage take; null if it never ran here.</summary>
    public TimeSpan? Of(Stage stage, long items) => Of(stage) is { } rate ? TimeSpan.FromSeconds(rate.SecondsPerItem * (stage.Kind == StageKind.Collect ? 1 : items)) : null;

    /// <summary>How many files of a folder are others than at the last run: about as many items follow from them.</summary>
    private long Changed(StagePlan plan)
    {
        var tree = plan.Stage.Items.Select(query => query.Driving.Tree).OfType<FileTree>().FirstOrDefault();
        if (tree is null) return plan.ItemCount;
        var before = space.Log.Present(plan.Stage.Name) is { } line && space.TryReadMade(line.Made) is { } made && made.Inputs.TryGetValue(tree.Name, out var listing) ? listing : (Digest?)null;
        return space.ChangesSince(before, tree).Count;
    }

    private Rate? Of(Stage stage)
    {
        if (_rates.TryGetValue(stage.Name, out var known)) return known;
        return _rates[stage.Name] = space.Log.History(stage.Name).Where(line => line.Ran > 0).TakeLast(LookedBack).MaxBy(line => line.Ran) is { } line
            ? new Rate(line.Seconds / line.Ran, BytesAnItem(stage, line))
            : null;
    }

    /// <summary>By some pages of what it last made: a million rows need not be read for an estimate.</summary>
    private double BytesAnItem(Stage stage, StageLine line)
    {
        try
        {
            if (space.TryRead(line.Result) is not { } result) return 0;
            if (stage.Kind == StageKind.Collect) return result.Files.Where(file => file.Source is null).Sum(file => file.Size);
            var pages = space.Rows.Pages(result.Rows).Take(PagesLookedAt).ToList();
            var size = pages.SelectMany(page => space.Rows.Entries(page.Digest)).SelectMany(row => row.Outputs).Where(file => file.Source is null).Sum(file => file.Size);
            return size / (double)Math.Max(1, pages.Sum(page => page.Counts.Total));
        }
        catch (DamagedCacheException) { return 0; }
    }
}
