using System.Globalization;
using VoxMake.ValidateTool.Engines;

namespace VoxMake.ValidateTool.Docker;

/// <summary>
/// Options of <c>docker run</c> (podman takes the same), put together one by one as Cake's settings are. They become a list of arguments: no shell reads them, and no path in them can be taken for
/// an option.
/// </summary>
/// <param name="image">What to run.</param>
internal sealed class DockerRunSettings(string image)
{
    private readonly List<string> _options = [], _arguments = [];

    /// <summary>What the container is called; null where nobody named it.</summary>
    public string? Name { get; private set; }

    public string Image => image;

    public DockerRunSettings Named(string name)
    {
        Name = name;
        return With("--name", name);
    }

    /// <summary>The container is gone when what runs in it ends.</summary>
    public DockerRunSettings Removed() => With("--rm");

    /// <summary>A port of the container is to be had at a port of this machine, from this machine only.</summary>
    public DockerRunSettings Published(int port, int inside) => With("--publish", $"127.0.0.1:{Number(port)}:{Number(inside)}");

    /// <summary>vLLM's processes exchange tensors through shared memory; a container's own is 64 MB.</summary>
    public DockerRunSettings WithSharedMemoryOfHost() => With("--ipc", "host");

    /// <summary>A file of this machine, which the container can read and not change.</summary>
    /// <exception cref="EngineException">docker cannot be told of such a path.</exception>
    public DockerRunSettings WithFile(string path, string inside)
    {
        // What --mount takes is a line of CSV: a comma or a quote would begin another option.
        foreach (var one in new[] { path, inside })
            if (one.AsSpan().IndexOfAny(",\"\n\r") >= 0) throw new EngineException($"the path {one} has a comma, a quote or a line break in it, which docker cannot be told",
                "move the files to another folder");
        return With("--mount", $"type=bind,source={Path.GetFullPath(path)},target={inside},readonly");
    }

    /// <summary>All GPUs; podman has another word for them.</summary>
    public DockerRunSettings WithGpus(bool podman) => podman ? With("--device", "nvidia.com/gpu=all") : With("--gpus", "all");

    /// <summary>What the program in the container is started with.</summary>
    public DockerRunSettings Arguments(params string[] arguments)
    {
        _arguments.AddRange(arguments);
        return this;
    }

    /// <summary>The whole command behind the program's name.</summary>
    public IReadOnlyList<string> ToArguments() => ["run", .. _options, image, .. _arguments];

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private DockerRunSettings With(params string[] options)
    {
        _options.AddRange(options);
        return this;
    }
}
