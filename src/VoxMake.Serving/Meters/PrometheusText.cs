using System.Globalization;
using System.Text;

namespace VoxMake.Serving.Meters;

/// <summary>Prometheus' text format (version 0.0.4).</summary>
/// <param name="labels">Of every line, such as <c>model_name="tiny"</c>; empty for none.</param>
internal sealed class PrometheusText(string labels)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>A label's value between its quotes.</summary>
    public static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public void Gauge(string name, string help, double value)
    {
        Head(name, help, "gauge");
        Line(name, "", value);
    }

    public void Count(string name, string help, IEnumerable<(string Labels, long Value)> values)
    {
        Head(name, help, "counter");
        foreach (var (more, value) in values) Line(name, more, value);
    }

    public void Distribution(string name, string help, Histogram histogram)
    {
        Head(name, help, "histogram");
        var (buckets, sum) = histogram.Read();
        foreach (var (bound, count) in buckets) Line($"{name}_bucket", $"le=\"{Number(bound)}\"", count);
        Line($"{name}_count", "", buckets[^1].Count);
        Line($"{name}_sum", "", sum);
    }

    public override string ToString() => _text.ToString();

    private void Head(string name, string help, string type) => _text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private void Line(string name, string more, double value)
    {
        var all = string.Join(',', new[] { labels, more }.Where(part => part != ""));
        _text.Append(name).Append(all == "" ? "" : $"{{{all}}}").Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
