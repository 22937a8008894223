namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>What decoding needs of the network; a test may put distributions of its own in its place. May be used by several threads at once.</summary>
internal interface IWhisperNetwork : IDisposable
{
    /// <summary>Scores that each step gives for a row.</summary>
    int Vocabulary { get; }

    /// <summary>Longest text with what stands before it, in tokens.</summary>
    int TextContext { get; }

    /// <summary>Frames of 10 ms in a window.</summary>
    int WindowFrames { get; }

    /// <summary>Listens to windows.</summary>
    /// <param name="windows">16 kHz; what is shorter than a window is filled with silence.</param>
    IHeardWindows Hear(IReadOnlyList<ReadOnlyMemory<float>> windows, CancellationToken cancel);
}

/// <summary>Windows that were listened to.</summary>
internal interface IHeardWindows : IDisposable
{
    int Count { get; }

    /// <summary>Begins texts.</summary>
    /// <param name="window">Of this window; null: of all, and the rows of a window follow one another.</param>
    /// <param name="rowsEach">Texts of each window.</param>
    ITextRows Begin(int? window, int rowsEach);

    /// <summary>Reads a whole text of a window: how likely each token is where it stands, and what of the sound it attends to.</summary>
    /// <param name="tokens">Start sequence, text, end.</param>
    /// <param name="before">Tokens of the start sequence.</param>
    /// <param name="textIds">Probabilities are among the ids below this.</param>
    /// <param name="positions">Positions of 20 ms that the sound has.</param>
    TextAttention Attend(int window, IReadOnlyList<int> tokens, int before, int textIds, int positions);
}

/// <summary>How a text goes with its sound.</summary>
/// <param name="Probabilities">Of each token of the text, without start sequence and end.</param>
/// <param name="Scores">Products of queries and keys before the softmax, [heads, tokens, positions].</param>
internal sealed record TextAttention(float[] Probabilities, float[] Scores, int Heads, int Tokens, int Positions);

/// <summary>Texts that are being written.</summary>
internal interface ITextRows : IDisposable
{
    int Rows { get; }

    /// <summary>Reads further tokens of each row and gives the scores behind the last, and behind another one where asked.</summary>
    /// <param name="tokens">For each row as many.</param>
    /// <param name="also">Index among these tokens of one behind which scores are wanted as well, below the last; they come first.</param>
    /// <returns>[1 or 2, rows, vocabulary], to be changed at will; valid until the next call.</returns>
    Span<float> Read(IReadOnlyList<IReadOnlyList<int>> tokens, int? also = null);

    /// <summary>Row i becomes what row <c>sources[i]</c> was.</summary>
    void Reorder(IReadOnlyList<int> sources);
}
