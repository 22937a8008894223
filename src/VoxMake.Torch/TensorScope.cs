namespace VoxMake.Torch;

/// <summary>
/// Tensors die with the scope that they were made in, not with the garbage collector: <c>using var scope = new TensorScope();</c>. Scopes of a thread lie in one another; what is to live on is
/// handed out with <see cref="Keep"/>. Outside all scopes a tensor lives until it is disposed.
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic] private static TensorScope? _current;
    private readonly TensorScope? _outer;
    private readonly List<Tensor> _tensors = [];
    private bool _closed;

    public TensorScope()
    {
        _outer = _current;
        _current = this;
    }

    /// <summary>Tensors of this scope that still live.</summary>
    public int Count => _tensors.Count(tensor => !tensor.IsDisposed);

    /// <summary>Lets a tensor live on in the scope around this one; outside all scopes it then lives until it is disposed.</summary>
    public Tensor Keep(Tensor tensor)
    {
        var at = _tensors.LastIndexOf(tensor); // mostly among the latest
        if (at < 0) return tensor;
        _tensors.RemoveAt(at);
        _outer?._tensors.Add(tensor);
        return tensor;
    }

    /// <summary>Runs something whose tensors belong to no scope: parameters, buffers, optimizer state.</summary>
    public static T Outside<T>(Func<T> make)
    {
        var current = _current;
        _current = null;
        try { return make(); }
        finally { _current = current; }
    }

    internal static void Add(Tensor tensor) => _current?._tensors.Add(tensor);

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        if (_current != this) throw new InvalidOperationException("tensor scopes are closed in the order opposite to that in which they were opened, on the same thread");
        _current = _outer;
        foreach (var tensor in _tensors) tensor.Dispose();
    }
}
