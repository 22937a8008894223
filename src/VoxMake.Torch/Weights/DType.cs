namespace VoxMake.Torch.Weights;

/// <summary>
/// What one element of a stored tensor is; little-endian. The order is the reference's (safetensors, tensor.rs, enum Dtype): by rising alignment; its writer lays tensors
/// out by falling order, so that every tensor of a file lies aligned.
/// </summary>
public enum DType
{
    /// <summary>A byte that is 0 or 1.</summary>
    Bool,
    U8,
    I8,
    /// <summary>8-bit float, 5 bits of exponent (arXiv 2209.05433).</summary>
    F8E5M2,
    /// <summary>8-bit float, 4 bits of exponent (arXiv 2209.05433).</summary>
    F8E4M3,
    I16,
    U16,
    F16,
    /// <summary>The upper half of an F32.</summary>
    BF16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
}

/// <summary>Sizes and spellings of <see cref="DType"/>.</summary>
public static class DTypes
{
    private static readonly Dictionary<string, DType> ByName = Enum.GetValues<DType>().ToDictionary(type => type.Name());

    /// <summary>Bytes of one element: 1, 2, 4 or 8.</summary>
    public static int Size(this DType type) => type switch
    {
        <= DType.F8E4M3 => 1,
        <= DType.BF16 => 2,
        <= DType.F32 => 4,
        _ => 8,
    };

    /// <summary>The name in a safetensors header, such as <c>F8_E4M3</c>.</summary>
    public static string Name(this DType type) => type switch
    {
        DType.Bool => "BOOL",
        DType.F8E5M2 => "F8_E5M2",
        DType.F8E4M3 => "F8_E4M3",
        _ => type.ToString(),
    };

    /// <summary>Finds the type by its name in a safetensors header; names are spelled exactly.</summary>
    public static bool TryParse(string name, out DType type) => ByName.TryGetValue(name, out type);
}
