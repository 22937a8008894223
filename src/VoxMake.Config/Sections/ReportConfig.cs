namespace VoxMake.Config;

[Doc("what the report shows")]
public sealed record ReportConfig
{
    [Doc("clips to listen to for each reason of rejection"), Range(0, 50)]
    public int PlayersPerReason { get; init; } = 5;
}
