using VoxMake.Models.Orpheus;

namespace VoxMake.Speaking;

/// <summary>How a piece came to its end.</summary>
public enum PieceEnd
{
    /// <summary>The model ended it.</summary>
    Stopped,

    /// <summary>It had more frames than its text can have, or the context was full: it was cut.</summary>
    TooLong,

    /// <summary>It fell into a loop however often it was drawn anew: it was cut before it.</summary>
    Looped,

    /// <summary>A token was in a wrong slot, and nothing after it is kept.</summary>
    Misplaced,
}

/// <summary>A loop that was cut out.</summary>
/// <param name="Loop">As it was found; its start counts in the piece's frames.</param>
/// <param name="Heard">Frames of it that stayed, since they had been given out already.</param>
public sealed record CutLoop(FrameLoop Loop, int Heard);

/// <summary>What came of a piece.</summary>
/// <param name="Frames">Of its sound.</param>
/// <param name="Tokens">That were drawn for it, those that were thrown away included.</param>
/// <param name="Draws">1, and one more for each time that it was drawn anew.</param>
/// <param name="Misplaced">Tokens in wrong slots, each disturbance counted once.</param>
public sealed record PieceReport(string Text, int Frames, int Tokens, int Draws, IReadOnlyList<CutLoop> Loops, int Misplaced, PieceEnd End);

/// <summary>What came of a text, as far as it is spoken.</summary>
/// <param name="Samples">That were given out.</param>
/// <param name="Warnings">For people: what was cut, and what may be missing.</param>
public sealed record SpeechReport(IReadOnlyList<PieceReport> Pieces, long Samples, IReadOnlyList<string> Warnings)
{
    public int Frames => Pieces.Sum(piece => piece.Frames);
    public int Tokens => Pieces.Sum(piece => piece.Tokens);
    public int Loops => Pieces.Sum(piece => piece.Loops.Count);
    public int Misplaced => Pieces.Sum(piece => piece.Misplaced);
}
