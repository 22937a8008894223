using VoxMake.Audio;

namespace VoxMake.ReviewTool.Sound;

/// <summary>The outline of a sound, for drawing.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="Values">Lowest and highest sample of each column in turn, -127 to 127.</param>
internal sealed record Peaks(double Seconds, IReadOnlyList<int> Values)
{
    private const int Columns = 1200, Block = 16, MostSeconds = 4 * 3600;

    /// <summary>Reads a whole sound; its channels are averaged.</summary>
    /// <exception cref="AudioFormatException">It cannot be read, or is too long.</exception>
    public static Peaks Of(string path)
    {
        using var reader = AudioFile.Open(path);
        var (channels, rate) = (reader.Format.Channels, reader.Format.SampleRate);
        var (interleaved, mono) = (new float[Block * channels], new float[Block]);
        var (lows, highs, frames, merged) = (new List<float>(), new List<float>(), 0L, 1); // each stands for so many blocks
        var (low, high, open) = (float.MaxValue, float.MinValue, 0);
        while (reader.Read(interleaved) is > 0 and var read)
        {
            MonoClip.Average(interleaved.AsSpan(0, read * channels), channels, mono);
            foreach (var sample in mono.AsSpan(0, read)) (low, high) = (MathF.Min(low, sample), MathF.Max(high, sample));
            if ((frames += read) > (long)MostSeconds * rate) throw new AudioFormatException(Reject.TooLong, $"the sound is longer than {MostSeconds / 3600} hours");
            if (++open < merged) continue;
            lows.Add(low);
            highs.Add(high);
            (low, high, open) = (float.MaxValue, float.MinValue, 0);
            if (lows.Count < 8 * Columns) continue;
            (lows, highs) = ([.. lows.Chunk(2).Select(pair => pair.Min())], [.. highs.Chunk(2).Select(pair => pair.Max())]);
            merged *= 2;
        }
        if (open > 0)
        {
            lows.Add(low);
            highs.Add(high);
        }
        var columns = Math.Min(Columns, lows.Count);
        var values = new int[2 * columns];
        for (var column = 0; column < columns; column++)
        {
            var (from, to) = ((int)((long)column * lows.Count / columns), (int)((long)(column + 1) * lows.Count / columns));
            (values[2 * column], values[2 * column + 1]) = (Level(lows.GetRange(from, to - from).Min()), Level(highs.GetRange(from, to - from).Max()));
        }
        return new Peaks((double)frames / rate, values);
    }

    private static int Level(float sample) => float.IsFinite(sample) ? (int)MathF.Round(127 * Math.Clamp(sample, -1, 1)) : 0;
}
