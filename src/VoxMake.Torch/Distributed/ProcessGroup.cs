using System.Diagnostics;
using VoxMake.Torch.Native;

namespace VoxMake.Torch.Distributed;

/// <summary>
/// Processes that compute together (c10d): each with its number, its rank. All call the same functions in the same order, with tensors of the same shapes and types; a call ends when all have come.
/// </summary>
/// <remarks>
/// What goes wrong, a process that ended or does not come within the time-out, is a <see cref="TorchException"/>; the group is of no use then. A group is used by one thread at a time. The C++
/// for it is compiled when the first group is opened, apart from the rest of the bridge. Gloo is for the CPU. NCCL, for GPUs, is compiled only where its headers are; it was compiled against
/// stand-ins for them, and never run.
/// </remarks>
public sealed class ProcessGroup : IDisposable
{
    /// <summary>Bytes of gradients that are sent together, as in PyTorch's DistributedDataParallel.</summary>
    private const long BucketBytes = 25L << 20;

    private readonly GroupLibrary _library;
    private readonly string _backend;
    private readonly TimeSpan _timeout;
    private nint _handle;

    private ProcessGroup(GroupLibrary library, string backend, int rank, int size, TimeSpan timeout) => (_library, _backend, Rank, Size, _timeout) = (library, backend, rank, size, timeout);

    /// <summary>This process's number, from 0.</summary>
    public int Rank { get; }

    /// <summary>Number of processes.</summary>
    public int Size { get; }

    /// <summary>Joins a group; returns when all have come.</summary>
    /// <param name="backend"><c>gloo</c> or <c>nccl</c>.</param>
    /// <param name="timeout">How long to wait for others, here and in each call; five minutes unless given.</param>
    /// <exception cref="TorchException">Others did not come in time, or the backend cannot be had; says which rank this is.</exception>
    public static ProcessGroup Open(string backend, Meeting meeting, int rank, int size, TimeSpan? timeout = null)
    {
        if (size < 1 || rank < 0 || rank >= size) throw new ArgumentException($"rank {rank} of {size} cannot be; ranks count from 0");
        if (timeout is { } given && given < TimeSpan.FromMilliseconds(1)) throw new ArgumentOutOfRangeException(nameof(timeout), given, "a time-out is at least a millisecond");
        var group = new ProcessGroup(GroupLibrary.For(backend), backend, rank, size, timeout ?? TimeSpan.FromMinutes(5));
        group.Call($"meeting at {meeting}", () => group._library.Open(meeting, rank, size, group._timeout, out group._handle));
        return group;
    }

    /// <summary>Each element becomes its sum over all processes, in place.</summary>
    public void AllReduce(Tensor tensor) => Call("all-reduce", () => _library.AllReduce(Handle, tensor));

    /// <summary>All get, in place, what one of them has.</summary>
    /// <param name="root">Whose.</param>
    public void Broadcast(Tensor tensor, int root = 0) => Call("broadcast", () => _library.Broadcast(Handle, tensor, root));

    /// <summary>What each process has, in the order of ranks.</summary>
    public IReadOnlyList<Tensor> AllGather(Tensor tensor)
    {
        Tensor[] all = [.. Enumerable.Range(0, Size).Select(_ => Ops.empty(tensor.Shape, tensor.Type, null, tensor.Device))];
        Call("all-gather", () => _library.AllGather(Handle, tensor, all));
        return all;
    }

    /// <summary>Returns when all have come here.</summary>
    public void Barrier() => Call("barrier", () => _library.Barrier(Handle));

    /// <summary>
    /// Makes gradients those of all processes together, as one process would have them of the whole batch: the mean (or sum) over processes, some 25 MB at a time. A parameter without a gradient
    /// counts as one of zeros; where no process has one, it stays without. Over Gloo, which knows no bf16, those are summed in float32.
    /// </summary>
    /// <param name="average">The mean, for losses that are means of equally many items; else the sum.</param>
    public void ReduceGradients(IReadOnlyList<(string Name, Tensor Tensor)> parameters, bool average = true)
    {
        using var scope = new TensorScope();
        using var noGrad = Libtorch.NoGrad();
        var bucket = new List<Tensor>();
        long bytes = 0;
        foreach (var parameter in SomebodysOf(parameters))
        {
            var grad = parameter.Grad ?? (parameter.Grad = parameter.detach().zeros_like());
            if (bucket.Count > 0 && (bytes + Bytes(grad) > BucketBytes || grad.Type != bucket[0].Type || grad.Device != bucket[0].Device))
            {
                Reduce(bucket, average);
                bucket.Clear();
                bytes = 0;
            }
            bucket.Add(grad);
            bytes += Bytes(grad);
        }
        if (bucket.Count > 0) Reduce(bucket, average);
    }

    /// <summary>The parameters that have a gradient in some process: all have to agree on what is sent.</summary>
    private List<Tensor> SomebodysOf(IReadOnlyList<(string Name, Tensor Tensor)> parameters)
    {
        if (parameters.Count == 0) return [];
        var has = Tensor.From<float>([.. parameters.Select(parameter => parameter.Tensor.Grad is null ? 0f : 1f)], parameters.Count).to(parameters[0].Tensor.Device);
        AllReduce(has);
        var counts = has.ToArray<float>();
        return [.. parameters.Where((_, i) => counts[i] > 0).Select(parameter => parameter.Tensor)];
    }

    private void Reduce(List<Tensor> bucket, bool average)
    {
        using var scope = new TensorScope();
        var flat = Ops.cat([.. bucket.Select(grad => grad.reshape([-1]))]);
        if (_backend == "gloo" && flat.Type == ScalarType.BFloat16) flat = flat.to(ScalarType.Float);
        AllReduce(flat);
        if (average) flat.div_(Size);
        var parts = flat.split_with_sizes([.. bucket.Select(grad => grad.Count)]);
        for (var i = 0; i < bucket.Count; i++) bucket[i].copy_(parts[i].view(bucket[i].Shape));
    }

    private static long Bytes(Tensor tensor) => tensor.Count * (tensor.Type is ScalarType.BFloat16 or ScalarType.Half ? 2 : tensor.Type == ScalarType.Double ? 8 : 4);

    private nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(ProcessGroup));

    private void Call(string what, Func<bool> call)
    {
        var clock = Stopwatch.StartNew();
        if (call()) return;
        var said = _library.Error;
        var when = $"after {clock.Elapsed.TotalSeconds:0.0} s (time-out {_timeout.TotalSeconds:0.###} s)";
        throw new TorchException($"rank {Rank} of {Size}: {what} failed {when}: {said}. Another rank has ended, hangs or never came: see what each of them said last");
    }

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0) _library.Close(handle);
    }
}
