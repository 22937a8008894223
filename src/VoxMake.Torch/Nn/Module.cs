namespace VoxMake.Torch.Nn;

/// <summary>
/// A part of a network: it owns parameters and other parts, each under the name that it has in published checkpoints. Parameters live until the module is disposed, whatever scope it was made in.
/// </summary>
public abstract class Module : IDisposable
{
    private readonly List<(string Name, Tensor Tensor, bool Trained)> _own = [];
    private readonly List<(string Name, Module Module)> _children = [];
    private bool _training = true;

    /// <summary>Whether it is being trained (dropout) or used; reaches all parts.</summary>
    public bool Training
    {
        get => _training;
        set
        {
            _training = value;
            foreach (var (_, child) in _children) child.Training = value;
        }
    }

    /// <summary>All parameters with their full names, such as <c>text_encoder.encoder.layers.0.attention.k_proj.weight</c>, in the order in which they were added.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedParameters() => Named(trained: true);

    /// <summary>All tensors that a checkpoint holds: parameters and buffers.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedTensors() => Named(trained: false);

    /// <summary>Brings all tensors to a device; gradients are forgotten. Optimizers are made after it, since their state lies where the parameters do.</summary>
    public void MoveTo(Device device)
    {
        foreach (var (_, tensor) in NamedTensors())
        {
            if (tensor.Device == device) continue;
            var moved = Own(() => tensor.detach().to(device));
            moved.RequiresGrad = tensor.RequiresGrad;
            tensor.Become(moved);
        }
    }

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var (_, parameter) in NamedParameters()) parameter.Grad = null;
    }

    /// <summary>
    /// Until the result is disposed no gradient reaches the parameters (what goes through them still has gradients), and what is computed of parameters alone, weight norm, is computed once.
    /// Parameters must not be changed meanwhile.
    /// </summary>
    public IDisposable Freeze() => new Ice(this);

    /// <summary>Whether it is frozen.</summary>
    protected bool Frozen { get; private set; }

    /// <summary>Forgets what was computed of the parameters while frozen.</summary>
    private protected virtual void Thaw()
    {
    }

    private void SetFrozen(bool frozen)
    {
        Frozen = frozen;
        if (!frozen) Thaw();
        foreach (var (_, tensor, trained) in _own)
            if (trained) tensor.RequiresGrad = !frozen;
        foreach (var (_, child) in _children) child.SetFrozen(frozen);
    }

    private sealed class Ice : IDisposable
    {
        private readonly Module _module;

        public Ice(Module module)
        {
            if (module.Frozen) throw new InvalidOperationException("the module is frozen already");
            _module = module;
            module.SetFrozen(true);
        }

        public void Dispose() => _module.SetFrozen(false);
    }

    /// <summary>Adds a parameter; what <paramref name="make"/> returns belongs to no scope.</summary>
    protected Tensor Parameter(string name, Func<Tensor> make)
    {
        var parameter = Own(make);
        parameter.RequiresGrad = true;
        _own.Add((name, parameter, true));
        return parameter;
    }

    /// <summary>Adds a tensor that is kept with the parameters but not trained.</summary>
    protected Tensor Buffer(string name, Func<Tensor> make)
    {
        var buffer = Own(make);
        _own.Add((name, buffer, false));
        return buffer;
    }

    /// <summary>Adds a part.</summary>
    protected T Part<T>(string name, T module) where T : Module
    {
        _children.Add((name, module));
        return module;
    }

    /// <summary>Adds parts under running numbers, as torch's ModuleList does.</summary>
    protected IReadOnlyList<T> Parts<T>(string name, IEnumerable<T> modules) where T : Module
    {
        List<T> list = [.. modules];
        for (var i = 0; i < list.Count; i++) _children.Add(($"{name}.{i}", list[i]));
        return list;
    }

    /// <summary>Makes a tensor whose helpers on the way die at once, and which itself dies with the module.</summary>
    private static Tensor Own(Func<Tensor> make) => TensorScope.Outside(() =>
    {
        using var scope = new TensorScope();
        return scope.Keep(make());
    });

    private IEnumerable<(string, Tensor)> Named(bool trained)
    {
        foreach (var (name, tensor, isTrained) in _own)
            if (isTrained || !trained) yield return (name, tensor);
        foreach (var (prefix, child) in _children)
            foreach (var (name, tensor) in child.Named(trained)) yield return ($"{prefix}.{name}", tensor);
    }

    public void Dispose()
    {
        Thaw();
        foreach (var (_, tensor, _) in _own) tensor.Dispose();
        foreach (var (_, child) in _children) child.Dispose();
        GC.SuppressFinalize(this);
    }
}
