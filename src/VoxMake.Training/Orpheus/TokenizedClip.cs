namespace VoxMake.Training.Orpheus;

/// <summary>What one clip is to a language model: the prompt with its text, then the audio tokens.</summary>
/// <param name="Ids">All tokens.</param>
/// <param name="PromptTokens">How many of them, at the beginning, are the prompt.</param>
public readonly record struct TokenizedClip(ReadOnlyMemory<int> Ids, int PromptTokens);
