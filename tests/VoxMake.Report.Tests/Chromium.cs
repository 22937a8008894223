using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Tests;

namespace VoxMake.Report.Tests;

/// <summary>A headless Chromium that cannot reach any network, spoken to through its DevTools protocol. Keeps what the page asks for and complains of.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly TemporaryFolder _profile = new();
    private Process? _process;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _late = new(TimeSpan.FromMinutes(5));
    private int _number;

    /// <summary>Addresses the page asked for, itself included.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Errors, exceptions and broken policies on its console.</summary>
    public List<string> Complaints { get; } = [];

    public async Task InitializeAsync()
    {
        var program = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        if (program is null) return;
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
                 {
                     "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--autoplay-policy=no-user-gesture-required", "--remote-debugging-port=0",
                     "--user-data-dir=" + _profile.Path, "about:blank",
                 }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        await Connect(_process);
        foreach (var domain in new[] { "Network", "Runtime", "Log", "Page" }) await Call(domain + ".enable");
    }

    /// <summary>Opens a file or an address and forgets what was before. Skips the test where there is no Chromium.</summary>
    public async Task Open(string page)
    {
        Skip.If(_process is null, "chromium is not installed");
        await Call("Page.navigate", new JsonObject { ["url"] = "about:blank" });
        await Evaluate("1");
        Requests.Clear();
        Complaints.Clear();
        await Call("Page.navigate", new JsonObject { ["url"] = new Uri(page).AbsoluteUri });
        for (var ready = ""; ready != "complete"; await Task.Delay(50, _late.Token)) ready = await Evaluate("location.href !== 'about:blank' ? document.readyState : ''");
        await Task.Delay(300); // for what a page asks late
        await Evaluate("1");
    }

    /// <summary>The value of an expression in the page, awaited, as text.</summary>
    public async Task<string> Evaluate(string expression)
    {
        var answer = await Call("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        return answer["exceptionDetails"] is { } error ? throw new InvalidOperationException(error.ToJsonString()) : answer["result"]!["value"]?.ToString() ?? "";
    }

    /// <summary>Presses and lets go of a key.</summary>
    /// <param name="modifiers">Alt 1, Ctrl 2, Meta 4, Shift 8, added.</param>
    public async Task Press(string key, string text = "", int modifiers = 0)
    {
        var code = key switch { "Enter" => 13, "Tab" => 9, "Escape" => 27, _ => 0 };
        await Call("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyDown", ["key"] = key, ["text"] = text, ["modifiers"] = modifiers, ["windowsVirtualKeyCode"] = code });
        await Call("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyUp", ["key"] = key, ["modifiers"] = modifiers, ["windowsVirtualKeyCode"] = code });
    }

    /// <summary>Types a text where the caret is.</summary>
    public Task Type(string text) => Call("Input.insertText", new JsonObject { ["text"] = text });

    /// <summary>What size the window has, and whether its owner likes it dark.</summary>
    public async Task Look(int width, int height, bool dark)
    {
        await Call("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await Call("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });
    }

    /// <summary>What is to be seen, as PNG.</summary>
    public async Task<byte[]> Picture() => Convert.FromBase64String((string)(await Call("Page.captureScreenshot"))["data"]!);

    public async Task DisposeAsync()
    {
        _socket.Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _profile.Dispose();
        _late.Dispose();
    }

    private async Task Connect(Process process)
    {
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var file = Path.Combine(_profile.Path, "DevToolsActivePort"); // port and path, written when it listens
        while (!File.Exists(file) || File.ReadAllLines(file).Length < 2) await Task.Delay(50, _late.Token);
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{File.ReadAllLines(file)[0]}/json/list", _late.Token))!.AsArray();
        var address = pages.First(page => (string)page!["type"]! == "page")!["webSocketDebuggerUrl"]!.ToString();
        await _socket.ConnectAsync(new Uri(address), _late.Token);
    }

    private async Task<JsonNode> Call(string method, JsonObject? parameters = null)
    {
        var number = ++_number;
        var call = new JsonObject { ["id"] = number, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, true, _late.Token);
        while (true)
        {
            var message = await Receive();
            if ((int?)message["id"] == number) return message["result"] ?? throw new InvalidOperationException(message.ToJsonString());
            Note((string?)message["method"], message["params"]);
        }
    }

    private void Note(string? method, JsonNode? said)
    {
        if (method == "Network.requestWillBeSent") Requests.Add((string)said!["request"]!["url"]!);
        else if (method == "Runtime.exceptionThrown" || method == "Log.entryAdded" || method == "Runtime.consoleAPICalled") Complaints.Add(said!.ToJsonString());
    }

    private async Task<JsonNode> Receive()
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, _late.Token);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonNode.Parse(message.ToArray())!;
        }
    }
}
