using System.Runtime.InteropServices;

namespace VoxMake.Onnx.Native;

/// <summary>
/// The functions of onnxruntime's C API that are used here: entries of the table of <c>OrtApi</c> by their places in it. Entries of API version 1 never move
/// (onnxruntime_c_api.cc asserts it), so that any onnxruntime 1.x will do. Each that can fail gives a status, 0 where all is well.
/// </summary>
internal sealed unsafe class OrtApi
{
    private const uint ApiVersion = 1;
    private static readonly Lazy<OrtApi> Loaded = new(() => new OrtApi(OnnxPlace.Load(Environment.GetEnvironmentVariable(OnnxPlace.Variable), AppContext.BaseDirectory, OnnxPlace.SystemNames)));

    private readonly void** _table;

    private OrtApi((nint Handle, string From) library)
    {
        From = library.From;
        if (!NativeLibrary.TryGetExport(library.Handle, "OrtGetApiBase", out var entry)) throw new OnnxException($"{From} is no onnxruntime: it has no OrtGetApiBase");
        var apiBase = ((delegate* unmanaged<void**>)entry)();
        Version = Text(((delegate* unmanaged<byte*>)apiBase[1])());
        _table = ((delegate* unmanaged<uint, void**>)apiBase[0])(ApiVersion);
        if (_table is null) throw new OnnxException($"onnxruntime {Version} ({From}) does not have version {ApiVersion} of its C API");
        nint environment, memory;
        fixed (byte* name = "voxmake\0"u8)
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)_table[3])(FatalOnly, name, &environment));
        Check(((delegate* unmanaged<int, int, nint*, nint>)_table[69])(DeviceAllocator, DefaultMemory, &memory));
        (OrtEnvironment, CpuMemory) = (environment, memory);
    }

    private const int FatalOnly = 4, DeviceAllocator = 0, DefaultMemory = 0;

    /// <summary>The library in use, found and loaded at first use.</summary>
    /// <exception cref="OnnxException">There is none.</exception>
    public static OrtApi Get() => Loaded.Value;

    /// <summary>How it was found.</summary>
    public string From { get; }

    /// <summary>Such as <c>1.28.2</c>.</summary>
    public string Version { get; }

    /// <summary>The one OrtEnv of a process; it says nothing by itself, since exceptions do, and lives as long as the process.</summary>
    private nint OrtEnvironment { get; }

    /// <summary>Says of a tensor that it lies in plain memory.</summary>
    public nint CpuMemory { get; }

    /// <summary>Turns a status into an exception with the library's words.</summary>
    public void Check(nint status)
    {
        if (status == 0) return;
        var message = Text(((delegate* unmanaged<nint, byte*>)_table[2])(status));
        Release(93, status);
        throw new OnnxException(message);
    }

    public nint CreateSession(string path, nint options)
    {
        nint session;
        var name = Marshal.StringToCoTaskMemUTF8(path);
        try { Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)_table[7])(OrtEnvironment, (byte*)name, options, &session)); }
        finally { Marshal.FreeCoTaskMem(name); }
        return session;
    }

    public nint CreateSession(ReadOnlySpan<byte> network, nint options)
    {
        nint session;
        fixed (byte* bytes = network) Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)_table[8])(OrtEnvironment, bytes, (nuint)network.Length, options, &session));
        return session;
    }

    public nint Run(nint session, byte** inputNames, nint* inputs, int inputCount, byte** outputNames, int outputCount, nint* outputs) =>
        ((delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)_table[9])(session, 0, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs);

    /// <summary>Options of a session that runs one node after the other.</summary>
    /// <param name="threads">Threads that one node may use.</param>
    public nint CreateSessionOptions(int threads)
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)_table[10])(&options));
        try
        {
            Check(((delegate* unmanaged<nint, int, nint>)_table[24])(options, threads));
            Check(((delegate* unmanaged<nint, int, nint>)_table[25])(options, 1));
            return options;
        }
        catch
        {
            Release(ReleaseSessionOptions, options);
            throw;
        }
    }

    /// <summary>Inputs or outputs of a session.</summary>
    public List<OnnxPort> Ports(nint session, bool inputs)
    {
        nuint count;
        Check(((delegate* unmanaged<nint, nuint*, nint>)_table[inputs ? 30 : 31])(session, &count));
        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)_table[78])(&allocator));
        var ports = new List<OnnxPort>();
        for (nuint i = 0; i < count; i++)
        {
            byte* name;
            Check(((delegate* unmanaged<nint, nuint, nint, byte**, nint>)_table[inputs ? 36 : 37])(session, i, allocator, &name));
            var text = Text(name);
            Check(((delegate* unmanaged<nint, void*, nint>)_table[76])(allocator, name));
            nint type, tensor;
            Check(((delegate* unmanaged<nint, nuint, nint*, nint>)_table[inputs ? 33 : 34])(session, i, &type));
            try
            {
                Check(((delegate* unmanaged<nint, nint*, nint>)_table[55])(type, &tensor)); // belongs to type; 0 where it is no tensor
                ports.Add(tensor == 0 ? new OnnxPort(text, OnnxElement.None, []) : new OnnxPort(text, ElementOf(tensor), ShapeOf(tensor)));
            }
            finally { Release(98, type); }
        }
        return ports;
    }

    /// <summary>A tensor over memory that somebody else keeps.</summary>
    public nint CreateTensor(void* data, long bytes, ReadOnlySpan<long> shape, OnnxElement element)
    {
        nint value;
        fixed (long* dimensions = shape)
            Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)_table[49])(CpuMemory, data, (nuint)bytes, dimensions, (nuint)shape.Length, (int)element, &value));
        return value;
    }

    /// <summary>What a value is; throws where it is no tensor.</summary>
    public (OnnxElement Element, long[] Shape) TypeOf(nint value)
    {
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)_table[65])(value, &info));
        try { return (ElementOf(info), ShapeOf(info)); }
        finally { Release(99, info); }
    }

    /// <summary>Where a tensor's values lie.</summary>
    public void* DataOf(nint value)
    {
        void* data;
        Check(((delegate* unmanaged<nint, void**, nint>)_table[51])(value, &data));
        return data;
    }

    private OnnxElement ElementOf(nint tensorInfo)
    {
        int element;
        Check(((delegate* unmanaged<nint, int*, nint>)_table[60])(tensorInfo, &element));
        return (OnnxElement)element;
    }

    private long[] ShapeOf(nint tensorInfo)
    {
        nuint rank;
        Check(((delegate* unmanaged<nint, nuint*, nint>)_table[61])(tensorInfo, &rank));
        var shape = new long[rank];
        fixed (long* dimensions = shape) Check(((delegate* unmanaged<nint, long*, nuint, nint>)_table[62])(tensorInfo, dimensions, rank));
        return shape;
    }

    public const int ReleaseSession = 95, ReleaseValue = 96, ReleaseSessionOptions = 100;

    /// <summary>Gives back what the library made.</summary>
    /// <param name="entry">Of the function that takes it.</param>
    public void Release(int entry, nint thing) => ((delegate* unmanaged<nint, void>)_table[entry])(thing);

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
