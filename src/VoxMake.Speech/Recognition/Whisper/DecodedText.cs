using VoxMake.Speech.Recognition.Guards;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>What one decoding of a window gave.</summary>
/// <param name="Tokens">Text and timestamps, without start sequence and end.</param>
/// <param name="LogProbabilities">Of each token among those that could come.</param>
/// <param name="Text">Without timestamps, trimmed.</param>
/// <param name="AverageLogProbability">Sum of all tokens', the end's included where it came, by the number of tokens and 1.</param>
/// <param name="NoSpeechProbability">0 to 1.</param>
internal sealed record DecodedText(IReadOnlyList<int> Tokens, IReadOnlyList<double> LogProbabilities, string Text, double AverageLogProbability, double NoSpeechProbability, double Temperature)
{
    /// <summary>Bytes of the text by those that zlib makes of it.</summary>
    public double CompressionRatio { get; } = TextCompression.Ratio(Text);
}

/// <summary>A text on its way.</summary>
/// <param name="Tokens">Behind the start sequence.</param>
/// <param name="LogProbabilities">Of each of them.</param>
/// <param name="Sum">Of these, and of the end where it came.</param>
internal sealed record Candidate(int[] Tokens, double[] LogProbabilities, double Sum)
{
    public static Candidate Empty { get; } = new([], [], 0);

    /// <summary>Whether the end came.</summary>
    public bool Ended { get; private init; }

    public Candidate With(int token, double logProbability) => new([.. Tokens, token], [.. LogProbabilities, logProbability], Sum + logProbability);

    public Candidate End(double logProbability) => this with { Sum = Sum + logProbability, Ended = true };

    /// <summary>The best of several: by log-probability per token, or with a length penalty (Wu et al. 2016, equation 14); of equal ones the first.</summary>
    public static Candidate Best(IReadOnlyList<Candidate> candidates, double? lengthPenalty)
    {
        double Score(Candidate one) => one.Sum / (lengthPenalty is { } alpha ? Math.Pow((5 + one.Tokens.Length) / 6.0, alpha) : Math.Max(1, one.Tokens.Length));
        return candidates.MaxBy(Score)!;
    }
}
