using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// State folders of stages that keep state, <c>.vox/&lt;config&gt;/lineages/&lt;Stage&gt;-&lt;16 digits&gt;</c>: where a tool puts its checkpoints. One belongs to a lineage (DESIGN 4): the same tool, inputs and settings,
/// but for those that only extend. What is in one is the tool's own business, but for <see cref="StateProgress"/>; the host makes, moves and removes them whole.
/// </summary>
public sealed class Lineages(IDisk disk, string root)
{
    private const string SetAsideEnding = ".before";

    /// <summary>The folder of a lineage.</summary>
    public string FolderOf(string stage, Digest lineage) => Path.Combine(root, $"{stage}-{lineage.ToString()[..16]}");

    /// <summary>Whether an earlier run has left something there.</summary>
    public bool HasState(string stage, Digest lineage) => disk.List(FolderOf(stage, lineage)).Count > 0;

    /// <summary>How far it is, where the tool says so.</summary>
    public StateProgress? Progress(string stage, Digest lineage) => disk.ReadWhole(Path.Combine(FolderOf(stage, lineage), StateProgress.FileName)) is { } file ? StateProgress.Parse(file) : null;

    /// <summary>Makes the folder, if it is not there.</summary>
    public void Open(string stage, Digest lineage) => disk.CreateFolder(FolderOf(stage, lineage));

    /// <summary>Puts what is there out of the way. Of two such only the first is kept: the second is what a run left that put the first aside, and was stopped.</summary>
    public void SetAside(string stage, Digest lineage)
    {
        var folder = FolderOf(stage, lineage);
        if (disk.Stat(folder) is null) return;
        if (disk.Stat(folder + SetAsideEnding) is null) disk.Rename(folder, folder + SetAsideEnding);
        else disk.DeleteFolder(folder);
    }

    /// <summary>Removes what was put aside: there is something better now.</summary>
    public void DropSetAside(string stage, Digest lineage) => disk.DeleteFolder(FolderOf(stage, lineage) + SetAsideEnding);

    /// <summary>Gives the folder of one lineage to another; what that had is put aside.</summary>
    public void Move(string stage, Digest from, Digest to)
    {
        SetAside(stage, to);
        disk.Rename(FolderOf(stage, from), FolderOf(stage, to));
        disk.FlushFolder(root);
    }

    /// <summary>All folders there are, those put aside too.</summary>
    public IEnumerable<string> Folders => disk.List(root).Where(entry => entry.IsFolder).Select(entry => Path.Combine(root, entry.Name));
}
