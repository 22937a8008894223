namespace VoxMake.Serving.Engine;

/// <summary>How much an engine takes on at once.</summary>
/// <param name="Running">Texts that are written together, at least 1.</param>
/// <param name="Waiting">Texts that wait for a place; more are turned away.</param>
/// <param name="KvCacheBytes">Keys and values of all running texts together. A text takes the place of its prompt and of all that it may become when it starts.</param>
/// <param name="PromptTokens">Tokens of new prompts that one step reads, so that a text that runs is not kept waiting by a heap of prompts. A longer prompt is read in a step with no other.</param>
/// <param name="Ahead">Tokens that a request may be ahead of whoever reads it, for each of its texts; then it rests.</param>
public sealed record EngineLimits(int Running = 16, int Waiting = 256, long KvCacheBytes = 4L << 30, int PromptTokens = 4096, int Ahead = 64);
