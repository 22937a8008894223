using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;

namespace VoxMake.Training.Vits;

/// <summary>
/// Clips of one micro-batch side by side, padded to the longest. The tensors lie on the CPU and belong to the scope that the batch was made in (outside all scopes: until it is disposed); the
/// step brings them to its device.
/// </summary>
public sealed class VitsBatch : IDisposable
{
    private readonly (int Least, int Most) _ids, _speakers;
    private readonly int _frameWidth;

    private VitsBatch(IReadOnlyList<VitsUtterance> clips, long[] text, float[] waves, long[] frames, int frameWidth)
    {
        Text = Tensor.From<long>(text, clips.Count, text.Length / clips.Count);
        Waves = Tensor.From<float>(waves, clips.Count, waves.Length / clips.Count);
        Speakers = Tensor.From<long>([.. clips.Select(clip => (long)clip.Speaker)], clips.Count);
        (TextLengths, Frames, _frameWidth) = ([.. clips.Select(clip => (long)clip.Ids.Count)], frames, frameWidth);
        _ids = (clips.Min(clip => clip.Ids.Min()), clips.Max(clip => clip.Ids.Max()));
        _speakers = (clips.Min(clip => clip.Speaker), clips.Max(clip => clip.Speaker));
    }

    /// <summary>[batch, tokens] ids (long); 0 after a text's end.</summary>
    internal Tensor Text { get; }

    /// <summary>[batch, samples + n_fft − hop_length]: each clip with its own ends reflected, (n_fft − hop_length) / 2 samples at either side; 0 after that.</summary>
    internal Tensor Waves { get; }

    /// <summary>[batch] (long).</summary>
    internal Tensor Speakers { get; }

    /// <summary>Tokens of each text.</summary>
    public IReadOnlyList<long> TextLengths { get; }

    /// <summary>Whole frames of each clip; what is left of its last samples is not trained on.</summary>
    public IReadOnlyList<long> Frames { get; }

    /// <summary>Clips.</summary>
    public int Count => Frames.Count;

    /// <summary>Pads and reflects clips for a step with these options.</summary>
    /// <exception cref="ModelException">There is no clip, or one cannot be trained on: see <see cref="Unfit"/>.</exception>
    public static VitsBatch Of(IReadOnlyList<VitsUtterance> clips, VitsTrainingOptions options)
    {
        if (clips.Count == 0) throw new ModelException("a batch has no clips; expected at least one");
        for (var i = 0; i < clips.Count; i++)
            if (Unfit(clips[i], options) is { } reason) throw new ModelException($"clip {i} of a batch cannot be trained on: {reason}");

        var (tokens, hop, edge) = (clips.Max(clip => clip.Ids.Count), options.HopLength, (options.NFft - options.HopLength) / 2);
        var frames = Math.Max(clips.Max(clip => clip.Samples.Length / hop), options.SegmentFrames); // a segment must find room
        var width = Math.Max(clips.Max(clip => clip.Samples.Length), frames * hop) + 2 * edge;
        var (text, waves) = (new long[clips.Count * tokens], new float[clips.Count * width]);
        for (var i = 0; i < clips.Count; i++)
        {
            for (var k = 0; k < clips[i].Ids.Count; k++) text[i * tokens + k] = clips[i].Ids[k];
            Reflect(clips[i].Samples.Span, waves.AsSpan(i * width, width), edge);
        }
        return new VitsBatch(clips, text, waves, [.. clips.Select(clip => (long)clip.Samples.Length / hop)], frames);
    }

    /// <summary>Why a clip cannot be trained on, or null: it has no text, is too short for a spectrogram, or has more tokens than frames, so that no alignment gives each token a frame.</summary>
    public static string? Unfit(VitsUtterance clip, VitsTrainingOptions options)
    {
        var frames = clip.Samples.Length / options.HopLength;
        return clip.Ids.Count == 0 ? "its text has no tokens"
            : clip.Samples.Length < options.NFft ? $"it has {clip.Samples.Length} samples, fewer than n_fft, {options.NFft}"
            : clip.Ids.Count > frames ? $"its text has {clip.Ids.Count} tokens, more than the {frames} frames of its sound"
            : null;
    }

    /// <summary>Whether a network knows all ids and speakers.</summary>
    /// <exception cref="ModelException">It does not.</exception>
    internal void Check(VitsConfig config)
    {
        if (_ids.Least < 0 || _ids.Most >= config.VocabSize) throw new ModelException($"a batch has the token ids {_ids.Least} to {_ids.Most}; the network's vocabulary has 0 to {config.VocabSize - 1}");
        if (config.NumSpeakers > 1 && (_speakers.Least < 0 || _speakers.Most >= config.NumSpeakers)) throw new ModelException($"a batch has the speakers {_speakers.Least} to {_speakers.Most}; the network has 0 to {config.NumSpeakers - 1}");
    }

    /// <summary>1 for a clip's own frames: [batch, 1, frames].</summary>
    internal Tensor FrameMask()
    {
        var mask = new float[Count * _frameWidth];
        for (var i = 0; i < Count; i++) mask.AsSpan(i * _frameWidth, (int)Frames[i]).Fill(1);
        return Tensor.From<float>(mask, Count, 1, _frameWidth);
    }

    public void Dispose()
    {
        Text.Dispose();
        Waves.Dispose();
        Speakers.Dispose();
    }

    private static void Reflect(ReadOnlySpan<float> samples, Span<float> padded, int edge)
    {
        samples.CopyTo(padded[edge..]);
        for (var i = 1; i <= edge; i++)
        {
            padded[edge - i] = samples[i];
            padded[edge + samples.Length - 1 + i] = samples[samples.Length - 1 - i];
        }
    }
}
