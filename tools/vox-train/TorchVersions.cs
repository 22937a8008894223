using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;

namespace VoxMake.TrainTool;

/// <summary>Which libtorch is in use.</summary>
internal static class TorchVersions
{
    /// <exception cref="ToolException">None was found; the message says what to install.</exception>
    public static IReadOnlyDictionary<string, string> Read()
    {
        try { return new Dictionary<string, string> { ["libtorch"] = Libtorch.Version }; }
        catch (TorchException error) { throw new ToolException(error.Message); }
    }
}
