using System.Text;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Shows a stage's result as files, <c>out/&lt;config&gt;/&lt;stage&gt;/</c>: links into the cache, read-only, with metadata.csv and rejects.csv. Brought up to date by the
/// difference to what it showed before. A person's own files are never linked or moved: metadata.csv names where they are.
/// </summary>
public sealed class View(Workspace space)
{
    /// <summary>Folders of a view that every run looks at, one statx each. Where there are more, the rest is not looked at.</summary>
    private const int MostFolders = 4096;

    private string Stamps => Path.Combine(space.State, "views");

    /// <summary>Makes the view of a stage show this result. Nothing is done if it does already and nobody has touched it since.</summary>
    /// <exception cref="VoxException">Two of its files would have one name.</exception>
    public void Update(StageState state)
    {
        var (stage, next) = (state.Stage, state.Result!);
        var folder = Path.Combine(space.Out, stage.Name);
        var stamp = Path.Combine(Stamps, stage.Name);
        var tables = new ViewTables(space, stage, folder);
        var shown = ViewStamp.Read(space.Disk, stamp) is { } found && found.Form == Form(stage) ? found : null;
        var moved = shown is not null && shown.Folders.Any(left => Standing.Of(space.Disk, folder, left.Name) != left);
        var tablesStand = shown is not null && tables.AreAsLeft(shown.Tables);
        if (shown?.Result == state.Digest && !moved && tablesStand) return;

        var before = shown is null ? null : space.TryRead(shown.Result);
        space.Disk.CreateFolder(Stamps);
        space.Disk.Delete(stamp); // a view that is cut off on the way is made anew, not trusted
        var links = new ViewLinks(space, stage, folder);
        if (before is null || !TryChange(links, before, next, moved ? shown!.Folders : null))
        {
            (shown, tablesStand) = (null, false);
            space.Disk.DeleteFolder(folder);
            links = Fill(stage, folder, next);
        }
        var written = tables.Write(next.Rows, tablesStand && shown!.Tables is { } old ? (before!.Rows, old) : null);
        new ViewStamp(state.Digest!.Value, Form(stage), Leave(folder, shown?.Folders ?? [], links.Touched), written).Write(space.Disk, stamp);
    }

    /// <summary>Shows any result in a new folder (<c>--checkout</c>).</summary>
    /// <exception cref="VoxException">The folder exists already, or two files would have one name.</exception>
    public void Checkout(StageState state, string folder)
    {
        if (space.Disk.Stat(folder) is not null) throw new VoxException($"{folder}: it exists already") { Try = "name a folder that does not exist yet" };
        Fill(state.Stage, folder, state.Result!);
        new ViewTables(space, state.Stage, folder).Write(state.Result!.Rows, null);
    }

    /// <summary>Changes links of one result to those of another. False if they are to be made anew: what the older result showed can no longer be read, or something else stands among them.</summary>
    /// <param name="moved">The view's folders, where somebody has touched them; else null.</param>
    private static bool TryChange(ViewLinks links, StageResult before, StageResult next, IReadOnlyList<Standing>? moved)
    {
        try
        {
            if (moved is not null && !links.TryMend(before, moved)) return false;
            links.Remove(before, next);
        }
        catch (DamagedCacheException) { return false; }
        return links.Add(before, next) is null;
    }

    /// <summary>Makes all links in a new folder.</summary>
    private ViewLinks Fill(Stage stage, string folder, StageResult result)
    {
        var links = new ViewLinks(space, stage, folder);
        space.Disk.CreateFolder(folder);
        if (links.Add(null, result) is not { } clash) return links;
        var what = clash.Name == clash.Taken ? "" : $": one of them as a file, the other, '{clash.Name}', in a folder of that name";
        throw new VoxException($"{stage.Name}: two results would be shown as '{clash.Taken}'{what}") { ExitCode = ExitCode.Failed, Try = "give one of the two another name" };
    }

    /// <summary>
    /// How a view's folders are left. Those that were touched are set back by more than a tick of the clock, so that whatever is added or deleted later moves them: a folder that is as it was left
    /// has the names that it had.
    /// </summary>
    private IReadOnlyList<Standing> Leave(string folder, IReadOnlyList<Standing> known, IReadOnlySet<string> touched)
    {
        var before = known.ToDictionary(standing => standing.Name);
        var left = new List<Standing>();
        foreach (var name in before.Keys.Union(touched).Order(StringComparer.Ordinal).Take(MostFolders))
        {
            var path = Path.Combine(folder, name);
            if (!touched.Contains(name)) left.Add(before[name]);
            else if (space.Disk.Stat(path) is { } stat)
            {
                space.Disk.SetModified(path, stat.ModifiedNs - 2 * SeenFiles.Tick.Ticks * TimeSpan.NanosecondsPerTick);
                left.Add(Standing.Of(space.Disk, folder, name)!);
            }
        }
        return left;
    }

    /// <summary>Makes the next <see cref="Update"/> of a stage show all of it anew: a link may show a damaged file, and not the one that took its place.</summary>
    public void Distrust(Stage stage) => space.Disk.Delete(Path.Combine(Stamps, stage.Name));

    /// <summary>Removes views of targets that the graph no longer has. Only what this class made is touched: it left a stamp.</summary>
    public void Prune(IReadOnlySet<string> targets)
    {
        foreach (var entry in space.Disk.List(Stamps))
        {
            if (targets.Contains(entry.Name)) continue;
            space.Disk.DeleteFolder(Path.Combine(space.Out, entry.Name));
            space.Disk.Delete(Path.Combine(Stamps, entry.Name));
        }
    }

    /// <summary>How a stage wants its files to be named: a host that names them otherwise shows them anew.</summary>
    private static string Form(Stage stage) => Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', stage.Outputs.Select(output => output.Pattern).Append(stage.OwnTables ? "own" : "")))).Short;
}
