using System.Runtime.CompilerServices;
using System.Text;
using VoxMake.Onnx.Native;

namespace VoxMake.Onnx;

/// <summary>
/// A network that is ready to run, on the CPU. Any number of threads may run it at once. Results do not depend on what ran before, nor on how many run beside it.
/// </summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private const int MostPorts = 256; // their pointers go onto the stack

    private readonly OrtApi _api;
    private readonly OrtHandle _handle;
    private readonly Dictionary<string, byte[]> _inputNames, _outputNames; // UTF-8, zero-terminated, on the heap of what never moves

    private OnnxSession(OrtApi api, OrtHandle handle)
    {
        (_api, _handle) = (api, handle);
        Inputs = api.Ports(handle.DangerousGetHandle(), inputs: true);
        Outputs = api.Ports(handle.DangerousGetHandle(), inputs: false);
        (_inputNames, _outputNames) = (Native(Inputs), Native(Outputs));
    }

    /// <summary>What the network takes.</summary>
    public IReadOnlyList<OnnxPort> Inputs { get; }

    /// <summary>What it gives.</summary>
    public IReadOnlyList<OnnxPort> Outputs { get; }

    /// <summary>Reads a network from a file.</summary>
    /// <param name="threads">Threads for one run. With 1 the calling thread does it all: right where several run at once.</param>
    /// <exception cref="OnnxException">There is no onnxruntime, or the file is no network that it can run.</exception>
    public static OnnxSession Load(string path, int threads = 1) => Create(threads, (api, options) => api.CreateSession(path, options));

    /// <summary>Reads a network from the bytes of its file.</summary>
    public static OnnxSession Load(byte[] network, int threads = 1) => Create(threads, (api, options) => api.CreateSession(network, options));

    private static OnnxSession Create(int threads, Func<OrtApi, nint, nint> create)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var api = OrtApi.Get();
        var options = api.CreateSessionOptions(threads);
        try
        {
            var handle = new OrtHandle(api, OrtApi.ReleaseSession, create(api, options));
            try { return new OnnxSession(api, handle); }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        finally { api.Release(OrtApi.ReleaseSessionOptions, options); }
    }

    private static Dictionary<string, byte[]> Native(IReadOnlyList<OnnxPort> ports) => ports.ToDictionary(port => port.Name, port =>
    {
        var name = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(port.Name) + 1, pinned: true);
        Encoding.UTF8.GetBytes(port.Name, name);
        return name;
    });

    /// <summary>Runs the network; it writes into the given outputs, whose shapes must be those that it makes.</summary>
    /// <exception cref="OnnxException">A name, shape or type is not the network's, or it failed.</exception>
    public void Run(ReadOnlySpan<(string Name, OnnxTensor Tensor)> inputs, ReadOnlySpan<(string Name, OnnxTensor Tensor)> outputs)
    {
        var made = stackalloc nint[Room(outputs.Length)];
        for (var i = 0; i < outputs.Length; i++) made[i] = outputs[i].Tensor.Handle.DangerousGetHandle();
        var names = stackalloc byte*[Room(outputs.Length)];
        for (var i = 0; i < outputs.Length; i++) names[i] = NameOf(outputs[i].Name, _outputNames, "output");
        Run(inputs, outputs, names, made, outputs.Length);
    }

    /// <summary>Runs the network and gives the outputs of those names, as new tensors of whatever shape they have; the caller disposes them.</summary>
    /// <exception cref="OnnxException">A name, shape or type is not the network's, or it failed.</exception>
    public OnnxTensor[] Run(ReadOnlySpan<(string Name, OnnxTensor Tensor)> inputs, params ReadOnlySpan<string> outputs)
    {
        var made = stackalloc nint[Room(outputs.Length)];
        new Span<nint>(made, outputs.Length).Clear(); // 0: the library makes it
        var names = stackalloc byte*[Room(outputs.Length)];
        for (var i = 0; i < outputs.Length; i++) names[i] = NameOf(outputs[i], _outputNames, "output");
        Run(inputs, [], names, made, outputs.Length);
        var tensors = new OnnxTensor[outputs.Length];
        var taken = 0;
        try
        {
            for (; taken < tensors.Length; taken++) tensors[taken] = OnnxTensor.Made(_api, made[taken]);
            return tensors;
        }
        catch
        {
            for (var i = 0; i < taken; i++) tensors[i].Dispose();
            for (var i = taken + 1; i < tensors.Length; i++) _api.Release(OrtApi.ReleaseValue, made[i]);
            throw;
        }
    }

    private void Run(ReadOnlySpan<(string Name, OnnxTensor Tensor)> inputs, ReadOnlySpan<(string Name, OnnxTensor Tensor)> given, byte** outputNames, nint* outputs, int outputCount)
    {
        var names = stackalloc byte*[Room(inputs.Length)];
        var values = stackalloc nint[Room(inputs.Length)];
        for (var i = 0; i < inputs.Length; i++) names[i] = NameOf(inputs[i].Name, _inputNames, "input");
        var sessionHeld = false;
        int inputsHeld = 0, outputsHeld = 0;
        try
        {
            _handle.DangerousAddRef(ref sessionHeld);
            for (; inputsHeld < inputs.Length; inputsHeld++) values[inputsHeld] = Hold(inputs[inputsHeld].Tensor);
            for (; outputsHeld < given.Length; outputsHeld++) Hold(given[outputsHeld].Tensor);
            _api.Check(_api.Run(_handle.DangerousGetHandle(), names, values, inputs.Length, outputNames, outputCount, outputs));
        }
        finally
        {
            for (var i = 0; i < outputsHeld; i++) given[i].Tensor.Handle.DangerousRelease();
            for (var i = 0; i < inputsHeld; i++) inputs[i].Tensor.Handle.DangerousRelease();
            if (sessionHeld) _handle.DangerousRelease();
            GC.KeepAlive(this); // and so its names
        }
    }

    /// <summary>Keeps a tensor from being given back while the library uses it.</summary>
    private static nint Hold(OnnxTensor tensor)
    {
        var held = false;
        tensor.Handle.DangerousAddRef(ref held);
        return tensor.Handle.DangerousGetHandle();
    }

    private static int Room(int ports) => ports <= MostPorts ? Math.Max(1, ports) : throw new OnnxException($"{ports} inputs or outputs are more than the {MostPorts} that are handed over here");

    private static byte* NameOf(string name, Dictionary<string, byte[]> known, string what) =>
        known.TryGetValue(name, out var found) ? (byte*)Unsafe.AsPointer(ref found[0]) : throw new OnnxException($"the network has no {what} '{name}'; it has {string.Join(", ", known.Keys)}");

    public void Dispose() => _handle.Dispose();
}
