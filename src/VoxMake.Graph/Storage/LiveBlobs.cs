using System.Text.Json;
using VoxMake.Graph.Running;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>Why a content stays in the cache.</summary>
public enum BlobUse
{
    /// <summary>Nothing names it.</summary>
    None,

    /// <summary>It tells what a past result was made of, and its numbers: a few lines each.</summary>
    History,

    /// <summary>A present result names it, or was made of it.</summary>
    Present,

    /// <summary>A result that a vox.lock names has it.</summary>
    Lock,
}

/// <summary>The contents that the voices of all roots that use a cache name, and why: in their vox.lock, their present results, their histories.</summary>
public sealed class LiveBlobs
{
    private readonly Workspace _space;
    private readonly Dictionary<Digest, BlobUse> _uses = [];
    private readonly HashSet<Digest> _results = [];
    private readonly Dictionary<Digest, BlobUse> _walked = []; // pages whose rows' files were added
    private readonly List<Digest> _past = [];

    /// <exception cref="VoxException">A root cannot be read, or what it names is damaged: then nothing can be said.</exception>
    public LiveBlobs(Workspace space)
    {
        _space = space;
        foreach (var state in space.Roots.All().Append(space.Root).Distinct().SelectMany(root => CacheHold.StatesOf(space, root)))
        {
            if (Holder.Read(space.Disk, state)?.LockFile is { } file)
                foreach (var result in VoxLock.Results(space.Disk, file)) AddResult(result, BlobUse.Lock);
            if (space.LogOf(state) is not { } log) continue;
            foreach (var line in log.AllPresent)
            {
                AddResult(line.Result, BlobUse.Present);
                Add(line.Made, BlobUse.Present);
                foreach (var input in space.TryReadMade(line.Made)?.Inputs.Values ?? []) AddInput(input);
            }
            foreach (var line in log.All)
            {
                Add(line.Result, BlobUse.History);
                Add(line.Made, BlobUse.History);
                _past.Add(line.Result);
            }
        }
    }

    /// <summary>Why a content stays.</summary>
    public BlobUse Of(Digest digest) => _uses.GetValueOrDefault(digest);

    /// <summary>
    /// The lists of rows of past results that are not in use and of which something would be lost. They must go as well, and first: who finds the list takes the items' files for whole.
    /// </summary>
    /// <param name="lost">Whether a content is to be removed.</param>
    public HashSet<Digest> NoLongerWhole(Func<Digest, bool> lost)
    {
        var lists = new HashSet<Digest>();
        var pages = new Dictionary<Digest, bool>(); // most are shared by many results
        foreach (var digest in _past.Distinct().Where(digest => !_results.Contains(digest)))
            if (_space.TryRead(digest) is { } result && !_uses.ContainsKey(result.Rows) && (lost(result.Rows) || IsHit(result))) lists.Add(result.Rows);
        return lists;

        bool IsHit(StageResult result)
        {
            try { return result.Files.Any(file => lost(file.Digest)) || _space.Rows.Pages(result.Rows).Any(page => Page(page.Digest)); }
            catch (DamagedCacheException) { return true; }
        }

        bool Page(Digest page)
        {
            if (pages.TryGetValue(page, out var known)) return known;
            return pages[page] = lost(page) || _space.Rows.Entries(page).Any(row => row.Outputs.Any(file => lost(file.Digest)));
        }
    }

    private void Add(Digest digest, BlobUse use) => _uses[digest] = _uses.TryGetValue(digest, out var known) && known > use ? known : use;

    private void AddResult(Digest digest, BlobUse use)
    {
        if (_results.Contains(digest) && Of(digest) >= use) return;
        Add(digest, use);
        _results.Add(digest);
        if (_space.TryRead(digest) is not { } result) return;
        foreach (var file in result.Files) Add(file.Digest, use);
        Add(result.Rows, use);
        try
        {
            foreach (var page in _space.Rows.Pages(result.Rows)) AddPage(page.Digest, use);
        }
        catch (DamagedCacheException error)
        {
            throw new VoxException($"the cache has lost or damaged {error.Digest.Short}, a part of the result of {result.Stage} that is in use: what else it names cannot be said")
            {
                Try = "run --verify, then a build, which makes it again; then remove",
                ExitCode = ExitCode.Failed,
            };
        }
    }

    private void AddPage(Digest page, BlobUse use)
    {
        if (_walked.TryGetValue(page, out var walked) && walked >= use) return;
        foreach (var row in _space.Rows.Entries(page))
            foreach (var file in row.Outputs) Add(file.Digest, use);
        Add(page, use);
        _walked[page] = use;
    }

    /// <summary>
    /// What a present result was made of, to say later what has changed: the rows of a stage's result without their files, the listing of a folder, or a file of a person, which is not in
    /// the cache.
    /// </summary>
    private void AddInput(Digest digest)
    {
        if (!_space.Blobs.Has(digest)) return;
        Add(digest, BlobUse.Present);
        try
        {
            if (_space.TryRead(digest) is { } result && result.Stage is not null) AddInputRows(result.Rows);
            else AddInputRows(digest);
        }
        catch (JsonException) { AddInputRows(digest); }
    }

    private void AddInputRows(Digest table)
    {
        try
        {
            foreach (var page in _space.Rows.Pages(table)) Add(page.Digest, BlobUse.Present);
            Add(table, BlobUse.Present);
        }
        catch (Exception error) when (error is DamagedCacheException or JsonException or InvalidDataException) { } // a text of the host, or what the cache has lost: nothing hangs on it
    }
}
