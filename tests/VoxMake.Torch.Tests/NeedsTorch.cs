using VoxMake.Torch.Native;

namespace VoxMake.Torch.Tests;

/// <summary>Tests that need a libtorch are skipped with a message where there is none; two of them never run at once, for they look at the process's own state (live handles, seeds).</summary>
[CollectionDefinition("libtorch", DisableParallelization = true)]
public sealed class NeedsTorch
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            Libtorch.Threads = 1; // bits do not depend on the number of threads that a machine has
            return null;
        }
        catch (TorchException error) { return error.Message; }
    });

    /// <summary>Call it first.</summary>
    public static void OrSkip() => Skip.If(Missing.Value is not null, Missing.Value);

    /// <summary>The device of a test that runs on several.</summary>
    /// <param name="device"><c>cpu</c>, or <c>cuda</c> for the first GPU; without one the test is skipped.</param>
    public static Device OnOrSkip(string device)
    {
        OrSkip();
        if (device == "cpu") return Device.Cpu;
        Skip.If(Libtorch.CudaDevices == 0, $"no GPU that can be used: {Libtorch.Describe()}");
        return Device.Cuda();
    }
}
