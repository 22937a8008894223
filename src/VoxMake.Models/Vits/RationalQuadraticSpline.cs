using VoxMake.Torch;

namespace VoxMake.Models.Vits;

/// <summary>
/// A rising curve through knots between −bound and bound on both axes, each piece a quotient of quadratics (Durkan et al. 2019, Neural Spline Flows); outside it changes nothing.
/// Widths and heights of its bins come as […, bins], before softmax; slopes at its inner knots as […, bins − 1], before softplus (at the two ends the slope is 1).
/// </summary>
internal static class RationalQuadraticSpline
{
    private const double LeastSize = 1e-3; // of a bin, relative to the whole
    private const double LeastSlope = 1e-3;

    /// <summary>The bin that a number lies in: where it starts, its size on both axes, its mean slope, and the slopes at its ends; each […, 1].</summary>
    private sealed record Bin(Tensor X, Tensor Y, Tensor Width, Tensor Height, Tensor Mean, Tensor Left, Tensor Right);

    /// <summary>The curve at <paramref name="x"/>, and the logarithm of its slope there; both of the shape of x.</summary>
    public static (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        var (inside, at) = Within(x, bound);
        var bin = Find(at, widths, heights, slopes, bound, byHeight: false);
        var share = (at - bin.X) / bin.Width;

        // Paper, equations 4 and 5
        var rest = -share + 1;
        var divisor = bin.Mean + (bin.Left + bin.Right - bin.Mean * 2) * share * rest;
        var y = bin.Y + bin.Height * (bin.Mean * share.pow(2) + bin.Left * share * rest) / divisor;
        var slope = bin.Mean.pow(2) * (bin.Right * share.pow(2) + bin.Mean * share * rest * 2 + bin.Left * rest.pow(2));
        return (inside.where(y.squeeze(-1), x), (slope.log() - divisor.log() * 2).squeeze(-1).masked_fill(inside.logical_not(), 0));
    }

    /// <summary>What the curve maps to <paramref name="y"/>.</summary>
    public static Tensor Reverse(Tensor y, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        var (inside, at) = Within(y, bound);
        var bin = Find(at, widths, heights, slopes, bound, byHeight: true);

        // Paper, equations 6 to 8: the share of the bin that lies left of x is the root of a ξ² + b ξ + c, in the form that loses no digits
        var rise = at - bin.Y;
        var bend = rise * (bin.Left + bin.Right - bin.Mean * 2);
        var a = bin.Height * (bin.Mean - bin.Left) + bend;
        var b = bin.Height * bin.Left - bend;
        var c = -bin.Mean * rise;
        var share = c * 2 / (-b - (b.pow(2) - a * c * 4).sqrt());
        return inside.where((share * bin.Width + bin.X).squeeze(-1), y);
    }

    private static (Tensor Inside, Tensor At) Within(Tensor x, double bound) => (x.ge(-bound).logical_and(x.le(bound)), x.clamp(-bound, bound).unsqueeze(-1));

    private static Bin Find(Tensor at, Tensor widths, Tensor heights, Tensor slopes, double bound, bool byHeight)
    {
        var (x, width) = Bins(widths, bound);
        var (y, height) = Bins(heights, bound);
        var bins = widths.Size(-1);
        var endSlope = Math.Log(Math.Exp(1 - LeastSlope) - 1); // becomes 1 in the next line
        var slope = slopes.constant_pad_nd([1, 1], endSlope).softplus() + LeastSlope;
        var index = at.ge((byHeight ? y : x).narrow(-1, 1, bins - 1)).sum([-1], true); // knots at or below it, the first not counted
        Tensor Chosen(Tensor perBin) => perBin.gather(-1, index);
        var (w, h) = (Chosen(width), Chosen(height));
        return new Bin(Chosen(x), Chosen(y), w, h, h / w, Chosen(slope.narrow(-1, 0, bins)), Chosen(slope.narrow(-1, 1, bins)));
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
