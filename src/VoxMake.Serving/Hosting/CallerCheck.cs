using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using VoxMake.Serving.Api;

namespace VoxMake.Serving.Hosting;

/// <summary>Whether a caller may call at all: the name by which he calls, and his key.</summary>
internal sealed class CallerCheck
{
    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]", "::1"];

    private readonly byte[]? _key;
    private readonly HashSet<string>? _hosts;

    public CallerCheck(ServerOptions options)
    {
        _key = options.ApiKey is { } key ? Digest(key) : null;
        if (IsLoopback(options.Host)) _hosts = new HashSet<string>([.. LocalNames, options.Host, .. options.AllowedHosts ?? []], StringComparer.OrdinalIgnoreCase);
    }

    /// <exception cref="ApiException">He may not.</exception>
    public void Check(HttpRequest request, bool keyNeeded)
    {
        if (_hosts is not null && !_hosts.Contains(request.Host.Host))
            throw new ApiException(403, "PermissionDeniedError", "this server answers local names only; a proxy's name is allowed with --allowed-hosts");
        if (_key is null || !keyNeeded) return;
        // Digests are of one length, so that the time of the comparison says nothing, not even how long the key is.
        const string scheme = "Bearer ";
        var given = request.Headers.Authorization.ToString();
        if (!given.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || !CryptographicOperations.FixedTimeEquals(Digest(given[scheme.Length..]), _key))
            throw new ApiException(401, "AuthenticationError", "no valid API key was sent; expected the header Authorization: Bearer KEY");
    }

    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
