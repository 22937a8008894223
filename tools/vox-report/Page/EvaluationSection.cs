using System.Globalization;
using VoxMake.Report.Voice;

namespace VoxMake.Report.Page;

/// <summary>The metrics with their intervals, and what could not be measured.</summary>
internal static class EvaluationSection
{
    private static readonly Dictionary<string, (string Title, string Meaning)> Known = new()
    {
        ["mel_distance"] = ("Mel distance", "0 is the recording itself; the smaller the nearer"),
        ["mcd_db"] = ("Mel-cepstral distortion", "of the spectral envelope, without loudness; the smaller the nearer"),
        ["duration_ratio"] = ("Duration ratio", "1 is as long as the recording; below 1 the voice speaks faster"),
        ["real_time_factor"] = ("Real-time factor", "below 1 the machine speaks faster than one listens"),
    };

    public static void Write(HtmlWriter html, PageContent content, ClipCards clips)
    {
        var evaluated = content.Model.Metrics!;
        var metrics = (evaluated.Metrics ?? new Dictionary<string, EvaluatedMetric>()).ToList();
        if (metrics.Count == 0)
        {
            html.Write($"<p>Nothing was measured.</p>\n");
            return;
        }
        html.Write($"<p>{evaluated.Pairs:N0} {(evaluated.Pairs == 1 ? "sentence" : "sentences")} that the voice never saw in training. Distances tell how near a synthesis is to one recording; whether it sounds good, ears decide.</p>\n");
        if (evaluated.ResampledRecordings > 0) html.Write($"<p class=\"note\">{evaluated.ResampledRecordings:N0} recordings had another sample rate than the voice and were resampled to it.</p>\n");
        html.Write($"<div class=\"table\"><table><caption>Means with their intervals ({evaluated.Interval ?? "95 %"})</caption><thead><tr><th scope=\"col\">Metric</th><th scope=\"col\" class=\"n\">Mean</th><th scope=\"col\" class=\"n\">Interval</th><th scope=\"col\" class=\"n\">Sentences</th><th scope=\"col\">Not available</th></tr></thead><tbody>\n");
        foreach (var (name, metric) in metrics)
        {
            var (title, meaning) = Known.GetValueOrDefault(name, (name, ""));
            html.Write($"<tr><th scope=\"row\">{title} <small class=\"meaning\">{meaning}</small></th><td class=\"n\">{Number(metric.Mean)}{(metric.Mean is not null && metric.Unit == "dB" ? " dB" : "")}</td>");
            html.Write($"<td class=\"n\">{(metric.Low is not null && metric.High is not null ? $"{Number(metric.Low)} to {Number(metric.High)}" : "n/a")}</td><td class=\"n\">{metric.N:N0}</td><td>");
            foreach (var (reason, count) in (metric.NotAvailable ?? new Dictionary<string, long>()).OrderBy(pair => pair.Key, StringComparer.Ordinal)) html.Write($"{count:N0} <code>{reason}</code> ");
            html.Write($"</td></tr>\n");
        }
        html.Write($"</tbody></table></div>\n<details><summary>What exactly was measured</summary><dl class=\"definitions\">\n");
        foreach (var (name, metric) in metrics)
            if (metric.Definition is { } definition) html.Write($"<dt><code>{name}</code></dt><dd>{definition}</dd>\n");
        html.Write($"</dl></details>\n");
    }

    private static string Number(double? value) => value is { } number ? number.ToString(Math.Abs(number) >= 0.1 ? "0.00" : "0.0000", CultureInfo.InvariantCulture) : "n/a";
}
