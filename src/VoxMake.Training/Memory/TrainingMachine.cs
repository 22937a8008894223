using VoxMake.Torch;

namespace VoxMake.Training;

/// <summary>Where training runs, and how it calculates there.</summary>
/// <param name="Precision"><c>fp32</c> or <c>bf16</c>.</param>
/// <param name="Threads">Threads inside an operator.</param>
internal sealed record TrainingMachine(Device Device, string Precision, int Threads)
{
    /// <summary>As <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string DeviceName => Device.ToString();

    /// <summary>Chooses as the settings say, or as it was chosen at the first start, and says so.</summary>
    /// <param name="asked"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
    /// <param name="mixedPrecision"><c>fp32</c>, <c>bf16</c>, or <c>auto</c>: bf16 where there is a GPU.</param>
    /// <param name="remembered">What was chosen at the first start; null at the first start.</param>
    /// <exception cref="TrainingException">A device that is named is not there.</exception>
    public static TrainingMachine Prepare(string asked, string mixedPrecision, FrozenChoices? remembered, int threads, ITrainingReport report)
    {
        var device = Choose(asked, remembered?.Device);
        var precision = remembered?.Precision ?? (mixedPrecision == "auto" ? device.Type == Device.Cpu.Type ? "fp32" : "bf16" : mixedPrecision);
        if (precision == "bf16" && device.Type == Device.Cpu.Type)
        {
            if (remembered is null) report.Warning("mixed_precision bf16 is for GPUs; on the CPU it trains in fp32");
            precision = "fp32";
        }
        var machine = new TrainingMachine(device, precision, remembered?.Threads ?? threads);
        Libtorch.Threads = machine.Threads;
        report.Note($"training on {(device.Type == Device.Cpu.Type ? "the CPU" : $"{device} ({Cuda.Name(device.Index)})")}, {precision}; {Libtorch.Describe()}");
        foreach (var warning in Libtorch.Warnings) report.Warning(warning);
        if (remembered is not null && remembered.Device != machine.DeviceName) report.Warning($"it was begun on {remembered.Device} and goes on on {machine.DeviceName}: numbers will not be the same to the bit");
        if (remembered is not null && remembered.Libtorch != Libtorch.Version) report.Warning($"it was begun with libtorch {remembered.Libtorch} and goes on with {Libtorch.Version}: numbers will not be the same to the bit");
        return machine;
    }

    /// <summary>Bytes that are free on the device; null where it does not say.</summary>
    public long? FreeBytes => Device.Type == Device.Cpu.Type ? FreeMemory.OfHost() : Cuda.Memory(Device.Index).Free;

    private static Device Choose(string asked, string? remembered)
    {
        if (asked == "auto" && remembered is not null)
        {
            if (!remembered.StartsWith("cuda", StringComparison.Ordinal)) return Device.Cpu;
            if (Libtorch.CudaDevices > 0) asked = remembered;
        }
        if (asked == "auto") asked = Libtorch.CudaDevices > 0 ? "cuda" : "cpu";
        if (Device.TryParse(asked, out var device) && device.IsThere) return device;
        throw new TrainingException($"there is no device {asked}: {Libtorch.Describe()}") { Field = "device", Try = "set training.device to auto or cpu, or see why CUDA is not found (nvidia-smi, VOX_TORCH)" };
    }
}
