namespace VoxMake.Speech.Speakers.Turns;

/// <summary>A stretch in which one speaker has the word, from <paramref name="Start"/> to before <paramref name="End"/>, in samples at 16,000 Hz.</summary>
/// <param name="Speaker">A name within the recording.</param>
public sealed record SpeakerTurn(int Start, int End, string Speaker)
{
    /// <summary>Samples in it.</summary>
    public int Length => End - Start;
}
