using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;

namespace VoxMake.Tools;

/// <summary>Which libtorch is in use: for the tools whose networks run on one.</summary>
internal static class TorchVersions
{
    /// <exception cref="ToolException">None was found; the message says what to install.</exception>
    public static IReadOnlyDictionary<string, string> Read()
    {
        try { return new Dictionary<string, string> { ["libtorch"] = Libtorch.Version }; }
        catch (TorchException error) { throw new ToolException(error.Message); }
    }

    /// <summary>The same where a verb may do without it.</summary>
    public static string ReadOrNone() => Libtorch.Installed ?? "not installed";
}
