namespace VoxMake.Torch.Weights;

/// <summary>A file of weights that is refused, or could not be read or written. The message names the file, the tensor where there is one, and the rule; it is made for users.</summary>
public sealed class WeightsException : Exception
{
    /// <param name="file">The file's path.</param>
    /// <param name="tensor">The tensor's name as it stands in the file, null where the fault belongs to none.</param>
    /// <param name="rule">What was expected and what was found.</param>
    public WeightsException(string file, string? tensor, string rule, Exception? inner = null)
        : base($"{file}: {(tensor is null ? "" : $"tensor {QuotedName.Of(tensor)}: ")}{rule}", inner)
    {
        File = file;
        Tensor = tensor;
        Rule = rule;
    }

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>The tensor's name as it stands in the file (unprintable characters and all), or null.</summary>
    public string? Tensor { get; }

    /// <summary>What was expected and what was found.</summary>
    public string Rule { get; }
}
