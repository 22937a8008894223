using VoxMake.Config.Reading;

namespace VoxMake.Config;

[Doc("how long recordings are cut at their pauses; without this section recordings are taken as they are, with it `segment: {}` takes all defaults")]
public sealed record SegmentConfig : IChecked
{
    [Doc("shortest piece", Unit = "s"), Range(0.1, 600)]
    public double MinS { get; init; } = 2;

    [Doc("longest piece, at least twice min_s (else there are lengths that cannot be cut)", Unit = "s"), Range(0.2, 600)]
    public double MaxS { get; init; } = 15;

    [Doc("how far below the loudest part of the recording silence lies", Unit = "dB"), Range(5, 120)]
    public double SilenceDb { get; init; } = 40;

    [Doc("shortest silence to cut in", Unit = "s"), Range(0.02, 10)]
    public double MinSilenceS { get; init; } = 0.2;

    void IChecked.Check(Checks checks)
    {
        if (MaxS < 2 * MinS)
            checks.Fail($"segment.max_s ({Numbers.Text(MaxS)} s) must be at least twice segment.min_s ({Numbers.Text(MinS)} s)", "segment.min_s", "segment.max_s");
    }
}
