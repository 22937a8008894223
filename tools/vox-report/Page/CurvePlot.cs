using System.Globalization;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Page;

/// <summary>Draws one curve.</summary>
internal static class CurvePlot
{
    private const double Width = 480, Height = 190, Left = 52, Right = 12, Top = 24, Bottom = 26;
    private const int MostStrokes = 400, NumberRows = 12;

    /// <summary>Of the height, left free above and below.</summary>
    private const double Air = 0.04;

    /// <summary>A curve that falls to less than this part of its greatest value is drawn on a logarithmic scale: else its end would be a flat line.</summary>
    private const double LogarithmicFrom = 8;

    /// <param name="healthy">What a healthy one looks like.</param>
    /// <param name="best">The step of the checkpoint that was kept.</param>
    /// <param name="isSparse">Every value is drawn as it is, without a moving average.</param>
    public static void Write(HtmlWriter html, string title, string healthy, Curve curve, long? best, bool isSparse)
    {
        html.Write($"<figure class=\"plot curve\"><figcaption><h3>{title}</h3><p>{healthy}</p></figcaption>\n");
        if (curve.NotNumbers > 0) html.Write($"<p class=\"why\">{curve.NotNumbers:N0} {(isSparse ? "times there was" : "steps have")} no number here: {(isSparse ? "nothing was said that could be compared." : "the training came apart. A lower learning rate helps most often.")}</p>\n");
        if (curve.Count == 0)
        {
            html.Write($"<p>Nothing was logged.</p></figure>\n");
            return;
        }
        var (low, high) = curve.Range();
        var logarithmic = low > 0 && high / low > LogarithmicFrom;
        if (!logarithmic) (low, high) = (low - Air * (high - low), high + Air * (high - low));
        var (start, last) = (curve.Steps[0], curve.Steps[^1]);
        var first = start > 0 && start <= last / 20 ? 0 : start;
        double X(double step) => first == last ? (Left + Width - Right) / 2 : Left + (step - first) / (last - first) * (Width - Left - Right);
        double Place(double value) => logarithmic ? Math.Log(Math.Max(value, low) / low) / Math.Log(high / low) : (value - low) / (high - low);
        double Y(double value) => Height - Bottom - Math.Clamp(Place(value), 0, 1) * (Height - Top - Bottom);

        if (logarithmic) html.Write($"<p>The scale is logarithmic.</p>\n");
        var shown = isSparse ? curve.Values : [.. curve.Smooth];
        html.Write($"<svg viewBox=\"0 0 {Width:0} {Height:0}\" role=\"img\" aria-label=\"{title}: from {Number(shown[0])} at step {start:0} to {Number(shown[^1])} at step {last:0}; more numbers are in the table below\">\n");
        foreach (var tick in logarithmic ? LogarithmicTicks(low, high) : Ticks(low, high, 4)) html.Write($"<path class=\"grid\" d=\"M{Left:0.#} {Y(tick):0.#}H{Width - Right:0.#}\"/><text class=\"tick y\" x=\"{Left - 6:0.#}\" y=\"{Y(tick) + 4:0.#}\">{Number(tick)}</text>\n");
        html.Write($"<path class=\"axis\" d=\"M{Left:0.#} {Height - Bottom:0.#}H{Width - Right:0.#}\"/>\n");
        foreach (var tick in Ticks(first, last, 5)) html.Write($"<path class=\"axis\" d=\"M{X(tick):0.#} {Height - Bottom:0.#}v4\"/><text class=\"tick x\" x=\"{X(tick):0.#}\" y=\"{Height - 8:0.#}\">{tick.ToString("#,0.###", CultureInfo.InvariantCulture)}</text>\n");
        if (best is { } kept && kept >= first && kept <= last)
        {
            var right = X(kept) > Width - 110;
            html.Write($"<path class=\"bound\" d=\"M{X(kept):0.#} {Top - 8:0.#}V{Height - Bottom:0.#}\"/><text class=\"bound{(right ? " end" : "")}\" x=\"{X(kept) + (right ? -4 : 4):0.#}\" y=\"{Top - 10:0.#}\">kept: step {kept:N0}</text>\n");
        }
        if (isSparse) WriteEach(html, curve, X, Y);
        else WriteRawAndSmooth(html, curve, X, Y);
        html.Write($"</svg>\n");
        WriteNumbers(html, title, curve, isSparse);
        html.Write($"</figure>\n");
    }

    private static void WriteEach(HtmlWriter html, Curve curve, Func<double, double> x, Func<double, double> y)
    {
        html.Write($"<path class=\"smooth\" d=\"");
        var command = "M";
        foreach (var i in curve.Places(2 * MostStrokes))
        {
            html.Write($"{command}{x(curve.Steps[i]):0.#} {y(curve.Values[i]):0.#}");
            command = "L";
        }
        html.Write($"\"/>\n");
        if (curve.Count > 60) return;
        for (var i = 0; i < curve.Count; i++) html.Write($"<circle class=\"dot\" cx=\"{x(curve.Steps[i]):0.#}\" cy=\"{y(curve.Values[i]):0.#}\" r=\"2.5\"><title>step {curve.Steps[i]:0}: {Number(curve.Values[i])}</title></circle>\n");
    }

    private static void WriteRawAndSmooth(HtmlWriter html, Curve curve, Func<double, double> x, Func<double, double> y)
    {
        html.Write($"<path class=\"raw\" d=\"");
        var command = "M";
        foreach (var stroke in curve.Strokes(MostStrokes))
        {
            html.Write($"{command}{x(stroke.Step):0.#} {y(stroke.Low):0.#}");
            if (stroke.High > stroke.Low) html.Write($"V{y(stroke.High):0.#}");
            command = "L";
        }
        html.Write($"\"/>\n<path class=\"smooth\" d=\"");
        command = "M";
        foreach (var i in curve.Places(MostStrokes))
        {
            html.Write($"{command}{x(curve.Steps[i]):0.#} {y(curve.Smooth[i]):0.#}");
            command = "L";
        }
        html.Write($"\"/>\n");
    }

    private static void WriteNumbers(HtmlWriter html, string title, Curve curve, bool isSparse)
    {
        html.Write($"<details><summary>Numbers</summary><div class=\"table\"><table><caption>{title}{(isSparse ? "" : $", average of {curve.Window} steps")}</caption><thead><tr><th scope=\"col\" class=\"n\">step</th><th scope=\"col\" class=\"n\">{(isSparse ? "value" : "average")}</th></tr></thead><tbody>\n");
        foreach (var i in curve.Places(NumberRows)) html.Write($"<tr><td class=\"n\">{curve.Steps[i]:N0}</td><td class=\"n\">{Number(isSparse ? curve.Values[i] : curve.Smooth[i])}</td></tr>\n");
        html.Write($"</tbody></table></div></details>\n");
    }

    /// <summary>Round numbers between two, some <paramref name="count"/> of them.</summary>
    internal static IEnumerable<double> Ticks(double low, double high, int count)
    {
        if (!(high > low)) return [low];
        var rough = (high - low) / count;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * (rough / unit <= 1 ? 1 : rough / unit <= 2 ? 2 : rough / unit <= 5 ? 5 : 10);
        var (from, to) = ((long)Math.Ceiling(low / step - 1e-9), (long)Math.Floor(high / step + 1e-9));
        return Enumerable.Range(0, (int)(to - from) + 1).Select(i => (from + i) * step);
    }

    /// <summary>1, 2 and 5 times powers of ten between two numbers above 0; of more than two decades only the powers.</summary>
    internal static IEnumerable<double> LogarithmicTicks(double low, double high)
    {
        var factors = high / low > 100 ? new[] { 1.0 } : [1, 2, 5];
        for (var power = (int)Math.Floor(Math.Log10(low)); power <= Math.Ceiling(Math.Log10(high)); power++)
            foreach (var factor in factors)
                if (factor * Math.Pow(10, power) is var tick && tick >= low && tick <= high) yield return tick;
    }

    /// <summary>Four digits that count.</summary>
    internal static string Number(double value)
    {
        var size = Math.Abs(value);
        return value.ToString(size == 0 ? "0" : size < 0.001 ? "0.##e0" : size < 1 ? "0.####" : size < 10 ? "0.###" : size < 100 ? "0.##" : size < 10000 ? "0.#" : "#,0", CultureInfo.InvariantCulture);
    }
}
