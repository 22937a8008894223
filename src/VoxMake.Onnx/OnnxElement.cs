namespace VoxMake.Onnx;

/// <summary>What a tensor is made of, by the numbers of <c>ONNXTensorElementDataType</c>.</summary>
public enum OnnxElement
{
    /// <summary>No tensor: a sequence, a map.</summary>
    None = 0,
    Float = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, Text = 8, Bool = 9, Float16 = 10, Double = 11, UInt32 = 12, UInt64 = 13,
}

/// <summary>An input or output of a network.</summary>
/// <param name="Shape">Its dimensions; -1 where the network leaves one open. Empty for a scalar.</param>
public sealed record OnnxPort(string Name, OnnxElement Element, IReadOnlyList<long> Shape)
{
    /// <summary>Such as <c>state: Float [2, -1, 128]</c>.</summary>
    public override string ToString() => $"{Name}: {Element} [{string.Join(", ", Shape)}]";
}
