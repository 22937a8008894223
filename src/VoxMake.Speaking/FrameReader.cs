using VoxMake.Models;
using VoxMake.Models.Orpheus;

namespace VoxMake.Speaking;

/// <summary>What an id was.</summary>
internal enum Heard
{
    /// <summary>A part of a frame, or nothing.</summary>
    Part,

    /// <summary>The last of a frame.</summary>
    Frame,

    /// <summary>The end of speech.</summary>
    End,

    /// <summary>In a wrong slot, where nothing after such is kept.</summary>
    Misplaced,
}

/// <summary>Frames out of ids as they come, one by one, each held to its slot: <see cref="AudioFramesReader"/> for a stream.</summary>
/// <param name="ends">Ids that end speech.</param>
internal sealed class FrameReader(OrpheusIds ids, IReadOnlySet<int> ends, OnMisplaced onMisplaced)
{
    private readonly int[] _codes = new int[AudioFrames.Slots];
    private int _slot, _read;
    private bool _begun, _lost; // lost: after a disturbance, until a frame begins

    /// <summary>Disturbances.</summary>
    public int Misplaced { get; private set; }

    /// <summary>The codes of the frame that the last id made whole.</summary>
    public int[] Frame => [.. _codes];

    /// <exception cref="ModelException">An id is in the wrong slot, and that is to be refused.</exception>
    public Heard Add(int id)
    {
        var position = _read++;
        if (ends.Contains(id)) return Heard.End;
        if (!_begun && (id == ids.StartOfAi || id == ids.StartOfSpeech)) return Heard.Part; // a model that begins its turn itself
        _begun = true;
        var found = ids.SlotOf(id);
        if (found != _slot)
        {
            if (onMisplaced == OnMisplaced.Refuse) throw new ModelException($"the model wrote no frames of sound: {new MisplacedId(position, id, _slot, found)}");
            if (!_lost) Misplaced++;
            _slot = 0;
            if (onMisplaced == OnMisplaced.KeepBefore) return Heard.Misplaced;
            _lost = true;
            if (found != 0) return Heard.Part;
        }
        _lost = false;
        _codes[_slot] = (id - ids.AudioStart) % ids.CodebookSize;
        _slot = (_slot + 1) % AudioFrames.Slots;
        return _slot == 0 ? Heard.Frame : Heard.Part;
    }
}
