using VoxMake.Torch.Native;

namespace VoxMake.Torch;

/// <summary>A stream of random numbers. Only tensors of its own device can be drawn from it, and two kinds of device give other numbers for one seed.</summary>
public sealed class Generator : IDisposable
{
    private nint _handle;

    /// <param name="device">Where it draws; the CPU if none is named.</param>
    public Generator(ulong seed, Device? device = null) => NativeMethods.Check(NativeMethods.vox_generator_new(seed, (device ?? Device.Cpu).Code, out _handle));

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

    /// <summary>Starts the stream anew.</summary>
    public void Seed(ulong seed) => NativeMethods.Check(NativeMethods.vox_generator_seed(Handle, seed));

    /// <summary>Where the stream stands, as bytes; reading it does not move it.</summary>
    public byte[] State
    {
        get
        {
            using var scope = new TensorScope();
            NativeMethods.Check(NativeMethods.vox_generator_state(Handle, 0, out var state));
            return Tensor.Take(state).ToArray<byte>();
        }
        set
        {
            using var scope = new TensorScope();
            NativeMethods.Check(NativeMethods.vox_generator_set_state(Handle, 0, Tensor.From<byte>(value, value.Length).Handle));
        }
    }

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0) NativeMethods.vox_generator_free(handle);
    }
}
