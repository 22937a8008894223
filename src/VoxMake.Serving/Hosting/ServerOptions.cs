namespace VoxMake.Serving.Hosting;

/// <summary>Where a server listens, and what it asks of those who call.</summary>
/// <param name="Host">An address, or <c>localhost</c>. On a loopback address only requests to a local name are answered, so that no web page can reach it by a name of its own (DNS rebinding).</param>
/// <param name="Port">0 for any that is free.</param>
/// <param name="ApiKey">What clients must send as <c>Authorization: Bearer …</c>; null for nothing. Health is answered without.</param>
/// <param name="AllowedHosts">Further names by which it may be called, such as that of a proxy before it.</param>
public sealed record ServerOptions(string Host = "127.0.0.1", int Port = 8000, string? ApiKey = null, IReadOnlyList<string>? AllowedHosts = null)
{
    /// <summary>The longest body of a request.</summary>
    public long BodyBytes { get; init; } = 4 << 20;

    /// <summary>A request that takes longer is ended.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A client of a stream that takes nothing for so long is cut off.</summary>
    public TimeSpan WritePatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections at once.</summary>
    public int Connections { get; init; } = 1024;

    /// <summary>How long running requests may go on when the server is told to stop.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(4);
}
