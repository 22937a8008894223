using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace VoxMake.ReviewTool.Hosting;

/// <summary>
/// Whether a caller may call: by the token in the path, by the name that he calls (a web page cannot reach this server under a name of its own, DNS rebinding), and for whatever changes something by
/// where the page came from that calls.
/// </summary>
internal sealed class CallerCheck(string host, IReadOnlyList<string>? allowedHosts)
{
    private readonly HashSet<string> _names = new(["localhost", host, .. allowedHosts ?? []], StringComparer.OrdinalIgnoreCase);

    /// <summary>The first part of every path.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>An address is nobody's name; names are those that are known.</summary>
    public bool KnowsName(HostString name) => _names.Contains(name.Host) || IPAddress.TryParse(name.Host.Trim('[', ']'), out _);

    /// <summary>Whether a path begins with the token, and what comes behind it. Digests are of one length, so that the time of the comparison says nothing.</summary>
    public bool TryPath(string path, out string rest)
    {
        rest = "";
        if (path.Length < 2 || path[0] != '/') return false;
        var end = path.IndexOf('/', 1);
        if (end < 0) return false;
        rest = path[end..];
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(path[1..end])), SHA256.HashData(Encoding.UTF8.GetBytes(Token)));
    }

    /// <summary>Whether a request that changes something comes from our own page, or from no page at all.</summary>
    public static bool IsOwnPage(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none")) return false;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
