using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Speakers;

/// <summary>A network that turns a stretch of sound into numbers that lie near each other for one speaker. One is used by all threads.</summary>
public interface IVoiceEmbedder : IDisposable
{
    /// <summary>What people call it: <c>resemblyzer</c>, or the name of a file.</summary>
    string Name { get; }

    /// <summary>Numbers of an embedding.</summary>
    int Dimension { get; }

    /// <summary>Embeds what is said in a whole clip by one speaker.</summary>
    /// <param name="sound">One channel, 16,000 Hz, not all zeros.</param>
    /// <param name="speech">Where somebody speaks; only this is heard, joined. Empty: all of the clip.</param>
    VoiceEmbedding Embed(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech);

    /// <summary>Embeds stretches of one recording, each for itself.</summary>
    /// <param name="stretches">Samples of <paramref name="sound"/>, each at least <see cref="ShortestStretch"/> long.</param>
    /// <returns>[stretches, Dimension], each of length 1.</returns>
    float[] EmbedStretches(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> stretches);

    /// <summary>Samples that a stretch has, or has at least.</summary>
    int ShortestStretch { get; }
}

/// <summary>A clip's speaker as numbers.</summary>
/// <param name="Vector">Of length 1.</param>
/// <param name="SpokenSamples">Samples that were heard: the speech of the clip.</param>
/// <param name="Windows">Stretches of sound whose embeddings this is the mean of.</param>
public sealed record VoiceEmbedding(float[] Vector, int SpokenSamples, int Windows);
