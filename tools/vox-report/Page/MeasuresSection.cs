using System.Globalization;
using VoxMake.Report.Rows;

namespace VoxMake.Report.Page;

/// <summary>A histogram of everything that was measured, with Quality's bounds.</summary>
internal static class MeasuresSection
{
    private const int MostBins = 40;
    private const double Width = 480, Height = 190, Left = 44, Right = 10, Top = 24, Bottom = 26;

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var measured = content.Survey.Histograms.Where(histogram => histogram.Total > 0).ToList();
        if (measured.Count == 0)
        {
            html.Write($"<p>Nothing was measured.</p>\n");
            return;
        }
        html.Write($"<p class=\"legend\"><span class=\"key kept\"></span> in the data set <span class=\"key lost\"></span> not used <span class=\"key bound\"></span> Quality's bounds</p>\n<div class=\"plots\">\n");
        foreach (var histogram in measured) WriteHistogram(html, histogram, content.Bounds(histogram.Measure.Column));
        html.Write($"</div>\n");
    }

    private static void WriteHistogram(HtmlWriter html, Histogram histogram, (double? Min, double? Max) bounds)
    {
        var measure = histogram.Measure;
        var bins = histogram.Bins(MostBins, bounds.Min, bounds.Max);
        double low = bins[0].From, high = bins[^1].To;
        var most = bins.Max(bin => bin.Kept + bin.Lost);
        double X(double value) => Left + (value - low) / (high - low) * (Width - Left - Right);
        double Y(double count) => Height - Bottom - count / most * (Height - Top - Bottom);

        html.Write($"<figure class=\"plot\"><figcaption><h3>{measure.Title}{(measure.Unit == "" ? "" : $", {measure.Unit}")}</h3><p>{measure.Meaning} {histogram.Total:N0} clips, median about {histogram.Median:0.##}.");
        if (bounds.Min is { } least) html.Write($" Quality asks for at least {least:0.####}.");
        if (bounds.Max is { } greatest) html.Write($" Quality asks for at most {greatest:0.####}.");
        html.Write($"</p></figcaption>\n<svg viewBox=\"0 0 {Width:0} {Height:0}\" role=\"img\" aria-label=\"Histogram of {measure.Title}; its numbers are in the table below\">\n");
        html.Write($"<path class=\"axis\" d=\"M{Left:0.#} {Y(0):0.#}H{Width - Right:0.#}\"/><text class=\"tick y\" x=\"{Left - 6:0.#}\" y=\"{Y(most) + 4:0.#}\">{most:N0}</text><text class=\"tick y\" x=\"{Left - 6:0.#}\" y=\"{Y(0):0.#}\">0</text>\n");
        foreach (var bin in bins)
        {
            double x = X(bin.From) + 0.5, width = Math.Max(0.5, X(bin.To) - X(bin.From) - 1), kept = Y(bin.Kept), all = Y(bin.Kept + bin.Lost);
            if (bin.Kept + bin.Lost == 0) continue;
            html.Write($"<g><title>{Edges(bin)} {measure.Unit}: {bin.Kept:N0} kept, {bin.Lost:N0} not used</title>");
            if (bin.Kept > 0) html.Write($"<rect class=\"kept\" x=\"{x:0.#}\" y=\"{kept:0.#}\" width=\"{width:0.#}\" height=\"{Y(0) - kept:0.#}\"/>");
            if (bin.Lost > 0) html.Write($"<rect class=\"lost\" x=\"{x:0.#}\" y=\"{all:0.#}\" width=\"{width:0.#}\" height=\"{kept - all:0.#}\"/>");
            html.Write($"</g>\n");
        }
        var every = Math.Max(1, (bins.Count + 7) / 8);
        for (var i = 0; i <= bins.Count; i += every)
        {
            var edge = i < bins.Count ? bins[i].From : high;
            html.Write($"<path class=\"axis\" d=\"M{X(edge):0.#} {Y(0):0.#}v4\"/><text class=\"tick x\" x=\"{X(edge):0.#}\" y=\"{Height - 8:0.#}\">{edge:0.###}</text>\n");
        }
        Bound(bounds.Min, "min");
        Bound(bounds.Max, "max");
        html.Write($"</svg>\n<details><summary>Numbers</summary><div class=\"table\"><table><caption>{measure.Title}, bins with their edges</caption><thead><tr><th scope=\"col\">{(measure.Unit == "" ? "share" : measure.Unit)}</th><th scope=\"col\" class=\"n\">kept</th><th scope=\"col\" class=\"n\">not used</th></tr></thead><tbody>\n");
        foreach (var bin in bins) html.Write($"<tr><th scope=\"row\">{Edges(bin)}</th><td class=\"n\">{bin.Kept:N0}</td><td class=\"n\">{bin.Lost:N0}</td></tr>\n");
        html.Write($"</tbody></table></div></details></figure>\n");

        void Bound(double? bound, string name)
        {
            if (bound is not { } at || at < low || at > high) return;
            var right = X(at) > Width - 90;
            html.Write($"<path class=\"bound\" d=\"M{X(at):0.#} {Top - 8:0.#}V{Y(0):0.#}\"/><text class=\"bound{(right ? " end" : "")}\" x=\"{X(at) + (right ? -4 : 4):0.#}\" y=\"{Top - 10:0.#}\">{name} {at:0.####}</text>\n");
        }
    }

    /// <summary>From the lower edge up to, not with, the upper one.</summary>
    private static string Edges(Bin bin) =>
        bin.OpenBelow && bin.From != 0 ? string.Create(CultureInfo.InvariantCulture, $"below {bin.To:0.###}")
        : bin.OpenAbove ? string.Create(CultureInfo.InvariantCulture, $"{bin.From:0.###} and more")
        : string.Create(CultureInfo.InvariantCulture, $"{bin.From:0.###} to {bin.To:0.###}");
}
