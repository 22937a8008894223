namespace VoxMake.Config;

[Doc("how the exported voice is proven to be the trained one")]
public sealed record ValidationConfig
{
    [Doc("what speaks: embedded is VoxMake itself, in a fresh process"), OneOf("embedded")]
    public string Engine { get; init; } = "embedded";
}
