using VoxMake.Models.Generation;

namespace VoxMake.Serving.Engine;

/// <summary>One more token of one of a request's texts.</summary>
/// <param name="Text">Which of the texts, from 0.</param>
/// <param name="Scores">How likely it was, where that was asked for.</param>
/// <param name="PromptScores">Of the prompt's tokens from the second on, with the first token of a text where they were asked for.</param>
/// <param name="IsLast">Whether nothing follows: an ending token, or the length.</param>
public sealed record TokenStep(int Text, int Token, TokenScores? Scores, IReadOnlyList<TokenScores>? PromptScores, bool IsLast);

/// <summary>The engine could not go on with a request; what happened stands in the server's log, not here.</summary>
public sealed class EngineException(string message) : Exception(message);
