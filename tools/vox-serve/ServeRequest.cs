using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;

namespace VoxMake.ServeTool;

/// <summary>What a person asked for.</summary>
/// <param name="Model">The folder.</param>
/// <param name="Name">What clients call it; null: the folder's name.</param>
/// <param name="MaxLength">Null: as long as the network can.</param>
/// <param name="Type"><c>auto</c>, <c>float32</c> or <c>bfloat16</c>.</param>
/// <param name="Device"><c>auto</c>, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="ApiKeyVariable">The environment variable that holds the key; null: none is asked for.</param>
/// <param name="Threads">Null: as libtorch chooses.</param>
/// <param name="Snac">The codec's folder; null: the model does not speak.</param>
internal sealed record ServeRequest(string Model, string? Name, int? MaxLength, string Type, string Device, string? ApiKeyVariable, int? Threads, string? Snac, IReadOnlyList<string>? Voices,
    ServerOptions Server, EngineLimits Limits);
