using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Makes the dataset: a folder that Hugging Face loads as it is, with its splits and speakers.</summary>
[TaskName("Dataset")]
[TaskDescription("writes the dataset with its splits and speakers")]
public sealed class DatasetTask(
    DatasetConfig dataset, QualityTask quality, PreprocessTask preprocess, InspectTask inspect, ExtractTask extract, SegmentTask? segment, FetchTask fetch, ItemSet texts) : StageTask
{
    /// <summary>The clips with their audio; the columns are in <see cref="Splits"/>.</summary>
    public ItemSet Clips => Items("audio");

    public ItemSet Splits => Columns("split");
    public FileInput Speakers => Files("speakers", "speakers.json");
    public FileInput Statistics => Files("data", "statistics.json");

    protected override ToolCall Call => Tool("vox-corpus", "dataset")
        .Collect(quality.Accepted)
        .With(preprocess.Clips.And([.. preprocess.Lengths.Columns, .. preprocess.Changes.Columns]))
        .With(inspect.Measures)
        .With(texts)
        .With(fetch.Origins)
        .With(extract.Format)
        .Params(dataset)
        .Out("audio", "{split}/{file_name}")
        .WritesItsTables()
        .With(segment?.Range);
}
