namespace VoxMake.Models.Generation;

/// <summary>How a token is chosen from a model's scores.</summary>
/// <param name="Temperature">0 takes the likeliest; else scores are divided by it and a token is drawn. At least 0.</param>
/// <param name="TopK">Only so many of the likeliest; 0 for all.</param>
/// <param name="TopP">Only the likeliest that together have this share of the probability, 0 to 1; 1 for all.</param>
/// <param name="MinP">Only those at least this share as likely as the likeliest, 0 to 1; 0 for all.</param>
/// <param name="RepetitionPenalty">Scores of tokens that stand in prompt or text are divided by it where positive, multiplied where negative (Keskar et al., "CTRL", 2019); 1 for none, above 0.</param>
/// <param name="PresencePenalty">Taken off the scores of tokens that stand in the text (not the prompt).</param>
/// <param name="FrequencyPenalty">The same for each time that they stand there.</param>
/// <param name="Seed">Of the draws; the n-th token of a text is a function of seed, <paramref name="Stream"/> and n.</param>
/// <param name="Stream">Which of several texts of one seed.</param>
/// <param name="Bias">Added to the scores of some tokens, before all else.</param>
public sealed record SamplingOptions(
    double Temperature = 0,
    int TopK = 0,
    double TopP = 1,
    double MinP = 0,
    double RepetitionPenalty = 1,
    double PresencePenalty = 0,
    double FrequencyPenalty = 0,
    long Seed = 0,
    long Stream = 0,
    IReadOnlyDictionary<int, double>? Bias = null);
