using System.Text.Json.Nodes;

namespace VoxMake.Serving.Api;

/// <summary>The answer of <c>/v1/models</c>.</summary>
internal sealed record ModelList(IReadOnlyList<ModelCard> Data)
{
    public string Object => "list";
}

internal sealed record ModelCard(string Id, long Created, string Root, int MaxModelLen, IReadOnlyList<ModelPermission> Permission)
{
    public string Object => "model";
    public string OwnedBy => "voxmake";
    public string? Parent => null;
}

/// <summary>What clients of the older API look for; it says the same of every model.</summary>
internal sealed record ModelPermission(string Id, long Created)
{
    public string Object => "model_permission";
    public bool AllowCreateEngine => false;
    public bool AllowSampling => true;
    public bool AllowLogprobs => true;
    public bool AllowSearchIndices => false;
    public bool AllowView => true;
    public bool AllowFineTuning => false;
    public string Organization => "*";
    public JsonNode? Group => null;
    public bool IsBlocking => false;
}

internal sealed record VersionBody(string Version);

internal sealed record LoadBody(int ServerLoad);

internal sealed record TokenizeBody(int Count, int MaxModelLen, IReadOnlyList<int> Tokens, IReadOnlyList<string>? TokenStrs);

internal sealed record DetokenizeBody(string Prompt);
