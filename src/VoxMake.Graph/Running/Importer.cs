using System.Diagnostics;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Takes what a tool made into the cache by group commit (DESIGN 4): rename many files, one sync, then the index rows. Until its row is written a result does
/// not exist.
/// </summary>
internal sealed class Importer(Workspace space, string outFolder)
{
    private const int GroupSize = 512;
    private static readonly TimeSpan GroupTime = TimeSpan.FromSeconds(1);
    private readonly List<(Digest Key, Record Record)> _group = [];
    private readonly Stopwatch _since = Stopwatch.StartNew();

    /// <summary>Takes a tool's file over, after a look at where it lies and how big it is; a file passed on stays where it is.</summary>
    public OutputFile Take(OutputFile output)
    {
        if (output.Path is null) return output;
        var path = Path.GetFullPath(output.Path, outFolder);
        if (!path.StartsWith(outFolder + "/", StringComparison.Ordinal)) throw new VoxException($"the tool named an output outside its folder: {output.Path}") { ExitCode = ExitCode.Failed };
        if (space.Disk.Stat(path) is not { IsFile: true } stat || stat.Size != output.Size)
            throw new VoxException($"the tool says that it wrote {output.Path} with {output.Size} bytes, but it did not") { ExitCode = ExitCode.Failed };
        space.Blobs.Import(path, output.Digest);
        return output with { Path = null };
    }

    /// <summary>Adds a record whose files were taken.</summary>
    public void Add(Digest key, Record record)
    {
        _group.Add((key, record));
        if (_group.Count >= GroupSize || _since.Elapsed > GroupTime) Commit();
    }

    /// <summary>Makes everything added so far last.</summary>
    public void Commit()
    {
        _since.Restart();
        if (_group.Count == 0) return;
        if (_group.Exists(entry => entry.Record.AllOutputs.Any() || entry.Record.Rows is not null)) space.Blobs.Flush();
        space.Records.Add(_group);
        _group.Clear();
    }
}
