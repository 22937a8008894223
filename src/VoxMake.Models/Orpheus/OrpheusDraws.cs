using VoxMake.Models.Generation;
using VoxMake.Models.Llama;

namespace VoxMake.Models.Orpheus;

/// <summary>
/// Sound that a network draws for a prompt: the same draws for the same seed, codes in their slots only. By it people hear a voice come on while it trains, and the merged and the served voice are
/// held to the trained one. What a finished voice does beyond that (long texts, loops) it does not.
/// </summary>
public static class OrpheusDraws
{
    /// <summary>As the package orpheus_tts draws (engine_class.py).</summary>
    private static readonly SamplingOptions Drawing = new(Temperature: 0.6, TopP: 0.8, RepetitionPenalty: 1.3);

    /// <summary>Ids of whole frames.</summary>
    /// <param name="prompt">Up to the start of speech.</param>
    /// <param name="frames">At most so many.</param>
    /// <param name="n">Which of several texts of one seed.</param>
    public static int[] Of(LlamaModel model, OrpheusIds ids, int[] prompt, int frames, long seed, int n)
    {
        var (training, most) = (model.Training, Math.Min(frames * AudioFrames.Slots, model.Config.MaxPositionEmbeddings - prompt.Length));
        if (most < 1) return [];
        model.Training = false;
        try
        {
            var task = new LlamaTask(prompt, Drawing with { Seed = seed, Stream = n }, most, new HashSet<int> { ids.EndOfSpeech }, Allowed: text => Allowed(ids, text.Count));
            int[] sound = [.. new LlamaWriter(model).Write(task).Where(ids.IsAudio)];
            return sound[..(sound.Length - sound.Length % AudioFrames.Slots)];
        }
        finally { model.Training = training; }
    }

    private static IEnumerable<Range> Allowed(OrpheusIds ids, int written)
    {
        var allowed = ids.AllowedAfter(written);
        yield return allowed.First..(allowed.First + allowed.Count);
        if (allowed.EndOfSpeech) yield return ids.EndOfSpeech..(ids.EndOfSpeech + 1);
    }
}
