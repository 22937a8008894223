using System.Globalization;

namespace VoxMake.Torch;

/// <summary>A number as PyTorch's Scalar: whole or real.</summary>
public readonly struct Scalar
{
    private Scalar(bool real, long whole, double number) => (IsReal, Whole, Real) = (real, whole, number);

    public bool IsReal { get; }
    public long Whole { get; }
    public double Real { get; }

    public static implicit operator Scalar(double number) => new(true, 0, number);
    public static implicit operator Scalar(long number) => new(false, number, 0);
    public static implicit operator Scalar(int number) => new(false, number, 0);
}

/// <summary>What a tensor's elements are; the numbers are c10::ScalarType's.</summary>
public enum ScalarType
{
    Byte = 0, Char = 1, Short = 2, Int = 3, Long = 4, Half = 5, Float = 6, Double = 7, ComplexFloat = 9, ComplexDouble = 10, Bool = 11, BFloat16 = 15,
}

/// <summary>c10::Layout.</summary>
public enum Layout { Strided = 0 }

/// <summary>c10::MemoryFormat.</summary>
public enum MemoryFormat { Contiguous = 0, Preserve = 1, ChannelsLast = 2 }

/// <summary>Where a tensor lies.</summary>
/// <param name="Type">c10::DeviceType: 0 CPU, 1 CUDA.</param>
/// <param name="Index">Which of them; -1 for the present one.</param>
public readonly record struct Device(int Type, int Index = -1)
{
    public static Device Cpu => new(0);
    public static Device Cuda(int index = 0) => new(1, index);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> (the first GPU) or <c>cuda:1</c>; whether there is such a device is another question.</summary>
    public static bool TryParse(string text, out Device device)
    {
        device = Cuda();
        if (text == "cpu") device = Cpu;
        if (text is "cpu" or "cuda") return true;
        if (!text.StartsWith("cuda:", StringComparison.Ordinal) || !int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return false;
        device = Cuda(index);
        return true;
    }

    /// <summary>Whether it can be used here.</summary>
    public bool IsThere => Type == 0 || Index < Libtorch.CudaDevices;

    internal long Code => ((long)Type << 32) | (uint)(Index + 1);
    internal static Device Of(long code) => new((int)(code >> 32), (int)(uint)code - 1);

    public override string ToString() => (Type == 0 ? "cpu" : "cuda") + (Index >= 0 ? $":{Index}" : "");
}
