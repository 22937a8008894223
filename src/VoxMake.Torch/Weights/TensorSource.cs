namespace VoxMake.Torch.Weights;

/// <summary>A tensor to be written; its bytes are asked for when their turn comes, so that no more than one need be in memory.</summary>
/// <param name="Name">Any text but <c>__metadata__</c>.</param>
/// <param name="DType">What an element is.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="WriteBytes">Writes the elements row by row, little-endian: exactly elements × size bytes, in as many pieces as it likes.</param>
public sealed record TensorSource(string Name, DType DType, long[] Shape, Action<Stream> WriteBytes)
{
    /// <summary>From bytes in managed memory.</summary>
    public static TensorSource Of(string name, DType type, long[] shape, ReadOnlyMemory<byte> bytes) => new(name, type, shape, to => to.Write(bytes.Span));

    /// <summary>From contiguous native memory, which must stay valid until it is written.</summary>
    public static TensorSource At(string name, DType type, long[] shape, nint pointer, long byteLength) => new(name, type, shape, to => WriteFrom(pointer, byteLength, to));

    /// <summary>From a tensor of an open file, whatever its strides.</summary>
    public static TensorSource Of(string name, TensorView tensor) =>
        new(name, tensor.DType, tensor.Shape, to =>
        {
            if (tensor.IsContiguous) WriteFrom(tensor.Pointer, tensor.ByteLength, to);
            else to.Write(tensor.ToArray());
        });

    private static unsafe void WriteFrom(nint pointer, long length, Stream to)
    {
        const int Piece = 1 << 26;
        for (var at = 0L; at < length; at += Piece)
            to.Write(new ReadOnlySpan<byte>((byte*)pointer + at, (int)Math.Min(Piece, length - at)));
    }
}
