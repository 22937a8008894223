using System.Runtime.InteropServices;
using VoxMake.Onnx.Native;

namespace VoxMake.Onnx;

/// <summary>
/// Values that go into a network or come out of it. Of an array it is a view: the array stays where it is while the tensor lives, the network reads it as it is at the time of the run, and writes into it.
/// </summary>
public sealed unsafe class OnnxTensor : IDisposable
{
    private readonly OrtApi _api;

    private OnnxTensor(OrtApi api, OrtHandle handle, OnnxElement element, long[] shape) => (_api, Handle, Element, Shape) = (api, handle, element, shape);

    internal OrtHandle Handle { get; }

    /// <summary>What it is made of.</summary>
    public OnnxElement Element { get; }

    /// <summary>Its dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>A tensor over an array, row by row.</summary>
    /// <param name="values">float, double, int, long, byte or bool; as many as the shape says.</param>
    /// <exception cref="OnnxException">The shape does not fit the array, or there is no onnxruntime.</exception>
    public static OnnxTensor Over<T>(T[] values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        var element = ElementOf<T>();
        var count = 1L;
        foreach (var dimension in shape) count = dimension < 0 ? -1 : checked(count * dimension);
        if (count != values.Length) throw new OnnxException($"{values.Length} values do not make a tensor [{string.Join(", ", shape.ToArray())}]");
        var api = OrtApi.Get();
        var pinned = GCHandle.Alloc(values, GCHandleType.Pinned);
        try
        {
            var handle = api.CreateTensor((void*)pinned.AddrOfPinnedObject(), (long)values.Length * sizeof(T), shape, element);
            return new OnnxTensor(api, new OrtHandle(api, OrtApi.ReleaseValue, handle, pinned), element, shape.ToArray());
        }
        catch
        {
            pinned.Free();
            throw;
        }
    }

    /// <summary>Takes what a run made.</summary>
    internal static OnnxTensor Made(OrtApi api, nint value)
    {
        var handle = new OrtHandle(api, OrtApi.ReleaseValue, value);
        try
        {
            var (element, shape) = api.TypeOf(value);
            return new OnnxTensor(api, handle, element, shape);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>A copy of its values, row by row.</summary>
    /// <exception cref="OnnxException">It is made of something else than <typeparamref name="T"/>.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        if (ElementOf<T>() != Element) throw new OnnxException($"the tensor is made of {Element}, not of {ElementOf<T>()}");
        var values = new T[Shape.Aggregate(1L, (a, b) => checked(a * b))];
        var held = false;
        try
        {
            Handle.DangerousAddRef(ref held);
            if (values.Length > 0) new ReadOnlySpan<T>(_api.DataOf(Handle.DangerousGetHandle()), values.Length).CopyTo(values);
        }
        finally
        {
            if (held) Handle.DangerousRelease();
        }
        return values;
    }

    private static OnnxElement ElementOf<T>() =>
        typeof(T) == typeof(float) ? OnnxElement.Float
        : typeof(T) == typeof(long) ? OnnxElement.Int64
        : typeof(T) == typeof(int) ? OnnxElement.Int32
        : typeof(T) == typeof(double) ? OnnxElement.Double
        : typeof(T) == typeof(byte) ? OnnxElement.UInt8
        : typeof(T) == typeof(bool) ? OnnxElement.Bool
        : throw new OnnxException($"tensors of {typeof(T).Name} are not handed over here");

    public void Dispose() => Handle.Dispose();
}
