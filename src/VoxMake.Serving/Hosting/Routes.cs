using Microsoft.AspNetCore.Http;
using VoxMake.Serving.Api;

namespace VoxMake.Serving.Hosting;

/// <summary>What is answered where. A table is enough for a dozen fixed paths, and starts at once.</summary>
internal sealed class Routes
{
    private readonly Dictionary<string, Dictionary<string, RequestDelegate>> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public void Add(string method, string path, RequestDelegate answer)
    {
        if (!_paths.TryGetValue(path, out var methods)) _paths.Add(path, methods = new(StringComparer.Ordinal));
        methods.Add(method, answer);
    }

    /// <summary>A path that is answered without a key.</summary>
    public void Open(string path) => _open.Add(path);

    public bool IsOpen(string path) => _open.Contains(path);

    /// <summary>A path as counters name it: what clients make up is one.</summary>
    public string Label(string path) => _paths.ContainsKey(path) ? path : "none";

    public Task Answer(HttpContext http)
    {
        if (!_paths.TryGetValue(http.Request.Path.Value ?? "", out var methods)) return JsonAnswer.Write(http.Response, 404, new DetailBody("Not Found"), ServingJson.Written.DetailBody);
        if (methods.TryGetValue(http.Request.Method, out var answer)) return answer(http);
        http.Response.Headers.Allow = string.Join(", ", methods.Keys);
        return JsonAnswer.Write(http.Response, 405, new DetailBody("Method Not Allowed"), ServingJson.Written.DetailBody);
    }
}
