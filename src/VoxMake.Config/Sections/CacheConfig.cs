namespace VoxMake.Config;

[Doc("how much disk results may take")]
public sealed record CacheConfig
{
    [Doc("size above which the oldest results that nothing names are removed; null: no limit", Unit = "GB"), Range(0.1, 1_000_000), NotInKey]
    public double? MaxGb { get; init; }
}
