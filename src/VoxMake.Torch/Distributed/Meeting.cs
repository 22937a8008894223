using System.Globalization;

namespace VoxMake.Torch.Distributed;

/// <summary>Where the processes of a group find each other.</summary>
public sealed record Meeting
{
    private Meeting(string? file, string? host, int port) => (File, Host, Port) = (file, host, port);

    internal string? File { get; }
    internal string? Host { get; }
    internal int Port { get; }

    /// <summary>At a file that is not there yet and that all can write, a new one for each run; the last one to leave removes it.</summary>
    public static Meeting AtFile(string path) => new(Path.GetFullPath(path), null, 0);

    /// <summary>At a TCP port of the machine of rank 0, which opens it. On <c>localhost</c> all talk over the loopback.</summary>
    /// <param name="port">1 to 65535.</param>
    public static Meeting AtPort(string host, int port) =>
        port is >= 1 and <= 65535 ? new Meeting(null, host, port) : throw new ArgumentOutOfRangeException(nameof(port), port, "a port is 1 to 65535");

    /// <summary>As people write it: <c>host:29500</c>, or the path of a file (with a slash in it).</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Meeting Parse(string text)
    {
        if (text.Contains('/')) return AtFile(text);
        var colon = text.LastIndexOf(':');
        if (colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535) return AtPort(text[..colon], port);
        throw new FormatException($"'{text}' is no place to meet, expected host:port, or a path such as ./meeting");
    }

    public override string ToString() => File ?? $"{Host}:{Port}";
}
