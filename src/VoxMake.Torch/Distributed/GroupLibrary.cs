using System.Runtime.InteropServices;
using VoxMake.Torch.Native;

namespace VoxMake.Torch.Distributed;

/// <summary>The functions of voxc10d.cpp, compiled for one backend when it is first asked for. Nobody who trains alone waits for that, or can be stopped by it.</summary>
internal sealed unsafe class GroupLibrary
{
    private static readonly Lazy<GroupLibrary> Gloo = new(() => new GroupLibrary("the part of the torch bridge for several processes", [], Headers()));
    private static readonly Lazy<GroupLibrary> Nccl = new(() => new GroupLibrary("the part of the torch bridge for several GPUs", ["-DVOX_NCCL", .. NcclHeaders()], []));

    private readonly delegate* unmanaged[Cdecl]<byte*> _error;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int, long, nint*, int> _open;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _close;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> _allReduce;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, int> _broadcast;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nint*, int, int> _allGather;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _barrier;

    private GroupLibrary(string what, IReadOnlyList<string> flags, IReadOnlyList<(string, string)> headers)
    {
        var file = NativeBuild.Library(TorchLibrary.Place, "voxc10d", what, flags, headers);
        nint library;
        try { library = NativeLibrary.Load(file); }
        catch (DllNotFoundException error) { throw new TorchException($"{file} does not load; was this libtorch made without c10d? {error.Message}"); }
        _error = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(library, "vox_group_error");
        _open = (delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int, long, nint*, int>)NativeLibrary.GetExport(library, "vox_group_open");
        _close = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "vox_group_close");
        _allReduce = (delegate* unmanaged[Cdecl]<nint, nint, int>)NativeLibrary.GetExport(library, "vox_group_all_reduce");
        _broadcast = (delegate* unmanaged[Cdecl]<nint, nint, int, int>)NativeLibrary.GetExport(library, "vox_group_broadcast");
        _allGather = (delegate* unmanaged[Cdecl]<nint, nint, nint*, int, int>)NativeLibrary.GetExport(library, "vox_group_all_gather");
        _barrier = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "vox_group_barrier");
    }

    /// <exception cref="ArgumentException">There is no such backend.</exception>
    /// <exception cref="TorchException">It does not compile for this libtorch.</exception>
    public static GroupLibrary For(string backend) => backend switch
    {
        "gloo" => Gloo.Value,
        "nccl" => Nccl.Value,
        _ => throw new ArgumentException($"'{backend}' is no backend, expected gloo or nccl"),
    };

    /// <summary>What libtorch said of this thread's last failure.</summary>
    public string Error => (Marshal.PtrToStringUTF8((nint)_error()) ?? "").Trim();

    public bool Open(Meeting meeting, int rank, int size, TimeSpan timeout, out nint group)
    {
        nint made = 0;
        int status;
        fixed (byte* file = Terminated(meeting.File))
        fixed (byte* host = Terminated(meeting.Host)) status = _open(file, host, meeting.Port, rank, size, (long)timeout.TotalMilliseconds, &made);
        group = made;
        return status == 0;
    }

    public void Close(nint group) => _close(group);
    public bool AllReduce(nint group, Tensor tensor) => _allReduce(group, tensor.Handle) == 0;
    public bool Broadcast(nint group, Tensor tensor, int root) => _broadcast(group, tensor.Handle, root) == 0;
    public bool Barrier(nint group) => _barrier(group) == 0;

    public bool AllGather(nint group, Tensor tensor, IReadOnlyList<Tensor> outputs)
    {
        fixed (nint* handles = Operator.Handles(outputs)) return _allGather(group, tensor.Handle, handles, outputs.Count) == 0;
    }

    private static byte[]? Terminated(string? text) => Operator.Utf8(text is null ? null : text + "\0");

    /// <summary>ProcessGroupGloo.hpp includes these; see gloo.h.</summary>
    private static (string, string)[] Headers()
    {
        var text = NativeBuild.Source("gloo.h");
        return [.. new[] { "algorithm.h", "common/error.h", "context.h", "rendezvous/store.h", "transport/device.h" }.Select(name => ("gloo/" + name, text))];
    }

    /// <summary>Headers of NCCL and CUDA as pip installs them, beside the PyTorch: <c>nvidia/*/include</c>.</summary>
    private static IEnumerable<string> NcclHeaders()
    {
        var packages = Path.GetFullPath(Path.Combine(TorchLibrary.Place.Libraries, "../../nvidia"));
        return Directory.Exists(packages) ? Directory.GetDirectories(packages).Select(folder => Path.Combine(folder, "include")).Where(Directory.Exists).Select(folder => "-I" + folder) : [];
    }
}
