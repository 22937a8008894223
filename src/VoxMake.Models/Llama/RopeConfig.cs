namespace VoxMake.Models.Llama;

/// <summary>How positions turn queries and keys (Su et al., "RoFormer", 2021).</summary>
/// <param name="Type"><c>default</c>; <c>linear</c>: all frequencies divided by the factor; <c>llama3</c>: low frequencies divided, high ones kept, those between interpolated.</param>
/// <param name="Theta">The base of the frequencies: <c>theta^(−2i / head_dim)</c>.</param>
/// <param name="LowFreqFactor">llama3: wavelengths above original / this are divided.</param>
/// <param name="HighFreqFactor">llama3: wavelengths below original / this are kept.</param>
/// <param name="OriginalMaxPositionEmbeddings">llama3: the context that the base model was trained with, in tokens.</param>
public sealed record RopeConfig(string Type = "default", double Theta = 10000, double Factor = 1, double LowFreqFactor = 1, double HighFreqFactor = 4, int OriginalMaxPositionEmbeddings = 8192);
