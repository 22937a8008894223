using System.Text.Json.Serialization.Metadata;
using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.CorpusTool;

/// <summary><c>vox-corpus dataset</c>: assembles clips into a dataset with splits (docs/targets/dataset.md).</summary>
public sealed class DatasetVerb : CollectVerb<DatasetSettings>
{
    public override string Name => "dataset";
    public override string Summary => "Assembles clips into a dataset with splits that stay as they are when data is added.";
    public override string InputHelp => "a metadata.csv of prepared clips (file_name, num_samples, sample_rate, text, …)";
    public override string? OutputPattern => "{split}/{file_name}";
    public override JsonTypeInfo SettingsType => SettingsJson.Default.DatasetSettings;

    public override string? Describe(string setting) => setting switch
    {
        "train_split" => "share of train, 0 to 1; default 0.9; the three add up to 1",
        "val_split" => "share of validation, 0 to 1; default 0.1",
        "test_split" => "share of test, 0 to 1; default 0.0",
        "shuffle" => "rows in an order by chance (by seed and id) instead of by id; default true",
        "seed" => "any whole number; decides splits and order; default 42",
        "split_by" => "what stays together in one split: recording, speaker or text; default recording",
        _ => null,
    };

    protected override void Run(DatasetSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        try
        {
            var rules = new SplitRules(settings.TrainSplit, settings.ValSplit, settings.TestSplit, settings.Seed, By(settings.SplitBy));
            var builder = new DatasetBuilder(rules, settings.Shuffle, DatasetMemory.Read(order.Memory), new Output(report));
            var memory = builder.Build(() => Clips(order, cancel));
            report.Memory(memory.Json());
            var statistics = builder.Statistics;
            report.Metric("clips", statistics.All.Clips);
            report.Metric("hours", statistics.All.Hours);
            foreach (var split in SplitNames.All) report.Metric($"{split.Folder()}_clips", statistics.Of(split).Clips);
            report.Metric("speakers", statistics.Speakers.Count);
            if (statistics.WithoutLicence > 0) report.Warning($"{statistics.WithoutLicence} of {statistics.All.Clips} clips have no licence; who publishes the voice will want to know it (source.licence)");
        }
        catch (CorpusException error) { throw new ToolException(error.Message) { File = error.File, Field = error.Field, Try = error.Try }; }
    }

    private static IEnumerable<DatasetClip> Clips(CollectOrder order, CancellationToken cancel)
    {
        foreach (var item in order.Items)
        {
            cancel.ThrowIfCancellationRequested();
            if (!item.Inputs.TryGetValue("audio", out var audio)) throw new ToolException($"the clip '{item.Id}' has no audio");
            yield return new DatasetClip(item.Id, item.Parent ?? item.Id, audio.Digest, audio.Size, item.Columns);
        }
    }

    private static SplitBy By(string name) => name switch
    {
        "recording" => SplitBy.Recording,
        "speaker" => SplitBy.Speaker,
        "text" => SplitBy.Text,
        _ => throw new ToolException($"'{name}' is no way to split, expected recording, speaker or text") { Field = "split_by" },
    };

    private sealed class Output(ICollectReporter report) : IDatasetOutput
    {
        public string PathFor(string name) => report.PathFor(name);
        public void Written(string name) => report.Output(name);
        public void Clip(string id, Split split, string fileName, Digest audio, long size) =>
            report.Item(id, ItemResult.Ok(Columns.Of(("split", split.Folder()), ("file_name", fileName)), new OutputFile("audio", null, audio, size)));

        public void Progress(long done, long total) => report.Progress(done, total, "clips");
        public void Warning(string message) => report.Warning(message);
    }
}
