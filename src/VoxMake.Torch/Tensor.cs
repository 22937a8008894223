using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VoxMake.Torch.Native;

namespace VoxMake.Torch;

/// <summary>A tensor of libtorch. What can be done with it is in <see cref="Ops"/>, under PyTorch's names.</summary>
public sealed unsafe class Tensor : IDisposable
{
    private nint _handle;

    private Tensor(nint handle)
    {
        _handle = handle;
        TensorScope.Add(this);
    }

    /// <summary>Native tensors that live; flat over training steps.</summary>
    public static long Live => NativeMethods.vox_live_tensors();

    public bool IsDisposed => _handle == 0;

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor), "the tensor's scope has ended; hand it out with TensorScope.Keep if it is to live on");

    internal static Tensor Take(nint handle) => new(handle);

    /// <summary>Becomes what another tensor was, which is gone then; whoever holds this one holds the new numbers.</summary>
    internal void Become(Tensor other)
    {
        var before = Interlocked.Exchange(ref _handle, Interlocked.Exchange(ref other._handle, 0));
        if (before != 0) NativeMethods.vox_tensor_free(before);
    }

    /// <summary>Sizes of the dimensions.</summary>
    public long[] Shape
    {
        get
        {
            const int most = 16;
            var sizes = stackalloc long[most];
            NativeMethods.Check(NativeMethods.vox_tensor_shape(Handle, sizes, null, most, out var dims));
            return new ReadOnlySpan<long>(sizes, dims).ToArray();
        }
    }

    /// <summary>The size of one dimension; negative ones count from the last.</summary>
    public long Size(int dimension)
    {
        const int most = 16;
        var sizes = stackalloc long[most];
        NativeMethods.Check(NativeMethods.vox_tensor_shape(Handle, sizes, null, most, out var dims));
        return sizes[dimension < 0 ? dims + dimension : dimension];
    }

    /// <summary>Number of elements.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (var size in Shape) count *= size;
            return count;
        }
    }

    public ScalarType Type
    {
        get
        {
            NativeMethods.Check(NativeMethods.vox_tensor_type(Handle, out var type, out _));
            return (ScalarType)type;
        }
    }

    public Device Device
    {
        get
        {
            NativeMethods.Check(NativeMethods.vox_tensor_type(Handle, out _, out var device));
            return Device.Of(device);
        }
    }

    /// <summary>Whether gradients are kept for it.</summary>
    public bool RequiresGrad
    {
        get
        {
            NativeMethods.Check(NativeMethods.vox_requires_grad(Handle, out var yes));
            return yes != 0;
        }
        set => NativeMethods.Check(NativeMethods.vox_set_requires_grad(Handle, value ? 1 : 0));
    }

    /// <summary>The gradient that backward left, or null. Each reading gives a handle of the present scope.</summary>
    public Tensor? Grad
    {
        get
        {
            NativeMethods.Check(NativeMethods.vox_grad(Handle, out var grad));
            return grad == 0 ? null : Take(grad);
        }
        set => NativeMethods.Check(NativeMethods.vox_set_grad(Handle, value?.Handle ?? 0));
    }

    /// <summary>Gradients of this tensor (one number, unless <paramref name="gradient"/> is given) with respect to all that it was made of.</summary>
    public void Backward(Tensor? gradient = null, bool retainGraph = false, bool createGraph = false) => Backward([this], [gradient], retainGraph, createGraph);

    /// <summary>Gradients of several tensors at once, each weighted with its own gradient (null only for one number) and summed.</summary>
    public static void Backward(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor?> gradients, bool retainGraph = false, bool createGraph = false)
    {
        if (tensors.Count != gradients.Count) throw new ArgumentException($"{tensors.Count} tensors and {gradients.Count} gradients");
        fixed (nint* roots = Operator.Handles(tensors))
        fixed (nint* given = Operator.Handles(gradients))
            NativeMethods.Check(NativeMethods.vox_backward(roots, given, tensors.Count, retainGraph || createGraph ? 1 : 0, createGraph ? 1 : 0));
    }

    /// <summary>Another handle of the same tensor, for native code or for somebody who is to keep it for longer.</summary>
    internal nint Share()
    {
        NativeMethods.Check(NativeMethods.vox_tensor_share(Handle, out var other));
        return other;
    }

    /// <summary>A tensor with a copy of these numbers.</summary>
    /// <param name="shape">Sizes of the dimensions; their product is the number of values.</param>
    public static Tensor From<T>(ReadOnlySpan<T> values, params long[] shape) where T : unmanaged
    {
        long count = 1;
        foreach (var size in shape) count *= size;
        if (count != values.Length) throw new ArgumentException($"{values.Length} values do not fill the shape [{string.Join(", ", shape)}]");
        fixed (T* data = values)
        fixed (long* sizes = shape)
        {
            NativeMethods.Check(NativeMethods.vox_tensor_from_memory(data, sizes, shape.Length, (int)TypeOf<T>(), null, null, out var view));
            using var borrowed = new Tensor(view);
            return borrowed.clone();
        }
    }

    /// <summary>One number as a tensor without dimensions.</summary>
    public static Tensor From<T>(T value) where T : unmanaged => From<T>([value], []);

    /// <summary>A tensor over memory that stays where it is, such as a mapped file of weights.</summary>
    /// <param name="release">Called when the last use of the memory is gone, on whichever thread that is.</param>
    public static Tensor Over(void* data, ScalarType type, ReadOnlySpan<long> shape, Action release)
    {
        var context = GCHandle.ToIntPtr(GCHandle.Alloc(release));
        fixed (long* sizes = shape)
        {
            NativeMethods.Check(NativeMethods.vox_tensor_from_memory(data, sizes, shape.Length, (int)type, &Release, (void*)context, out var tensor));
            return new Tensor(tensor);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(void* context)
    {
        var handle = GCHandle.FromIntPtr((nint)context);
        ((Action)handle.Target!)();
        handle.Free();
    }

    /// <summary>A copy of the elements, in the order of their indices.</summary>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        var elements = new T[Count];
        CopyTo<T>(elements);
        return elements;
    }

    /// <summary>Copies the elements, in the order of their indices, to the beginning of memory that has room for them.</summary>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public void CopyTo<T>(Span<T> target) where T : unmanaged
    {
        if (Type != TypeOf<T>()) throw new InvalidOperationException($"the tensor holds {Type}, not {TypeOf<T>()}");
        using var scope = new TensorScope();
        var plain = this.detach().to(Device.Cpu).contiguous();
        NativeMethods.Check(NativeMethods.vox_tensor_data(plain.Handle, out var data));
        new ReadOnlySpan<T>(data, checked((int)Count)).CopyTo(target);
    }

    /// <summary>The one number of a tensor that holds one, as a double.</summary>
    public double Item()
    {
        using var scope = new TensorScope();
        return this.detach().to(Device.Cpu, ScalarType.Double).ToArray<double>()[0];
    }

    private static ScalarType TypeOf<T>() =>
        typeof(T) == typeof(float) ? ScalarType.Float
        : typeof(T) == typeof(double) ? ScalarType.Double
        : typeof(T) == typeof(long) ? ScalarType.Long
        : typeof(T) == typeof(int) ? ScalarType.Int
        : typeof(T) == typeof(short) ? ScalarType.Short
        : typeof(T) == typeof(byte) ? ScalarType.Byte
        : typeof(T) == typeof(sbyte) ? ScalarType.Char
        : typeof(T) == typeof(bool) ? ScalarType.Bool
        : typeof(T) == typeof(Half) ? ScalarType.Half
        : throw new ArgumentException($"{typeof(T).Name} is no type of tensor elements");

    public override string ToString() => IsDisposed ? "Tensor (disposed)" : $"Tensor {Type} [{string.Join(", ", Shape)}] {Device}";

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0) NativeMethods.vox_tensor_free(handle);
    }

    public static Tensor operator +(Tensor a, Tensor b) => a.add(b);
    public static Tensor operator +(Tensor a, Scalar b) => a.add(b);
    public static Tensor operator -(Tensor a, Tensor b) => a.sub(b);
    public static Tensor operator -(Tensor a, Scalar b) => a.sub(b);
    public static Tensor operator -(Tensor a) => a.neg();
    public static Tensor operator *(Tensor a, Tensor b) => a.mul(b);
    public static Tensor operator *(Tensor a, Scalar b) => a.mul(b);
    public static Tensor operator /(Tensor a, Tensor b) => a.div(b);
    public static Tensor operator /(Tensor a, Scalar b) => a.div(b);
}
