using VoxMake.Torch;

namespace VoxMake.Models.Vits;

/// <summary>
/// A rising curve through knots between −bound and bound on both axes, each piece a quotient of quadratics (Durkan et al. 2019, Neural Spline Flows); outside it changes nothing. Here is its
/// reverse, which synthesis needs; the determinant, which training needs, is not computed.
/// </summary>
internal static class RationalQuadraticSpline
{
    private const double LeastSize = 1e-3; // of a bin, relative to the whole
    private const double LeastSlope = 1e-3;

    /// <summary>What the curve maps to <paramref name="y"/>.</summary>
    /// <param name="y">[…]</param>
    /// <param name="widths">[…, bins], before softmax.</param>
    /// <param name="heights">[…, bins], before softmax.</param>
    /// <param name="slopes">[…, bins − 1] at the inner knots, before softplus; at the two ends the slope is 1.</param>
    /// <param name="bound">Above 0.</param>
    public static Tensor Reverse(Tensor y, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        var (x0, width) = Bins(widths, bound);
        var (y0, height) = Bins(heights, bound);
        var bins = widths.Size(-1);
        var endSlope = Math.Log(Math.Exp(1 - LeastSlope) - 1); // becomes 1 below
        var slope = slopes.constant_pad_nd([1, 1], endSlope).softplus() + LeastSlope;

        var inside = y.ge(-bound).logical_and(y.le(bound));
        var target = y.clamp(-bound, bound).unsqueeze(-1);
        var bin = target.ge(y0.narrow(-1, 1, bins - 1)).sum([-1], true); // knots below the target, the first not counted
        Tensor At(Tensor perBin) => perBin.gather(-1, bin);

        // Paper, equations 6 to 8: the share of the bin that lies left of x is the root of a ξ² + b ξ + c, in the form that loses no digits
        var (h, w) = (At(height), At(width));
        var s = h / w;
        var (left, right) = (At(slope.narrow(-1, 0, bins)), At(slope.narrow(-1, 1, bins)));
        var rise = target - At(y0);
        var bend = rise * (left + right - s * 2);
        var a = h * (s - left) + bend;
        var b = h * left - bend;
        var c = -s * rise;
        var share = c * 2 / (-b - (b.pow(2) - a * c * 4).sqrt());
        return inside.where((share * w + At(x0)).squeeze(-1), y);
    }

    /// <summary>Sizes before softmax → where the bins start and how wide they are, [−bound, bound] together.</summary>
    private static (Tensor Start, Tensor Size) Bins(Tensor unnormalized, double bound)
    {
        var bins = unnormalized.Size(-1);
        var share = unnormalized.softmax(-1) * (1 - LeastSize * bins) + LeastSize;
        var inner = share.cumsum(-1).narrow(-1, 0, bins - 1) * (2 * bound) - bound;
        var knots = inner.constant_pad_nd([1, 0], -bound).constant_pad_nd([0, 1], bound); // the ends exactly, whatever the sum's rounding
        var start = knots.narrow(-1, 0, bins);
        return (start, knots.narrow(-1, 1, bins) - start);
    }
}
