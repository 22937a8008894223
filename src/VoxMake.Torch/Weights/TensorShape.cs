using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace VoxMake.Torch.Weights;

/// <summary>Sizes of tensors that come from outside, counted without overflow.</summary>
internal static class TensorShape
{
    /// <summary>More dimensions than any network has; libtorch itself works with up to 64.</summary>
    public const int MostDimensions = 64;

    /// <summary>
    /// The number of elements. Fails, with the rule, on negative dimensions, on too many, and where the dimensions other than 0 multiply to more than 2^63 - 1 bytes:
    /// so [0, 2^40] is a shape of no elements and [0, 2^62, 2^62] is none, in whatever order.
    /// </summary>
    public static bool TryCount(ReadOnlySpan<long> shape, int elementSize, out long elements, [NotNullWhen(false)] out string? rule)
    {
        elements = 0;
        rule = null;
        if (shape.Length > MostDimensions)
        {
            rule = $"{shape.Length} dimensions; at most {MostDimensions} are read";
            return false;
        }
        var (product, empty) = (1L, false);
        foreach (var size in shape)
        {
            if (size < 0)
            {
                rule = $"the dimension {size} of shape {Text(shape)} is negative";
                return false;
            }
            if (size == 0) empty = true;
            else if (product > long.MaxValue / elementSize / size)
            {
                rule = $"shape {Text(shape)} overflows: more than 2^63 bytes";
                return false;
            }
            else product *= size;
        }
        elements = empty ? 0 : product;
        return true;
    }

    /// <summary>The strides, in elements, of a tensor that lies row by row.</summary>
    public static long[] RowStrides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(1, shape[d]);
        }
        return strides;
    }

    /// <summary><c>[1, 2, 3]</c>.</summary>
    public static string Text(ReadOnlySpan<long> shape) =>
        shape.Length > 16 ? $"[{shape.Length} dimensions]" : $"[{string.Join(", ", shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";
}
