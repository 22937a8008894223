using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Speakers.Turns;

/// <summary>A short stretch of speech that gets a speaker, and the window by which it is heard.</summary>
/// <param name="Speech">Some 0.4 s of speech.</param>
/// <param name="Window">As long as the network wants, with the speech in its middle where it can be.</param>
/// <param name="Starts">Whether a pause comes before it.</param>
internal readonly record struct SpeechCell(SpeechSpan Speech, SpeechSpan Window, bool Starts);

/// <summary>Cuts speech into cells. A window stays between two pauses if there is room, so that it does not hear the speaker on the other side of one.</summary>
internal static class SpeechCells
{
    private const int Step = 2 * Sound16k.Rate / 5;
    private const int Grain = Sound16k.Rate / 100;

    /// <param name="window">Samples of a window.</param>
    /// <param name="samples">Of the recording.</param>
    public static List<SpeechCell> Of(IReadOnlyList<SpeechSpan> speech, int window, int samples)
    {
        var cells = new List<SpeechCell>();
        foreach (var span in speech)
        {
            var count = Math.Max(1, (int)Math.Round((double)span.Length / Step));
            for (var i = 0; i < count; i++)
            {
                var cell = new SpeechSpan(span.Start + (int)((long)span.Length * i / count), span.Start + (int)((long)span.Length * (i + 1) / count));
                var start = (cell.Start + cell.End - window) / 2;
                start = span.Length >= window ? Math.Clamp(start, span.Start, span.End - window) : (span.Start + span.End - window) / 2;
                start = Math.Clamp(start, 0, Math.Max(0, samples - window)) / Grain * Grain;
                cells.Add(new SpeechCell(cell, new SpeechSpan(start, start + window), i == 0));
            }
        }
        return cells;
    }
}
