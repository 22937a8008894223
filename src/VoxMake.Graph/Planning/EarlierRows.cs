using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>
/// An earlier result of an item stage that was made by the same tool with the same settings: its rows hold for every item whose inputs are what they were then. So a stage looks at the items that
/// have changed since, and takes over the pages of all others unread.
/// </summary>
/// <param name="Rows">The table of its rows.</param>
/// <param name="Ids">Driving items that may differ, sorted: theirs are looked at anew. Of an Expand stage all that come from one recording, if one of them does.</param>
/// <param name="Roots">Expand: the recordings that they come from, sorted.</param>
public sealed record EarlierRows(Digest Rows, IReadOnlyList<string> Ids, IReadOnlyList<string> Roots)
{
    /// <summary>Beyond this share of changed items it is quicker to look at all.</summary>
    private const double MostChanged = 0.2;
    private const int LookedBack = 20;

    /// <summary>The newest earlier result that can serve; null where there is none, or nearly all has changed.</summary>
    /// <param name="recipe">What is done to the items: tool, verb, settings, and what is joined.</param>
    /// <exception cref="DamagedCacheException">The cache has lost pages of rows.</exception>
    public static EarlierRows? Find(Workspace space, Stage stage, Digest recipe, Func<Stage, StageState> states, Joiner joiner)
    {
        foreach (var line in space.Log.History(stage.Name).Reverse().DistinctBy(line => line.Result).Take(LookedBack))
        {
            var roots = new SortedSet<string>(StringComparer.Ordinal); // of rows that are gone: what an id comes from now may be another recording
            if (space.TryReadMade(line.Made) is { } made && made.Recipe == recipe && space.TryRead(line.Result) is { } result && Changed(space, stage, made, states, joiner, roots) is { } ids)
                return With(result.Rows, ids, roots, stage, joiner);
        }
        return null;
    }

    private static EarlierRows With(Digest rows, SortedSet<string> ids, SortedSet<string> roots, Stage stage, Joiner joiner)
    {
        if (stage.Kind != StageKind.Expand) return new EarlierRows(rows, [.. ids], []);
        // A child's row names its recording, not the item that it was cut from: where cuts are cut again, all of a recording are looked at together.
        foreach (var id in ids) roots.Add(joiner.RootOf(id));
        ids.UnionWith(roots.SelectMany(joiner.From));
        return new EarlierRows(rows, [.. ids], [.. roots]);
    }

    /// <summary>The ids of the driving items that may differ; null if that cannot be told, or they are too many.</summary>
    private static SortedSet<string>? Changed(Workspace space, Stage stage, Made made, Func<Stage, StageState> states, Joiner joiner, SortedSet<string> roots)
    {
        var query = stage.Items[0];
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        if (!made.Inputs.TryGetValue(query.Driving.Name, out var before)) return null;
        var limit = 1000.0;
        if (query.Driving.Tree is { } tree)
        {
            var listing = space.Trees.Look(tree);
            limit += listing.Count * MostChanged;
            try
            {
                foreach (var (was, now) in listing.Changes(before))
                {
                    ids.Add((was ?? now)!.Path);
                    if (ids.Count > limit) return null;
                }
            }
            catch (DamagedCacheException) { return null; } // only the listing of then is lost
        }
        else
        {
            limit += states(query.Driving.From!).Counts.Total * MostChanged;
            if (RowsThen(before) is not { } rows) return null;
            foreach (var (was, now) in space.Rows.Changes(rows, states(query.Driving.From!).Result!.Rows))
            {
                ids.Add((was ?? now)!.Id);
                if (was is not null) roots.Add(was.Parent ?? was.Id);
                if (ids.Count > limit) return null;
            }
        }
        foreach (var part in query.Joined)
        {
            if (!made.Inputs.TryGetValue(part.Name, out var digest) || RowsThen(digest) is not { } rows) return null;
            var changed = 0;
            foreach (var (was, now) in space.Rows.Changes(rows, states(part.From!).Result!.Rows))
            {
                ids.UnionWith(joiner.CutFrom((was ?? now)!.Id));
                if (++changed > limit || ids.Count > limit) return null;
            }
        }
        return ids;

        Digest? RowsThen(Digest result) => space.TryRead(result)?.Rows;
    }
}
