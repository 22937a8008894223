namespace VoxMake.Torch.Weights;

/// <summary>
/// A tensor's bytes where they lie in a mapped file; nothing is copied until asked. Valid while the file is open, or as long as a <see cref="Lease"/> is held. All bounds were checked
/// when the file was opened.
/// </summary>
public sealed unsafe class TensorView
{
    private readonly MappedFile _file;
    private readonly long _offset;
    private readonly long _extent;
    private bool _elementsChecked;

    /// <param name="offset">Byte of the first element, from the start of the file.</param>
    /// <param name="name">What errors call it.</param>
    internal TensorView(MappedFile file, string name, DType type, long[] shape, long[] strides, long offset)
    {
        (_file, Name, DType, Shape, Strides, _offset) = (file, name, type, shape, strides, offset);
        ElementCount = 1;
        foreach (var size in shape) ElementCount *= size;
        var last = 0L;
        for (var d = 0; d < shape.Length && ElementCount > 0; d++) last += (shape[d] - 1) * strides[d];
        _extent = ElementCount == 0 ? 0 : (last + 1) * type.Size();
        IsContiguous = LiesRowByRow();
    }

    /// <summary>The tensor's name in a safetensors file; in a PyTorch file <c>storage 3</c>, since there a tensor may have several names or none.</summary>
    public string Name { get; }

    /// <summary>What an element is.</summary>
    public DType DType { get; }

    /// <summary>Dimensions, outermost first; empty for a single number.</summary>
    public long[] Shape { get; }

    /// <summary>Elements, not bytes, from one index to the next, for each dimension; never negative, 0 for a dimension that repeats.</summary>
    public long[] Strides { get; }

    /// <summary>Number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of all elements, row by row: the size of a copy.</summary>
    public long ByteLength => ElementCount * DType.Size();

    /// <summary>Whether the elements lie row by row without gaps, so that <see cref="Pointer"/> and <see cref="ByteLength"/> say all.</summary>
    public bool IsContiguous { get; }

    /// <summary>Whether the first element's address is a multiple of its size; the format does not promise it. libtorch must be given a copy of what is not aligned.</summary>
    public bool IsAligned => _file.At(_offset) % DType.Size() == 0;

    /// <summary>Whether PyTorch saved it as one that is trained; false in safetensors.</summary>
    public bool RequiresGrad { get; internal init; }

    /// <summary>
    /// The address of the first element, inside the mapping. Read-only memory: writing there is a fault (SIGSEGV).
    /// </summary>
    /// <exception cref="WeightsException">A BOOL tensor has a byte other than 0 and 1.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public nint Pointer
    {
        get
        {
            CheckElements();
            return _file.At(_offset);
        }
    }

    /// <summary>The bytes where they lie. They dangle once the file is closed.</summary>
    /// <exception cref="WeightsException">As for <see cref="Pointer"/>.</exception>
    /// <exception cref="InvalidOperationException">Not contiguous, or above 2 GB: use <see cref="CopyTo(nint, long)"/> or <see cref="Pointer"/>.</exception>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            if (!IsContiguous || ByteLength > int.MaxValue) throw new InvalidOperationException($"tensor {QuotedName.Of(Name)} is not one span: contiguous {IsContiguous}, {ByteLength} bytes");
            return new ReadOnlySpan<byte>((byte*)Pointer, (int)ByteLength);
        }
    }

    /// <summary>Copies all elements row by row, whatever the strides.</summary>
    /// <param name="destination">Exactly <see cref="ByteLength"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        fixed (byte* to = destination) CopyTo((nint)to, destination.Length);
    }

    /// <summary>Copies all elements row by row, whatever the strides, to memory of <paramref name="length"/> bytes, which must be <see cref="ByteLength"/>.</summary>
    public void CopyTo(nint destination, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, ByteLength);
        if (length == 0) return;
        var from = (byte*)Pointer;
        var to = (byte*)destination;
        if (IsContiguous) Buffer.MemoryCopy(from, to, length, length);
        else CopyDimension(0, from, ref to);
        GC.KeepAlive(this);
    }

    /// <summary>All elements row by row, in memory of their own.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[ByteLength];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Keeps the bytes mapped until the lease is disposed of, also when the file is closed earlier: for tensors that lie on this memory.</summary>
    public IDisposable Lease() => _file.Lease();

    /// <summary>The same bytes, with or without gradient.</summary>
    internal TensorView With(bool requiresGrad) => new(_file, Name, DType, Shape, Strides, _offset) { RequiresGrad = requiresGrad };

    private void CopyDimension(int d, byte* from, ref byte* to)
    {
        var size = DType.Size();
        if (d == Shape.Length)
        {
            Buffer.MemoryCopy(from, to, size, size);
            to += size;
            return;
        }
        var step = Strides[d] * size;
        if (d < Shape.Length - 1)
        {
            for (long i = 0; i < Shape[d]; i++) CopyDimension(d + 1, from + i * step, ref to);
            return;
        }
        switch (size)
        {
            case 1: CopyRow<byte>(from, Shape[d], Strides[d], ref to); break;
            case 2: CopyRow<ushort>(from, Shape[d], Strides[d], ref to); break;
            case 4: CopyRow<uint>(from, Shape[d], Strides[d], ref to); break;
            default: CopyRow<ulong>(from, Shape[d], Strides[d], ref to); break;
        }
    }

    private static void CopyRow<T>(byte* from, long count, long stride, ref byte* to) where T : unmanaged
    {
        var source = (T*)from;
        var target = (T*)to;
        for (long i = 0; i < count; i++) target[i] = source[i * stride];
        to += count * sizeof(T);
    }

    private bool LiesRowByRow()
    {
        var expected = 1L;
        for (var d = Shape.Length - 1; d >= 0 && ElementCount > 0; d--)
        {
            if (Shape[d] == 1) continue;
            if (Strides[d] != expected) return false;
            expected *= Shape[d];
        }
        return true;
    }

    /// <summary>A bool that is neither 0 nor 1 is undefined behaviour in C++ (and so in libtorch): looked for at the first reading.</summary>
    private void CheckElements()
    {
        if (_elementsChecked || DType != DType.Bool)
        {
            _elementsChecked = true;
            return;
        }
        const int Piece = 1 << 30;
        for (var at = 0L; at < _extent; at += Piece)
        {
            var bytes = _file.Slice(_offset + at, (int)Math.Min(Piece, _extent - at));
            if (bytes.IndexOfAnyExcept((byte)0, (byte)1) is var bad and >= 0)
                throw new WeightsException(_file.Path, Name, $"the BOOL at byte {_offset + at + bad} of the file is {bytes[bad]}; it must be 0 or 1");
        }
        _elementsChecked = true;
    }
}
