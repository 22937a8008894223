namespace VoxMake.Speech.Alignment;

/// <summary>
/// What a frame of a recording costs where the text has something else: a good one of frames from all over the text, which is what a wrong text would find. Against it, right text is cheap.
/// </summary>
internal static class ForeignSound
{
    private const int Samples = 100;

    /// <summary>[frames of the sound].</summary>
    public static float[] Costs(SoundFrames sound, SpokenText text)
    {
        var costs = new float[sound.Count];
        if (text.Frames.Count == 0) return costs;
        var chosen = Enumerable.Range(0, Samples).Select(i => (int)((i + 0.5) * text.Frames.Count / Samples)).ToArray();
        var distances = new float[Samples];
        for (var frame = 0; frame < costs.Length; frame++)
        {
            for (var i = 0; i < Samples; i++) distances[i] = WordPath.Distance(sound[frame], text.Frames[chosen[i]]);
            Array.Sort(distances);
            costs[frame] = (distances[Samples / 10] + distances[Samples / 5] + distances[3 * Samples / 10]) / 3;
        }
        return costs;
    }
}
