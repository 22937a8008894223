using System.Runtime.ExceptionServices;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.EvalTool;

/// <summary><c>vox-eval pairs</c>: each synthesis against the recording of the same sentence, and what that comes to over all.</summary>
internal sealed class PairsVerb : CollectVerb<PairsSettings>
{
    private const string Recordings = "recordings";

    public override string Name => "pairs";
    public override string Summary => "measures each synthesis against the recording of the same sentence";
    public override string InputHelp => "a folder of syntheses, or a metadata.csv whose column synthesis_s tells how long each took";
    public override JsonTypeInfo SettingsType => PairsSettingsJson.Default.PairsSettings;
    public override string InputRole => PairMeter.SpeechRole;
    public override IReadOnlyList<FileRole> FileRoles => [new(Recordings, "recordings of the same names as the syntheses; those of a graph come with the items")];

    public override string? Describe(string setting) => setting switch
    {
        "metrics" => $"what is measured, some of [{string.Join(", ", Metric.Names)}]; default all",
        "n_fft" => "length of the mels' transform in samples, 16 to 65536; default 1024",
        "hop_length" => "samples from one mel frame to the next, 1 to n_fft; default 256",
        "win_length" => "length of the mels' window in samples; null: n_fft",
        "n_mels" => "mel bands, 14 to 1024; default 80",
        "seed" => "what the chance of the intervals' bootstrap starts from; default 42",
        _ => null,
    };

    protected override void Run(PairsSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        settings.Check();
        var recordings = new Recordings(order.Files(Recordings));
        var evaluation = new Evaluation(settings);
        var total = order.Items.Count();
        var done = 0;
        foreach (var pair in Measured(settings, order, recordings, cancel))
        {
            evaluation.Add(pair);
            report.Item(pair.Id, Result(pair));
            report.Progress(++done, total, "pairs");
        }
        if (evaluation.SampleRates.Count > 1) report.Warning($"the syntheses have different rates ({string.Join(", ", evaluation.SampleRates)} Hz): their mels, and so their distances, are not alike");
        if (evaluation.Resampled > 0) report.Warning($"{evaluation.Resampled} recordings had another rate than the synthesis and were resampled to it");
        report.Write("metrics.json", evaluation.WriteJson);
        report.Write("metrics.csv", evaluation.WriteCsv);
        foreach (var metric in evaluation.Metrics) report.Metric(metric.Column, evaluation.Mean(metric)?.Mean is { } mean ? mean : Value.Null);
    }

    /// <summary>The pairs in the order of the items, measured on all threads.</summary>
    private static IEnumerable<MeasuredPair> Measured(PairsSettings settings, CollectOrder order, Recordings recordings, CancellationToken cancel)
    {
        using var meters = new ThreadLocal<PairMeter>(() => new PairMeter(settings));
        using var pairs = order.Items.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(order.Threads, 512)).WithCancellation(cancel)
            .Select(item => meters.Value!.Measure(item, recordings.Of(item))).GetEnumerator();
        while (Next()) yield return pairs.Current;

        bool Next()
        {
            try { return pairs.MoveNext(); }
            catch (AggregateException error)
            {
                ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0]); // as if there were one thread
                throw;
            }
        }
    }

    private static ItemResult Result(MeasuredPair pair)
    {
        var columns = Columns.Of(pair.Values.Select(value => new KeyValuePair<string, Value>(value.Key.Column, value.Value)));
        return pair.Bad is { } bad ? ItemResult.Rejected(bad.Reason, bad.Message, columns) : ItemResult.Ok(columns);
    }
}
