using VoxMake.Audio;

namespace VoxMake.Metrics.Tests;

/// <summary>Real recordings.</summary>
internal static class Clips
{
    /// <summary>All its samples.</summary>
    public static float[] Mono(string path)
    {
        var clip = new MonoClip();
        using var reader = AudioFile.Open(path);
        clip.Load(reader, 3600);
        return clip.Samples.ToArray();
    }

    /// <summary>A table from rows.</summary>
    public static FrameTable Table(int frames, int width, Func<int, int, double> value)
    {
        var table = new FrameTable(frames, width);
        for (var frame = 0; frame < frames; frame++)
            for (var i = 0; i < width; i++) table[frame][i] = value(frame, i);
        return table;
    }
}
