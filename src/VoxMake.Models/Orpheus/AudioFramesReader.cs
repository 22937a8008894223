namespace VoxMake.Models.Orpheus;

/// <summary>What to do about an id that is not of the slot whose turn it is.</summary>
public enum OnMisplaced
{
    /// <summary>An exception that names the position: for training data, which must be right.</summary>
    Refuse,

    /// <summary>The frames before it are kept, nothing after: what a listener heard until then is right.</summary>
    KeepBefore,

    /// <summary>The broken frame is dropped, and reading goes on with the next id of slot 0: one frame of 85 ms is missing, the rest is heard.</summary>
    DropFrame,
}

/// <summary>An id in the wrong slot.</summary>
/// <param name="Position">In the ids that were read, from 0.</param>
/// <param name="Expected">The slot whose turn it was.</param>
/// <param name="Found">The slot that the id belongs to; null for an id that is no sound.</param>
public sealed record MisplacedId(int Position, int Id, int Expected, int? Found)
{
    public override string ToString() =>
        $"the id {Id} at position {Position} is {(Found is { } slot ? $"of slot {slot}" : "no code of sound")}, where slot {Expected} of a frame was expected";
}

/// <summary>Frames that were read from ids.</summary>
/// <param name="Misplaced">Where reading was disturbed: the first id of each disturbance.</param>
/// <param name="Dropped">Ids that are in no frame: of broken ones, and of one that the ids ended in.</param>
public sealed record AudioFramesRead(AudioFrames Frames, IReadOnlyList<MisplacedId> Misplaced, int Dropped);

/// <summary>
/// Frames out of ids. The reference takes any seven ids for a frame and subtracts the offsets of the slots; an id in the wrong slot then becomes a code below 0 or beyond the codebook, on a GPU an
/// assertion that ends the process. Here each id is held to its slot.
/// </summary>
public static class AudioFramesReader
{
    /// <summary>Reads frames. A frame that the ids end in is dropped.</summary>
    /// <exception cref="ModelException">An id is in the wrong slot, and that is to be refused.</exception>
    public static AudioFramesRead Read(ReadOnlySpan<int> ids, OrpheusIds meaning, OnMisplaced onMisplaced)
    {
        var codes = new List<int>(ids.Length);
        var misplaced = new List<MisplacedId>();
        var lost = false; // after a disturbance, until a frame begins
        for (var i = 0; i < ids.Length; i++)
        {
            var expected = codes.Count % AudioFrames.Slots;
            var found = meaning.SlotOf(ids[i]);
            if (found != expected)
            {
                if (!lost)
                {
                    var fault = new MisplacedId(i, ids[i], expected, found);
                    if (onMisplaced == OnMisplaced.Refuse) throw new ModelException($"these are no frames of sound: {fault}");
                    misplaced.Add(fault);
                }
                codes.RemoveRange(codes.Count - expected, expected);
                if (onMisplaced == OnMisplaced.KeepBefore) break;
                lost = true;
                if (found != 0) continue;
            }
            lost = false;
            codes.Add((ids[i] - meaning.AudioStart) % meaning.CodebookSize);
        }
        codes.RemoveRange(codes.Count - codes.Count % AudioFrames.Slots, codes.Count % AudioFrames.Slots);
        return new AudioFramesRead(AudioFrames.OfSlots([.. codes]), misplaced, ids.Length - codes.Count);
    }
}
