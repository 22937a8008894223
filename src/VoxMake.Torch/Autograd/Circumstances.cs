using VoxMake.Torch.Native;

namespace VoxMake.Torch.Autograd;

/// <summary>What a computation depends on besides its inputs: where streams of random numbers stand, and mixed precision.</summary>
internal sealed class Circumstances
{
    private readonly List<(Device Device, byte[] State)> _own;
    private readonly List<(Generator Generator, byte[] State)> _others;
    private readonly (bool On, ScalarType Type) _cpu, _cuda;

    private Circumstances(IEnumerable<Device> devices, IEnumerable<Generator> generators)
    {
        _own = [.. devices.Select(device => (device, Libtorch.RandomStateOf(device)))];
        _others = [.. generators.Select(generator => (generator, generator.State))];
        (_cpu, _cuda) = (Libtorch.AutocastOf(cuda: false), Libtorch.AutocastOf(cuda: true));
    }

    /// <summary>Those of this moment, on this thread.</summary>
    public static Circumstances Now(IEnumerable<Tensor> inputs, IEnumerable<Generator> generators) => new(inputs.Select(input => input.Device).Prepend(Device.Cpu).Distinct(), generators);

    /// <summary>Brings them back until the result is disposed; then all is as it was before.</summary>
    public IDisposable Restore() => new Restored(this);

    private sealed class Restored : IDisposable
    {
        private readonly Circumstances _before;
        private readonly Libtorch.AutocastMode _cpu, _cuda;

        public Restored(Circumstances then)
        {
            _before = new Circumstances(then._own.Select(own => own.Device), then._others.Select(other => other.Generator));
            then.SetStreams();
            NativeMethods.vox_clear_autocast_cache();
            (_cpu, _cuda) = (new Libtorch.AutocastMode(false, then._cpu.On, then._cpu.Type), new Libtorch.AutocastMode(true, then._cuda.On, then._cuda.Type));
        }

        public void Dispose()
        {
            _cuda.Dispose();
            _cpu.Dispose();
            NativeMethods.vox_clear_autocast_cache();
            _before.SetStreams();
        }
    }

    private void SetStreams()
    {
        foreach (var (device, state) in _own) Libtorch.SetRandomStateOf(device, state);
        foreach (var (generator, state) in _others) generator.State = state;
    }
}
