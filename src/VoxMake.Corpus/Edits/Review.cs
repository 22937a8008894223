using VoxMake.Protocol;

namespace VoxMake.Corpus;

/// <summary>A clip as Review sees it.</summary>
/// <param name="Audio">The digest of the untouched audio.</param>
public sealed record ReviewedClip(string Id, Digest Audio, string? Text, string? Speaker);

/// <summary>What edits made of a clip.</summary>
/// <param name="Text">The text now.</param>
/// <param name="Speaker">The speaker now.</param>
/// <param name="TextCorrected">Whether an edit changed what is said.</param>
/// <param name="SpeakerCorrected">Whether an edit changed who speaks.</param>
/// <param name="Kept">A person said keep, and nothing else later.</param>
/// <param name="Edited">An edit of text or speaker was applied.</param>
/// <param name="Dropped">The edit that dropped it, and was not taken back later; null where it stays.</param>
public sealed record Reviewed(string? Text, string? Speaker, bool TextCorrected, bool SpeakerCorrected, bool Kept, bool Edited, EditRow? Dropped);

/// <summary>An edit that was not applied.</summary>
public sealed record Orphan(EditRow Row, Fault Fault);

/// <summary>
/// Applies edits clip by clip, in the order of files and lines: later rows win. An edit of text or speaker must have seen the value that the clip
/// has, or one that an edit before it made or replaced, unless the clip has what it wants already (Diarize follows edits of speakers too); one that was said of other audio is never applied.
/// </summary>
public sealed class Review
{
    private readonly Dictionary<string, List<EditRow>> _byId = new(StringComparer.Ordinal);
    private readonly List<Orphan> _orphans = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <param name="rows">All rows of all files, in order.</param>
    public Review(IEnumerable<EditRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Edit is not { } edit) _orphans.Add(new Orphan(row, row.Fault!));
            else if (_byId.TryGetValue(edit.Id, out var list)) list.Add(row);
            else _byId.Add(edit.Id, [row]);
        }
    }

    /// <summary>Edits that were applied so far.</summary>
    public int Applied { get; private set; }

    /// <summary>What the edits make of a clip.</summary>
    public Reviewed Of(ReviewedClip clip)
    {
        var now = new Reviewed(clip.Text, clip.Speaker, false, false, false, false, null);
        if (!_byId.TryGetValue(clip.Id, out var rows)) return now;
        _seen.Add(clip.Id);
        HashSet<string> texts = [(clip.Text ?? "").Trim()], speakers = [(clip.Speaker ?? "").Trim()]; // edits are read trimmed
        foreach (var row in rows)
        {
            var edit = row.Edit!;
            var fault = edit.Audio != clip.Audio
                ? new Fault("orphaned", $"it was said of other audio ({edit.Audio.Short}…, the clip now is {clip.Audio.Short}…); listen again")
                : edit.Field == EditField.Text && !texts.Contains(edit.Old) && now.Text != edit.New ? Conflict("text", edit.Old, now.Text)
                : edit.Field == EditField.Speaker && !speakers.Contains(edit.Old) && now.Speaker != edit.New ? Conflict("speaker", edit.Old, now.Speaker)
                : null;
            if (fault is not null)
            {
                _orphans.Add(new Orphan(row, fault));
                continue;
            }
            Applied++;
            switch (edit.Field)
            {
                case EditField.Keep: now = now with { Kept = true, Dropped = null }; break;
                case EditField.Drop: now = now with { Kept = false, Dropped = row }; break;
                case EditField.Undecided: now = now with { Kept = false, Dropped = null }; break;
                case EditField.Text:
                    texts.Add(edit.New);
                    now = now with { Text = edit.New, TextCorrected = true, Edited = true };
                    break;
                default:
                    speakers.Add(edit.New);
                    now = now with { Speaker = edit.New, SpeakerCorrected = true, Edited = true };
                    break;
            }
        }
        return now;
    }

    /// <summary>Edits that were not applied, by file and line. To be asked when all clips have gone through <see cref="Of"/>.</summary>
    public IReadOnlyList<Orphan> Orphans() =>
    [
        .. _orphans
            .Concat(_byId.Where(pair => !_seen.Contains(pair.Key)).SelectMany(pair => pair.Value).Select(row => new Orphan(row, new Fault("orphaned", $"there is no clip '{row.Edit!.Id}' (any more)"))))
            .OrderBy(orphan => orphan.Row.File, StringComparer.Ordinal).ThenBy(orphan => orphan.Row.Line),
    ];

    private static Fault Conflict(string field, string old, string? now) =>
        new("conflict", $"it replaces the {field} '{old}', but the {field} is '{now}' now; correct it again");
}
