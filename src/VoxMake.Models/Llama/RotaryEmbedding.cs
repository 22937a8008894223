using VoxMake.Torch;

namespace VoxMake.Models.Llama;

/// <summary>
/// Angles by which positions turn queries and keys, in float32 and with the operations of transformers' LlamaRotaryEmbedding and <c>_compute_llama3_parameters</c>, so that angles far out in a
/// context are the same. The two halves of a head are turned against each other (not neighbours).
/// </summary>
internal static class RotaryEmbedding
{
    /// <summary>Angle of one position, for each pair of a head: [head_dim / 2] float32.</summary>
    public static Tensor Frequencies(LlamaConfig config)
    {
        var rope = config.Rope;
        var inverse = Ops.pow(rope.Theta, Ops.arange(0, config.HeadDim, 2, ScalarType.Float) / config.HeadDim);
        inverse = Over(1, inverse);
        if (rope.Type == "default") return inverse;
        var divided = inverse / rope.Factor;
        if (rope.Type == "linear") return divided;

        var wavelength = Over(2 * Math.PI, inverse);
        var (longest, shortest) = (rope.OriginalMaxPositionEmbeddings / rope.LowFreqFactor, rope.OriginalMaxPositionEmbeddings / rope.HighFreqFactor);
        var far = Ops.where(wavelength.gt(longest), divided, inverse);
        var smooth = (Over(rope.OriginalMaxPositionEmbeddings, wavelength) - rope.LowFreqFactor) / (rope.HighFreqFactor - rope.LowFreqFactor);
        var between = (-smooth + 1) * far / rope.Factor + smooth * far;
        return Ops.where(wavelength.lt(shortest).logical_or(wavelength.gt(longest)), far, between);
    }

    /// <summary>A number divided by each element, rounded once.</summary>
    private static Tensor Over(double number, Tensor x) => Ops.ones_like(x) * number / x;

    /// <summary>Cosines and sines: [tokens, 1, head_dim], both halves the same.</summary>
    /// <param name="frequencies">[head_dim / 2] float32</param>
    /// <param name="positions">[tokens] whole numbers (long).</param>
    public static (Tensor Cos, Tensor Sin) At(Tensor frequencies, Tensor positions, ScalarType type)
    {
        var angles = positions.to(ScalarType.Float).unsqueeze(1) * frequencies.unsqueeze(0);
        var both = Ops.cat([angles, angles], -1).unsqueeze(1);
        return (both.cos().to(type), both.sin().to(type));
    }

    /// <summary>Turns heads [tokens, heads, head_dim].</summary>
    public static Tensor Turn(Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        var halves = x.chunk(2, -1);
        return x * angles.Cos + Ops.cat([-halves[1], halves[0]], -1) * angles.Sin;
    }
}
