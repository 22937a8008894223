using VoxMake.Build.Frosting;
using VoxMake.Config;

namespace VoxMake.Build.Targets;

/// <summary>Finds out what each file really is and decodes what is not plain audio; a whole, sane audio file is passed on as it is.</summary>
[TaskName("Extract")]
[TaskDescription("checks every file by its bytes and decodes it")]
public sealed class ExtractTask(ExtractConfig extract, FetchTask fetch) : StageTask
{
    public ItemSet Audio => Items("audio");
    public ItemSet Format => Columns("source_format", "source_rate", "source_channels", "source_samples");

    protected override ToolCall Call => Tool("vox-audio", "extract")
        .ForEach(fetch.Recordings)
        .Out("audio/{id}.wav")
        .Params(extract);
}
