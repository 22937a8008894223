using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Finds when each word of a long recording's text is spoken, so that Segment can cut the text together with the sound.</summary>
[TaskName("Locate")]
[TaskDescription("finds each word of a long recording's text in it")]
public sealed class LocateTask(AlignmentConfig alignment, SegmentConfig segment, LanguageConfig language, ExtractTask extract, ActivityTask? activity, FetchTask fetch) : StageTask
{
    public ItemSet Words => Items("words");

    protected override ToolCall Call => Tool("vox-speech", "align").ForEach(extract.Audio).With(fetch.Texts with { Columns = ["text"] })
        .Params(alignment).Params(("language", language.Code), ("longer_than_s", segment.MaxS))
        .Varies(AlignTask.Why)
        .Out("words/{id}.json")
        .In(TranscribeTask.Whisper(alignment.Model))
        .With(activity?.Spans);
}
