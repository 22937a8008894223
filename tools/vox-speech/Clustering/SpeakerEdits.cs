using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool.Clustering;

/// <summary>
/// What people said of clips' speakers (docs/edits.md): rows of the field <c>speaker</c>, by id and the digest of the audio, later rows win. What was there before (<c>old</c>) does not count
/// here: a corrected clip changes the names of others, and their corrections are to stay.
/// </summary>
internal sealed class SpeakerEdits
{
    private const int MaxWarnings = 20;
    private readonly Dictionary<string, List<EditRow>> _byId = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    /// <exception cref="ToolException">A file is no edits file.</exception>
    public SpeakerEdits(IEnumerable<InputFile> files)
    {
        foreach (var file in files)
        {
            try
            {
                using var stream = File.OpenRead(file.Path);
                foreach (var row in EditsFile.Read(stream, file.Name))
                {
                    if (row.Edit is not { } edit) _faults.Add($"{row.At}: not read ({row.Fault!.Reason}): {row.Fault.Message}");
                    else if (edit.Field == EditField.Speaker) (_byId.TryGetValue(edit.Id, out var list) ? list : _byId[edit.Id] = []).Add(row);
                }
            }
            catch (CorpusException error) { throw new ToolException(error.Message) { File = error.File, Try = error.Try }; }
        }
    }

    /// <summary>The speaker that people last gave the clip; null where nobody did, or of other audio.</summary>
    public string? Of(string id, Digest audio)
    {
        string? speaker = null;
        foreach (var row in _byId.GetValueOrDefault(id) ?? [])
        {
            if (row.Edit!.Audio == audio) speaker = row.Edit.New;
            else _faults.Add($"{row.At}: not applied (orphaned): it was said of other audio of '{id}'; listen again");
        }
        return speaker;
    }

    /// <summary>Tells what was not applied. To be asked when all clips have gone through <see cref="Of"/>.</summary>
    /// <param name="isClip">Whether there is such a clip.</param>
    public void Tell(ICollectReporter report, Func<string, bool> isClip)
    {
        foreach (var row in _byId.Where(pair => !isClip(pair.Key)).SelectMany(pair => pair.Value)) _faults.Add($"{row.At}: not applied (orphaned): there is no clip '{row.Edit!.Id}' (any more)");
        foreach (var fault in _faults.Take(MaxWarnings)) report.Warning(fault);
        if (_faults.Count > MaxWarnings) report.Warning($"and {_faults.Count - MaxWarnings} more corrections of speakers that were not applied");
        report.Metric("edits_orphaned", _faults.Count);
    }
}
