namespace VoxMake.ValidateTool.Engines;

/// <summary>A server that somebody else runs, with the same model.</summary>
internal sealed class EndpointEngine(Uri address) : IEngine
{
    public string Description => $"endpoint {address}";
    public string? Ended => null;
    public IReadOnlyList<string> Log => [];
    public Task<Uri> Start(CancellationToken cancel) => Task.FromResult(address);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
