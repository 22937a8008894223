using System.Globalization;
using VoxMake.Tooling;
using VoxMake.Torch;
using VoxMake.Torch.Native;

namespace VoxMake.SynthTool;

/// <summary>Where networks run.</summary>
internal static class SpeakingDevice
{
    /// <param name="name">Such as <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <exception cref="ToolException">There is no such device.</exception>
    public static Device Of(string name)
    {
        if (name == "cpu") return Device.Cpu;
        if (name == "cuda") name = "cuda:0";
        if (!name.StartsWith("cuda:", StringComparison.Ordinal) || !int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw new ToolException($"'{name}' is no device, expected cpu, cuda or cuda:0") { Field = "device" };
        if (index >= Libtorch.CudaDevices)
            throw new ToolException($"there is no {name}: {Libtorch.Describe()}") { Field = "device", Try = "speak on cpu, or set VOX_TORCH to the folder of a PyTorch with CUDA" };
        return Device.Cuda(index);
    }
}
