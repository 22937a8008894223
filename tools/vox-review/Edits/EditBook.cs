using System.Collections.Concurrent;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.ReviewTool.Clips;

namespace VoxMake.ReviewTool.Edits;

/// <summary>What a clip is after all edits.</summary>
/// <param name="LaterFile">A file of edits that names the clip and is applied after ours: what is said here would not count. Null: there is none.</param>
internal sealed record ClipState(string Text, string Speaker, bool Kept, bool Dropped, bool IsCorrected, string? LaterFile = null)
{
    public bool IsTouched => Kept || Dropped || IsCorrected;

    /// <summary><c>kept</c>, <c>dropped</c>, or nothing.</summary>
    public string Verdict => Dropped ? "dropped" : Kept ? "kept" : "";
}

/// <summary>An edit cannot be written, for a reason that the person can do something about.</summary>
internal sealed class EditRefusedException(string message) : Exception(message);

/// <summary>
/// The edits of a folder, applied as Review applies them, and the one file of it that this page writes: rows are added at its end and nowhere else. One process at a time holds the file; threads, and
/// so tabs, wait for each other, and whoever has seen an older value is told.
/// </summary>
internal sealed class EditBook : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _held;
    private readonly ConcurrentDictionary<string, ClipState> _states = new(StringComparer.Ordinal);

    private EditBook(string path, FileStream held) => (Path, _held) = (path, held);

    /// <summary>The file that is written.</summary>
    public string Path { get; }

    private bool IsNewFolder { get; init; }

    /// <summary>Edits that were read and do not count: of other audio, of clips that are gone, or in conflict.</summary>
    public int Orphans { get; private set; }

    public int Corrected => _states.Values.Count(state => state.IsCorrected);
    public int Dropped => _states.Values.Count(state => state.Dropped);
    public int Kept => _states.Values.Count(state => state.Kept);
    public int Touched => _states.Values.Count(state => state.IsTouched);

    /// <summary>Reads all edits beside the file that is to be written.</summary>
    /// <param name="path">The file; it need not be there yet.</param>
    /// <exception cref="CorpusException">Another process writes it, or a file beside it is no edits file.</exception>
    public static EditBook Open(string path, ClipTable clips)
    {
        path = System.IO.Path.GetFullPath(path);
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(path)}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException) { throw new CorpusException("another review page writes this file") { File = path, Try = "stop it, or give this one a file of its own with --edits" }; }
        try
        {
            var book = new EditBook(path, held) { IsNewFolder = isNew };
            book.Read(folder, clips);
            return book;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private void Read(string folder, ClipTable clips)
    {
        var own = System.IO.Path.GetFileName(Path);
        var rows = Directory.EnumerateFiles(folder, "*.csv").Select(file => System.IO.Path.GetFileName(file)).Where(name => name[0] != '.').Order(StringComparer.Ordinal).SelectMany(name =>
        {
            using var stream = File.OpenRead(System.IO.Path.Combine(folder, name));
            return EditsFile.Read(stream, name).ToList();
        }).ToList();
        var later = rows.Where(row => string.CompareOrdinal(row.File, own) > 0 && row.Edit is not null).GroupBy(row => row.Edit!.Id, StringComparer.Ordinal).ToDictionary(group => group.Key,
            group => group.First().File, StringComparer.Ordinal);
        var (review, named) = (new Review(rows), rows.Where(row => row.Edit is not null).Select(row => row.Edit!.Id).ToHashSet(StringComparer.Ordinal));
        foreach (var clip in clips.Clips.Where(clip => named.Contains(clip.Id) && File.Exists(clip.Audio)))
        {
            var now = review.Of(new ReviewedClip(clip.Id, Digest.OfFile(clip.Audio), clip.Text, clip.Speaker));
            _states[clip.Id] = new ClipState(now.Text ?? "", now.Speaker ?? "", now.Kept, now.Dropped is not null, now.Edited, later.GetValueOrDefault(clip.Id));
        }
        Orphans = review.Orphans().Count;
    }

    /// <summary>What a clip is now.</summary>
    public ClipState Of(ReviewClip clip) => _states.TryGetValue(clip.Id, out var state) ? state : new ClipState(clip.Text, clip.Speaker, false, false, false);

    /// <summary>Writes one edit; what it makes of the clip is known at once. Where nothing would change nothing is written.</summary>
    /// <param name="heard">The digest of the audio that the person heard.</param>
    /// <param name="old">What the person saw: the text, the speaker, or for keep, drop and undecided the verdict.</param>
    /// <exception cref="EditRefusedException">The clip, its text, its speaker or its verdict is not what the person saw, or what is new cannot be written.</exception>
    public ClipState Write(ReviewClip clip, Digest heard, EditField field, string old, string @new)
    {
        lock (_lock)
        {
            var now = Of(clip);
            if (now.LaterFile is { } later)
                throw new EditRefusedException($"the clip is corrected in {later}, which is applied after {System.IO.Path.GetFileName(Path)}; correct it there, or start the page with a file that sorts after it (--edits)");
            if (Digest.OfFile(clip.Audio) != heard) throw new EditRefusedException("the sound has changed since it was opened; listen again");
            var seen = field switch { EditField.Text => now.Text, EditField.Speaker => now.Speaker, _ => now.Verdict };
            var (was, will) = (old.Trim(), @new.Trim());
            if (seen.Trim() != was) throw new EditRefusedException(Changed(field, seen));
            var next = field switch
            {
                EditField.Text => now with { Text = will, IsCorrected = true },
                EditField.Speaker => now with { Speaker = will, IsCorrected = true },
                EditField.Keep => now with { Kept = true, Dropped = false },
                EditField.Drop => now with { Kept = false, Dropped = true },
                _ => now with { Kept = false, Dropped = false },
            };
            if (field is EditField.Text or EditField.Speaker ? was == will : next == now) return now;
            try { EditsFile.Append(Path, [new Edit(clip.Id, heard, field, field is EditField.Text or EditField.Speaker ? was : "", field is EditField.Text or EditField.Speaker ? will : "")]); }
            catch (CorpusException error) { throw new EditRefusedException(error.Try is null ? error.Message : $"{error.Message}; {error.Try}"); }
            return _states[clip.Id] = next;
        }
    }

    private static string Changed(EditField field, string seen) => field switch
    {
        EditField.Text => $"the text is '{seen}' by now, changed in another tab; look again",
        EditField.Speaker => $"the speaker is '{seen}' by now, changed in another tab; look again",
        _ => $"the clip is {(seen.Length == 0 ? "undecided" : seen)} by now, changed in another tab; look again",
    };

    /// <summary>A folder that was made for edits, and in which none was written, goes again: that it is there adds a target to the graph.</summary>
    public void Dispose()
    {
        _held.Dispose();
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (IsNewFolder && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }
}
