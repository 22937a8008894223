namespace VoxMake.Torch.Weights;

/// <summary>A pickle that is refused; becomes a <see cref="WeightsException"/> with the file's name.</summary>
internal sealed class PickleException : Exception
{
    public PickleException(int at, string rule) : base(rule) => (At, Rule) = (at, rule);

    public PickleException(string rule) : this(-1, rule) { }

    /// <summary>Byte of data.pkl, -1 where it is not known.</summary>
    public int At { get; }

    /// <summary>What was expected and what was found.</summary>
    public string Rule { get; }
}
