namespace VoxMake.Audio;

/// <summary>Numbers of a clip, one row a frame: [frames, width]. A frame's numbers lie together, so a clip's mels are rows (librosa keeps them as columns).</summary>
public sealed class FrameTable
{
    /// <summary>A table of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of frames, or no columns.</exception>
    public FrameTable(int frames, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Frames, Width, Values) = (frames, width, new double[checked(frames * width)]);
    }

    /// <summary>Number of rows.</summary>
    public int Frames { get; }

    /// <summary>Numbers in a row: bins, mels, coefficients.</summary>
    public int Width { get; }

    /// <summary>All numbers, row by row.</summary>
    public double[] Values { get; }

    /// <summary>One frame's numbers.</summary>
    public Span<double> this[int frame] => Values.AsSpan(frame * Width, Width);

    /// <summary>All numbers as float32, row by row, as models take them.</summary>
    public float[] ToSingle() => Array.ConvertAll(Values, value => (float)value);
}
