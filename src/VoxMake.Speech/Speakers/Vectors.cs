using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Speech.Speakers;

/// <summary>Sums over embeddings, in eight lanes on every machine, so that bits do not depend on the width of its vectors.</summary>
internal static class Vectors
{
    /// <summary>Σ a·b.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} numbers times {b.Length}");
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var sum = Vector256<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector256<float>.Count; i += Vector256<float>.Count) sum = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i), sum);
        var total = Vector256.Sum(sum);
        for (; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }

    /// <summary>Adds a vector to a sum.</summary>
    public static void Add(ReadOnlySpan<float> a, Span<float> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] += a[i];
    }
}
