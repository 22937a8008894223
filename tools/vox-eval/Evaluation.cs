using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using VoxMake.Metrics;

namespace VoxMake.EvalTool;

/// <summary>All pairs together: what metrics.json and metrics.csv say.</summary>
internal sealed class Evaluation(PairsSettings settings)
{
    private readonly List<MeasuredPair> _pairs = [];

    /// <summary>The metrics that were asked for.</summary>
    public IReadOnlyList<Metric> Metrics { get; } = [.. Metric.All.Where(settings.Asks)];

    /// <summary>Rates of the syntheses.</summary>
    public SortedSet<int> SampleRates { get; } = [];

    /// <summary>Recordings that were brought to the synthesis's rate.</summary>
    public int Resampled { get; private set; }

    public void Add(MeasuredPair pair)
    {
        _pairs.Add(pair);
        if (pair.SampleRate is { } rate) SampleRates.Add(rate);
        if (pair.Resampled) Resampled++;
    }

    /// <summary>A metric's mean over all pairs that have it; null where none has.</summary>
    public BootstrapMean? Mean(Metric metric)
    {
        List<double> values = [.. _pairs.Where(pair => pair.Values.ContainsKey(metric)).Select(pair => pair.Values[metric])];
        return values.Count == 0 ? null : BootstrapMean.Of(values, (ulong)settings.Seed);
    }

    /// <summary>metrics.json: each metric's mean, 95 % interval, n, and how often it is not available, by reason.</summary>
    public void WriteJson(Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("pairs", _pairs.Count);
            json.WriteStartArray("sample_rates");
            foreach (var rate in SampleRates) json.WriteNumberValue(rate);
            json.WriteEndArray();
            json.WriteNumber("resampled_recordings", Resampled);
            json.WriteStartObject("mel");
            json.WriteNumber("n_fft", settings.NFft);
            json.WriteNumber("hop_length", settings.HopLength);
            json.WriteNumber("win_length", settings.WinLength ?? settings.NFft);
            json.WriteNumber("n_mels", settings.NMels);
            json.WriteEndObject();
            json.WriteString("interval", "95 %, percentile bootstrap over the pairs, 2000 resamples");
            json.WriteNumber("seed", settings.Seed);
            json.WriteStartObject("metrics");
            foreach (var metric in Metrics) Write(json, metric);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private void Write(Utf8JsonWriter json, Metric metric)
    {
        var mean = Mean(metric);
        json.WriteStartObject(metric.Column);
        Number("mean", mean?.Mean);
        Number("low", mean?.Low);
        Number("high", mean?.High);
        json.WriteNumber("n", mean?.N ?? 0);
        json.WriteString("unit", metric.Unit);
        json.WriteString("definition", metric.Definition);
        json.WriteStartObject("not_available");
        foreach (var lack in _pairs.Where(pair => pair.Lacks.ContainsKey(metric)).GroupBy(pair => pair.Lacks[metric].Reason).OrderBy(group => group.Key, StringComparer.Ordinal)) json.WriteNumber(lack.Key, lack.Count());
        json.WriteEndObject();
        json.WriteEndObject();

        void Number(string name, double? value)
        {
            if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
            else json.WriteNull(name);
        }
    }

    /// <summary>metrics.csv: a row a pair; n/a is empty, and the last column says why.</summary>
    public void WriteCsv(Stream stream)
    {
        using var csv = new CsvWriter(new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        csv.WriteField("id");
        foreach (var metric in Metrics) csv.WriteField(metric.Column);
        csv.WriteField("not_available");
        csv.NextRecord();
        foreach (var pair in _pairs)
        {
            csv.WriteField(pair.Id);
            foreach (var metric in Metrics) csv.WriteField(pair.Values.TryGetValue(metric, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "");
            csv.WriteField(string.Join(' ', pair.Lacks.Values.Select(lack => lack.Reason).Distinct()));
            csv.NextRecord();
        }
    }
}
