namespace VoxMake.Training.Vits;

/// <summary>A clip of the dataset, as the recipe is given it.</summary>
/// <param name="Id">What messages call it.</param>
/// <param name="Path">Its wave file.</param>
/// <param name="Digest">SHA-256 of that file.</param>
/// <param name="Split"><c>train</c>, <c>validation</c> or <c>test</c>; clips of test are not looked at.</param>
/// <param name="Text">What is said.</param>
/// <param name="Speaker">Who says it; empty where that is not known.</param>
public sealed record VitsClip(string Id, string Path, string Digest, string Split, string Text, string Speaker);
