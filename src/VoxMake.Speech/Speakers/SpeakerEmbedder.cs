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
    private const double LeastDecibels = -30;
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
        var heard = Heard(sound, speech);
        var frames = PartialWindows.FirstFrames(heard.Length);
        var (spoken, needed) = (heard.Length, frames[^1] * Hop + PartialWindows.Samples);
        if (heard.Length <= needed) Array.Resize(ref heard, needed);
        var mels = Mels(heard);
        var windows = network.Embed([.. frames.Select(frame => new MelWindow(mels, frame))]);
        return new VoiceEmbedding(Mean(windows), spoken, frames.Length);
    }

    /// <inheritdoc/>
    /// <remarks>Stretches have 1.6 s; they begin at the nearest frame of mels, a multiple of 10 ms.</remarks>
    public float[] EmbedStretches(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> stretches)
    {
        var heard = Heard(sound, []);
        var needed = stretches.Select(stretch => (stretch.Start + Hop / 2) / Hop * Hop + PartialWindows.Samples).DefaultIfEmpty(0).Max();
        if (heard.Length < needed) Array.Resize(ref heard, needed);
        var mels = Mels(heard);
        return network.Embed([.. stretches.Select(stretch => new MelWindow(mels, (stretch.Start + Hop / 2) / Hop))]);
    }

    /// <summary>The mean of embeddings, to length 1.</summary>
    /// <param name="embeddings">[count, Dimension].</param>
    internal static float[] Mean(ReadOnlySpan<float> embeddings)
    {
        var mean = new float[SpeakerEncoderModel.Dimension];
        for (var i = 0; i < embeddings.Length; i++) mean[i % mean.Length] += embeddings[i];
        SpeakerEncoderModel.UnitLength(mean);
        return mean;
    }

    /// <summary>The clip, raised if it is quiet, or its speech alone.</summary>
    internal static float[] Heard(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech)
    {
        var gain = Gain(sound);
        var heard = new float[speech.Count == 0 ? sound.Length : speech.Sum(span => span.Length)];
        var at = 0;
        foreach (var span in speech.Count == 0 ? [new SpeechSpan(0, sound.Length)] : speech)
        {
            sound[span.Start..span.End].CopyTo(heard.AsSpan(at));
            at += span.Length;
        }
        if (gain != 1)
            foreach (ref var sample in heard.AsSpan()) sample *= gain;
        return heard;
    }

    private static float Gain(ReadOnlySpan<float> sound)
    {
        var power = Level.SumOfSquares(sound) / sound.Length;
        return power > 0 && 10 * Math.Log10(power) < LeastDecibels ? (float)(Level.Amplitude(LeastDecibels) / Math.Sqrt(power)) : 1;
    }

    private float[] Mels(float[] sound)
    {
        if (!_mels.TryTake(out var mels)) mels = new FastMel(StftSettings.Centred(400, Hop), new MelSettings(Sound16k.Rate, SpeakerEncoderModel.Mels));
        var power = mels.Power(sound);
        _mels.Add(mels);
        return power;
    }

    public void Dispose()
    {
        foreach (var mels in _mels) mels.Dispose();
        network.Dispose();
    }
}
