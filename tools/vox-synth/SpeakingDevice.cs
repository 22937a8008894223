using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.SynthTool;

/// <summary>Where a voice speaks.</summary>
internal static class SpeakingDevice
{
    /// <exception cref="ToolException">It is no device, or not there.</exception>
    public static Device Of(string name)
    {
        if (!Device.TryParse(name, out var device)) throw new ToolException($"'{name}' is no device, expected cpu, cuda or cuda:0") { Field = "device" };
        if (!device.IsThere) throw new ToolException($"there is no {device}: {Libtorch.Describe()}") { Field = "device", Try = "speak on cpu, or set VOX_TORCH to the folder of a PyTorch with CUDA" };
        return device;
    }
}
