using System.Net;
using System.Net.Sockets;
using VoxMake.Models;
using VoxMake.ValidateTool.Docker;

namespace VoxMake.ValidateTool.Engines;

/// <summary>vLLM, or another server with its options, in a container that is removed however this ends.</summary>
/// <param name="dtype">As vLLM spells it; <c>auto</c> for that of the files.</param>
internal sealed class ContainerEngine(DockerTool docker, string image, ModelFiles files, string name, int maxLength, string dtype) : IEngine
{
    private const string Folder = "/model";
    private readonly EngineLog _log = new();
    private RunningContainer? _container;

    public string Description => $"container {image}";
    public IReadOnlyList<string> Log => _log.Lines;
    public string? Ended => _container?.ExitCode is { } code ? $"the container ended with exit code {code}; its last lines:\n  {_log.Tail(12)}" : null;

    public Task<Uri> Start(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var port = FreePort();
        var run = new DockerRunSettings(image)
            .Named($"vox-validate-{Guid.NewGuid():N}")
            .Removed()
            .Published(port, port) // the same inside: where a container has the machine's own network, nothing is translated
            .WithSharedMemoryOfHost();
        foreach (var file in files.Names) run.WithFile(files[file], $"{Folder}/{file}");
        if (Nvidia.IsThere) run.WithGpus(docker.IsPodman);
        run.Arguments("--model", Folder, "--served-model-name", name, "--host", "0.0.0.0", "--port", DockerRunSettings.Number(port),
            "--max-model-len", DockerRunSettings.Number(maxLength), "--dtype", dtype);
        _container = docker.Run(run, _log.Add);
        return Task.FromResult(new Uri($"http://127.0.0.1:{port}"));
    }

    public ValueTask DisposeAsync() => _container?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A port that nobody listens on at this moment.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
