using VoxMake.Torch;

namespace VoxMake.Models.Orpheus;

/// <summary>
/// Frames of speech as Orpheus-TTS writes them: of each frame (2048 samples, 85 ms at 24 kHz) the seven codes of SNAC's three levels, in the order of time within the frame: c0[i], c1[2i], c2[4i],
/// c2[4i+1], c1[2i+1], c2[4i+2], c2[4i+3].
/// </summary>
public sealed class AudioFrames
{
    /// <summary>Codes of a frame.</summary>
    public const int Slots = 7;

    /// <summary>Levels of the codec.</summary>
    public const int Levels = 3;

    private static readonly int[] LevelOfSlot = [0, 1, 2, 2, 1, 2, 2];
    private static readonly int[] PlaceOfSlot = [0, 0, 0, 1, 1, 2, 3];
    private readonly int[] _codes;

    private AudioFrames(int[] codes) => _codes = codes;

    /// <summary>How many frames there are.</summary>
    public int Count => _codes.Length / Slots;

    /// <summary>The seven codes of a frame.</summary>
    public ReadOnlySpan<int> this[int frame] => _codes.AsSpan(frame * Slots, Slots);

    /// <summary>Frames from their codes, seven for each.</summary>
    /// <exception cref="ModelException">The last frame is not whole.</exception>
    public static AudioFrames OfSlots(ReadOnlySpan<int> codes) =>
        codes.Length % Slots == 0 ? new AudioFrames(codes.ToArray()) : throw new ModelException($"{codes.Length} codes are no whole frames; a frame has {Slots}");

    /// <summary>Frames from the codes of each level, of each frame 1, 2 and 4.</summary>
    /// <exception cref="ModelException">There are not three levels, or their lengths do not fit.</exception>
    public static AudioFrames OfLevels(IReadOnlyList<IReadOnlyList<int>> levels)
    {
        if (levels.Count != Levels) throw new ModelException($"{levels.Count} levels of codes were given; Orpheus has {Levels}");
        var frames = levels[0].Count;
        for (var level = 1; level < Levels; level++)
            if (levels[level].Count != frames << level) throw new ModelException($"level {level} has {levels[level].Count} codes; expected {frames << level} for {frames} frames");
        var codes = new int[frames * Slots];
        for (var i = 0; i < codes.Length; i++)
        {
            var (frame, slot) = (i / Slots, i % Slots);
            codes[i] = levels[LevelOfSlot[slot]][(frame << LevelOfSlot[slot]) + PlaceOfSlot[slot]];
        }
        return new AudioFrames(codes);
    }

    /// <summary>Frames from what <see cref="Snac.SnacModel.Encode"/> gives.</summary>
    /// <param name="codes">Of each level [batch, frames · 1, 2, 4] (long).</param>
    /// <param name="item">Which of the batch.</param>
    public static AudioFrames OfCodes(IReadOnlyList<Tensor> codes, int item = 0)
    {
        using var scope = new TensorScope();
        return OfLevels([.. codes.Select(level => (IReadOnlyList<int>)[.. level.select(0, item).ToArray<long>().Select(code => checked((int)code))])]);
    }

    /// <summary>The codes of one level, 0 for the coarsest: one, two or four of each frame.</summary>
    public int[] Level(int level)
    {
        var codes = new int[Count << level];
        for (var i = 0; i < _codes.Length; i++)
            if (LevelOfSlot[i % Slots] == level) codes[(i / Slots << level) + PlaceOfSlot[i % Slots]] = _codes[i];
        return codes;
    }

    /// <summary>What <see cref="Snac.SnacModel.Decode"/> takes, a batch of one: of each level [1, frames · 1, 2, 4] (long).</summary>
    public IReadOnlyList<Tensor> ToCodes() =>
        [.. Enumerable.Range(0, Levels).Select(level => Tensor.From<long>([.. Level(level).Select(code => (long)code)], 1, (long)Count << level))];

    /// <summary>The ids that a model writes for these frames: the code's place in the codebook of its slot.</summary>
    /// <exception cref="ModelException">A code is beyond the codebook.</exception>
    public int[] ToIds(OrpheusIds ids) => [.. _codes.Select((code, i) => ids.IdOf(i % Slots, code))];

    /// <summary>
    /// The frames without those whose coarsest code is that of the last one kept, as the public fine-tuning notebook has it: fewer ids for the same words, held sounds and pauses become shorter. It
    /// is what the published voices were trained on; a voice that is to keep its pauses does without it.
    /// </summary>
    public AudioFrames WithoutDuplicates()
    {
        var kept = new List<int>(_codes.Length);
        for (var frame = 0; frame < Count; frame++)
            if (kept.Count == 0 || kept[^Slots] != this[frame][0]) kept.AddRange(this[frame]);
        return new AudioFrames([.. kept]);
    }

    /// <summary>Which part of the frames <see cref="WithoutDuplicates"/> drops, 0 to 1; 0 where there are none.</summary>
    public double DuplicateShare => Count == 0 ? 0 : (Count - WithoutDuplicates().Count) / (double)Count;

    /// <summary>Some of the frames.</summary>
    public AudioFrames Slice(int first, int count) => new(_codes.AsSpan(first * Slots, count * Slots).ToArray());
}
