using System.Runtime.InteropServices;

namespace VoxMake.Torch.Native;

/// <summary>One argument or result of an operator; the same layout as in voxtorch.cpp.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal unsafe struct Value
{
    private enum Kind { None = 0, Tensor = 1, Int = 2, Double = 3, Bool = 4, String = 5, IntList = 6, DoubleList = 7, BoolList = 8, TensorList = 9, Device = 10, Generator = 11, Default = 12 }

    [FieldOffset(0)] private Kind _kind;
    [FieldOffset(8)] private long _count;
    [FieldOffset(16)] private long _int;
    [FieldOffset(16)] private double _double;
    [FieldOffset(16)] private nint _pointer;

    /// <summary>Nothing, where the schema allows nothing.</summary>
    public static Value None => default;

    /// <summary>Whatever the schema of the libtorch at hand says.</summary>
    public static Value Default => new() { _kind = Kind.Default };

    public static Value Of(Tensor? tensor) => new() { _kind = Kind.Tensor, _pointer = tensor?.Handle ?? 0 };
    public static Value Of(long number) => new() { _kind = Kind.Int, _int = number };
    public static Value Of(long? number) => number is { } given ? Of(given) : None;
    public static Value Of(double number) => new() { _kind = Kind.Double, _double = number };
    public static Value Of(double? number) => number is { } given ? Of(given) : None;
    public static Value Of(bool flag) => new() { _kind = Kind.Bool, _int = flag ? 1 : 0 };
    public static Value Of(bool? flag) => flag is { } given ? Of(given) : None;
    public static Value Of(Scalar number) => number.IsReal ? Of(number.Real) : Of(number.Whole);
    public static Value Of(Scalar? number) => number is { } given ? Of(given) : None;
    public static Value Of(ScalarType type) => Of((long)type);
    public static Value Of(ScalarType? type) => type is { } given ? Of((long)given) : None;
    public static Value Of(Layout? layout) => layout is { } given ? Of((long)given) : None;
    public static Value Of(MemoryFormat format) => Of((long)format);
    public static Value Of(MemoryFormat? format) => format is { } given ? Of((long)given) : None;
    public static Value Of(Device device) => new() { _kind = Kind.Device, _int = device.Code };
    public static Value Of(Device? device) => device is { } given ? Of(given) : None;
    public static Value Of(Generator? generator) => generator is null ? None : new() { _kind = Kind.Generator, _pointer = generator.Handle };
    public static Value Of(long* items, int count) => new() { _kind = Kind.IntList, _pointer = (nint)items, _count = count };
    public static Value Of(double* items, int count) => new() { _kind = Kind.DoubleList, _pointer = (nint)items, _count = count };
    public static Value Of(bool* items, int count) => new() { _kind = Kind.BoolList, _pointer = (nint)items, _count = count };
    public static Value Of(nint* tensors, int count) => new() { _kind = Kind.TensorList, _pointer = (nint)tensors, _count = count };
    public static Value Of(byte* text, int count) => new() { _kind = Kind.String, _pointer = (nint)text, _count = count };

    public readonly Tensor TakeTensor() => _kind == Kind.Tensor ? Tensor.Take(_pointer) : throw Other("a tensor");
    public readonly long TakeInt() => _kind == Kind.Int ? _int : throw Other("a whole number");
    public readonly double TakeDouble() => _kind == Kind.Double ? _double : throw Other("a real number");
    public readonly bool TakeBool() => _kind == Kind.Bool ? _int != 0 : throw Other("true or false");
    public readonly Scalar TakeScalar() => _kind == Kind.Double ? _double : _kind == Kind.Bool ? _int : TakeInt();

    public Tensor[] TakeTensors()
    {
        if (_kind != Kind.TensorList) throw Other("a list of tensors");
        var tensors = new Tensor[_count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = Tensor.Take(((nint*)_pointer)[i]);
        fixed (Value* self = &this) NativeMethods.vox_free_list(self);
        return tensors;
    }

    private readonly InvalidOperationException Other(string expected) => new($"the operator gave {_kind}, not {expected}");
}
