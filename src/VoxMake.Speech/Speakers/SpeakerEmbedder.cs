using System.Collections.Concurrent;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Models.SpeakerEncoder;

namespace VoxMake.Speech.Speakers;

/// <summary>
/// Resemblyzer 0.1.4 from sound to embedding: quiet clips raised to −30 dBFS, mels (25 ms every 10 ms, 40 filters, squared magnitudes), windows of 1.6 s 1.3 times a second, their embeddings' mean, to length 1.
/// Where Resemblyzer cuts long silences out by WebRTC's detector, here the speech is heard that somebody else found.
/// </summary>
public sealed class SpeakerEmbedder(SpeakerEncoderModel network) : IVoiceEmbedder
{
    private const double LeastDecibels = -30, StretchDecibels = -24;
    private const int Hop = PartialWindows.Hop;
    private readonly ConcurrentBag<FastMel> _mels = [];

    public string Name => "resemblyzer";

    public int Dimension => SpeakerEncoderModel.Dimension;

    /// <inheritdoc/>
    public int ShortestStretch => PartialWindows.Samples;

    /// <inheritdoc/>
    /// <remarks>A clip of less than 1.6 s is heard with silence after it: the embedding is what Resemblyzer gives, but below a second it hardly tells one speaker from another.</remarks>
    public VoiceEmbedding Embed(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech)
    {
        var heard = speech.Count == 0 ? sound : Joined(sound, speech);
        var frames = PartialWindows.FirstFrames(heard.Length);
        var mels = Mels(heard, frames[^1] + SpeakerEncoderModel.WindowFrames);
        var gain = Gain(sound);
        return new VoiceEmbedding(Mean(network.Embed([.. frames.Select(frame => new MelWindow(mels, frame, (float)(gain * gain)))])), heard.Length, frames.Length);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Stretches have 1.6 s; they begin at the nearest frame of mels, a multiple of 10 ms. Each is brought to −24 dBFS, from above and below: the network hears levels (its mels are no logarithms), speakers of one
    /// recording may stand at different distances, and at this level it tells them apart best.
    /// </remarks>
    public float[] EmbedStretches(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> stretches)
    {
        var windows = new List<MelWindow>(stretches.Count);
        var mels = Mels(sound, stretches.Select(FrameOf).Append(0).Max() + SpeakerEncoderModel.WindowFrames);
        foreach (var stretch in stretches)
        {
            var start = FrameOf(stretch) * Hop;
            var power = MeanSquare(sound[Math.Min(start, sound.Length)..Math.Min(start + PartialWindows.Samples, sound.Length)]);
            windows.Add(new MelWindow(mels, start / Hop, power > 0 ? (float)(Math.Pow(10, StretchDecibels / 10) / power) : 1));
        }
        return network.Embed(windows);
    }

    private static int FrameOf(SpeechSpan stretch) => (stretch.Start + Hop / 2) / Hop;

    /// <summary>The mean of embeddings, to length 1.</summary>
    /// <param name="embeddings">[count, Dimension].</param>
    internal static float[] Mean(ReadOnlySpan<float> embeddings)
    {
        var mean = new float[SpeakerEncoderModel.Dimension];
        for (var i = 0; i < embeddings.Length; i++) mean[i % mean.Length] += embeddings[i];
        SpeakerEncoderModel.UnitLength(mean);
        return mean;
    }

    /// <summary>The speech of a clip, one stretch after the other.</summary>
    internal static float[] Joined(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech)
    {
        var joined = new float[speech.Sum(span => span.Length)];
        var at = 0;
        foreach (var span in speech)
        {
            sound[span.Start..span.End].CopyTo(joined.AsSpan(at));
            at += span.Length;
        }
        return joined;
    }

    /// <summary>By which a clip is raised to −30 dBFS; 1 where it is louder, and where it is silent.</summary>
    internal static double Gain(ReadOnlySpan<float> sound)
    {
        var power = MeanSquare(sound);
        return power > 0 && 10 * Math.Log10(power) < LeastDecibels ? Level.Amplitude(LeastDecibels) / Math.Sqrt(power) : 1;
    }

    private static double MeanSquare(ReadOnlySpan<float> sound) => sound.IsEmpty ? 0 : Level.SumOfSquares(sound) / sound.Length;

    /// <summary>Mels of a clip, with silence after it if it has fewer frames than are wanted.</summary>
    private float[] Mels(ReadOnlySpan<float> sound, int leastFrames)
    {
        if (!_mels.TryTake(out var mels)) mels = new FastMel(StftSettings.Centred(400, Hop), new MelSettings(Sound16k.Rate, SpeakerEncoderModel.Mels));
        var power = mels.Power(sound, leastFrames);
        _mels.Add(mels);
        return power;
    }

    public void Dispose()
    {
        foreach (var mels in _mels) mels.Dispose();
        network.Dispose();
    }
}
