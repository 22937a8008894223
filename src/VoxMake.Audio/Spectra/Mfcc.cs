namespace VoxMake.Audio;

/// <summary>
/// Mel-frequency cepstral coefficients as <c>librosa.feature.mfcc</c>: power mels in dB (top_db 80 over the clip), then an orthonormal DCT-II, then the
/// lifter of the HTK Book, section 5.6. It keeps buffers: one instance a thread.
/// </summary>
public sealed class Mfcc
{
    private const int DeltaReach = 4; // frames on each side: librosa's width 9

    private readonly MelSpectrogram _mels;
    private readonly double[][] _cosines; // [coefficient][mel], with the DCT's scale and the lifter

    /// <param name="frames">How clips are cut; librosa's default is StftSettings.Centred(2048, 512).</param>
    /// <param name="mels">The filters; librosa's default has 128.</param>
    /// <param name="coefficients">Coefficients kept, the 0th first: 1 to the number of mels.</param>
    /// <param name="lifter">L of 1 + L/2·sin(π(n + 1)/L); 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public Mfcc(StftSettings frames, MelSettings mels, int coefficients = 13, int lifter = 0)
    {
        _mels = new MelSpectrogram(frames, mels);
        if (coefficients < 1 || coefficients > mels.NMels) throw new ArgumentOutOfRangeException(nameof(coefficients), coefficients, $"must be 1 to the number of mels, {mels.NMels}");
        ArgumentOutOfRangeException.ThrowIfNegative(lifter);
        _cosines = new double[coefficients][];
        for (var n = 0; n < coefficients; n++)
        {
            var scale = Math.Sqrt((n == 0 ? 1.0 : 2.0) / mels.NMels) * (lifter == 0 ? 1 : 1 + lifter / 2.0 * Math.Sin(Math.PI * (n + 1) / lifter));
            _cosines[n] = [.. Enumerable.Range(0, mels.NMels).Select(mel => scale * Math.Cos(Math.PI * n * (2 * mel + 1) / (2.0 * mels.NMels)))];
        }
    }

    /// <summary>[frames, coefficients].</summary>
    /// <param name="samples">The clip, full scale 1.</param>
    public FrameTable Compute(ReadOnlySpan<float> samples)
    {
        var mels = _mels.Compute(samples);
        PowerDecibels.FromPower(mels);
        var table = new FrameTable(mels.Frames, _cosines.Length);
        for (var frame = 0; frame < table.Frames; frame++)
        {
            var levels = mels[frame];
            var row = table[frame];
            for (var n = 0; n < row.Length; n++)
                for (var mel = 0; mel < levels.Length; mel++) row[n] += _cosines[n][mel] * levels[mel];
        }
        return table;
    }

    /// <summary>
    /// Change a frame, of the same shape: the slope of the line through 9 frames (least squares), <c>librosa.feature.delta</c> with its defaults. The first and
    /// the last four frames have the slope of the first and the last nine.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer than 9 frames.</exception>
    public static FrameTable Delta(FrameTable table)
    {
        if (table.Frames < 2 * DeltaReach + 1) throw new ArgumentException($"{table.Frames} frames are too few for a slope over {2 * DeltaReach + 1}", nameof(table));
        var delta = new FrameTable(table.Frames, table.Width);
        var squares = Enumerable.Range(1, DeltaReach).Sum(n => 2.0 * n * n);
        for (var frame = 0; frame < table.Frames; frame++)
        {
            var centre = Math.Clamp(frame, DeltaReach, table.Frames - 1 - DeltaReach);
            var row = delta[frame];
            for (var reach = 1; reach <= DeltaReach; reach++)
            {
                var before = table[centre - reach];
                var after = table[centre + reach];
                for (var n = 0; n < row.Length; n++) row[n] += reach * (after[n] - before[n]) / squares;
            }
        }
        return delta;
    }
}
