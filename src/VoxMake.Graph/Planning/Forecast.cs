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

    /// <summary>What a stage will take.</summary>
    /// <param name="Time">Null if it never ran here.</param>
    /// <param name="Bytes">That it will add to the cache.</param>
    public readonly record struct Expected(string Stage, TimeSpan? Time, long Bytes);

    /// <summary>What the stages from one on will take.</summary>
    /// <param name="Items">That the first has to work on.</param>
    public sealed record Outlook(IReadOnlyList<Expected> Stages, long Items)
    {
        /// <summary>Of those whose past is known.</summary>
        public TimeSpan Time => TimeSpan.FromSeconds(Stages.Sum(stage => stage.Time?.TotalSeconds ?? 0));

        public long Bytes => Stages.Sum(stage => stage.Bytes);

        /// <summary>Stages that never ran here.</summary>
        public IReadOnlyList<string> Unknown => [.. Stages.Where(stage => stage.Time is null).Select(stage => stage.Stage)];
    }

    /// <summary>What a stage took, by the run that had the most to do.</summary>
    private sealed record Rate(double SecondsPerItem, double BytesPerItem);

    /// <summary>From the first stage that has to run.</summary>
    public Outlook From(StagePlan first)
    {
        var below = new HashSet<Stage>();
        var expected = new List<Expected>();
        var items = first.Stage.Kind == StageKind.Collect ? Changed(first) : first.ToRun;
        foreach (var stage in stages)
        {
            if (stage != first.Stage && !stage.Needs.Any(below.Contains)) continue;
            below.Add(stage);
            expected.Add(new Expected(stage.Name, Of(stage, items), (long)((Of(stage)?.BytesPerItem ?? 0) * Actions(stage, items))));
        }
        return new Outlook(expected, items);
    }

    /// <summary>What items of a stage take; null if it never ran here.</summary>
    public TimeSpan? Of(Stage stage, long items) => Of(stage) is { } rate ? TimeSpan.FromSeconds(rate.SecondsPerItem * Actions(stage, items)) : null;

    /// <summary>A Collect stage works on all items as one.</summary>
    private static long Actions(Stage stage, long items) => stage.Kind == StageKind.Collect ? 1 : items;

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
