using VoxMake.Audio;

namespace VoxMake.Metrics;

/// <summary>
/// How far two clips' mels are apart: the mean over bands and frames of the absolute difference, in nepers (natural logarithm of amplitude: 1 is 8.7 dB) when
/// the mels are natural logarithms.
/// </summary>
public static class MelDistance
{
    /// <summary>
    /// Of clips that need not be equally long: frames are matched by the path of the least sum through the mean absolute differences, with steps (1,1), (0,1) and (1,0);
    /// the result is that sum divided by the cells of the path.
    /// </summary>
    /// <param name="a">[frames, bands], at least one frame.</param>
    /// <param name="b">[frames, bands], of as many bands.</param>
    /// <exception cref="ArgumentException">No frames, different numbers of bands, or values that are not finite.</exception>
    public static double Warped(FrameTable a, FrameTable b)
    {
        var alignment = Dtw.Align(a, b, new DtwSettings(DtwMetric.MeanAbsolute));
        return alignment.Cost / alignment.Path.Count;
    }

    /// <summary>Of clips that run side by side, frame against frame; the longer one's last frames are left out.</summary>
    /// <param name="a">[frames, bands], at least one frame.</param>
    /// <param name="b">[frames, bands], of as many bands.</param>
    /// <exception cref="ArgumentException">No frames, or different numbers of bands.</exception>
    public static double SideBySide(FrameTable a, FrameTable b)
    {
        if (a.Width != b.Width) throw new ArgumentException($"{a.Width} bands cannot be compared with {b.Width}");
        var cells = Math.Min(a.Frames, b.Frames) * a.Width;
        if (cells == 0) throw new ArgumentException("a clip without frames has no distance");
        var sum = 0.0;
        for (var i = 0; i < cells; i++) sum += Math.Abs(a.Values[i] - b.Values[i]);
        return sum / cells;
    }
}
