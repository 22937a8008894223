namespace VoxMake.Config;

[Doc("what of a source file is taken at most; what is bigger is refused by name")]
public sealed record ExtractConfig
{
    [Doc("largest file", Unit = "MB"), Range(1, 100_000)]
    public double MaxFileMb { get; init; } = 2000;

    [Doc("longest recording", Unit = "s"), Range(1, 86_400)]
    public double MaxDurationS { get; init; } = 14_400;

    [Doc("how long an outside program (ffmpeg) may work on one file", Unit = "s"), Range(1, 86_400)]
    public double TimeoutS { get; init; } = 600;
}
