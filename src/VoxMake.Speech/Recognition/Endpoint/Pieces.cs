using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Recognition.Endpoint;

/// <summary>Cuts a recording that is too long for one request where nobody speaks.</summary>
public static class Pieces
{
    private const int Frame = Sound16k.Rate / 100, Quiet = 30; // the quietest 0.3 s where no pause is known

    /// <summary>Pieces that together are the whole recording, each with at most <paramref name="most"/> samples.</summary>
    /// <param name="speech">Where somebody speaks, in order; empty where nobody looked.</param>
    public static IReadOnlyList<SpeechSpan> Of(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, Frame * Quiet * 4);
        var pieces = new List<SpeechSpan>();
        for (var from = 0; from < sound.Length;)
        {
            var to = sound.Length - from <= most ? sound.Length : Cut(sound, speech, from + most / 2, from + most);
            pieces.Add(new SpeechSpan(from, to));
            from = to;
        }
        return pieces;
    }

    /// <summary>The middle of the longest pause whose middle lies between two places; of the quietest stretch where there is none.</summary>
    private static int Cut(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech, int from, int to)
    {
        var (best, length) = (0, 0);
        for (var i = 1; i < speech.Count; i++)
        {
            var (start, end) = (Math.Max(speech[i - 1].End, from), Math.Min(speech[i].Start, to));
            if (end - start > length) (best, length) = (start + (end - start) / 2, end - start);
        }
        return length > 0 ? best : Quietest(sound, from, to);
    }

    private static int Quietest(ReadOnlySpan<float> sound, int from, int to)
    {
        var energies = new double[(to - from) / Frame];
        for (var i = 0; i < energies.Length; i++)
            foreach (var sample in sound.Slice(from + i * Frame, Frame)) energies[i] += sample * sample;
        var (sum, least, at) = (energies.Take(Quiet).Sum(), double.MaxValue, 0);
        for (var i = 0; i + Quiet < energies.Length; i++)
        {
            if (sum < least) (least, at) = (sum, i);
            sum += energies[i + Quiet] - energies[i];
        }
        return from + (at + Quiet / 2) * Frame;
    }
}
