using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.Torch.Nn;

/// <summary>Weights into a module and out of it, by the names of its tensors.</summary>
public static unsafe class Checkpoint
{
    /// <summary>
    /// Copies weights into a module. Strict: every tensor of the module must be there with its shape, and nothing else; all that does not fit is said at once. Other element types are
    /// converted to the module's; weight norm is folded or unfolded where the module has it otherwise (<see cref="WeightNorm"/>).
    /// </summary>
    /// <param name="file">What messages call the weights.</param>
    /// <exception cref="TorchException">Names are missing or left over, or shapes differ.</exception>
    public static void Load(Module module, IReadOnlyDictionary<string, TensorView> weights, string file) =>
        Load(module.NamedTensors(), module.GetType().Name, weights, file);

    /// <summary>The same for tensors that are no module's, such as an optimizer's state.</summary>
    /// <param name="what">What messages call them.</param>
    /// <exception cref="TorchException">Names are missing or left over, or shapes differ.</exception>
    public static void Load(IEnumerable<(string Name, Tensor Tensor)> tensors, string what, IReadOnlyDictionary<string, TensorView> weights, string file) =>
        Load(tensors, what, weights.ToDictionary(named => named.Key, named => new Weight(named.Value.Shape, () => ToTensor(named.Value))), file);

    /// <summary>Copies the tensors of a module into another, which may have weight norm in another form.</summary>
    /// <exception cref="TorchException">The modules do not fit.</exception>
    public static void Copy(Module from, Module to) =>
        Load(to.NamedTensors(), to.GetType().Name, from.NamedTensors().ToDictionary(named => named.Name, named => new Weight(named.Tensor.Shape, () => named.Tensor)), from.GetType().Name);

    private static void Load(IEnumerable<(string Name, Tensor Tensor)> tensors, string what, Dictionary<string, Weight> weights, string file)
    {
        var wanted = tensors.ToList();
        var names = wanted.Select(named => named.Name).ToHashSet();
        WeightNorm.Refold(weights, names);
        var faults = new List<string>();
        foreach (var (name, tensor) in wanted)
        {
            if (!weights.TryGetValue(name, out var weight)) faults.Add($"{name} is missing");
            else if (!weight.Shape.AsSpan().SequenceEqual(tensor.Shape)) faults.Add($"{name} has the shape [{string.Join(", ", weight.Shape)}], not [{string.Join(", ", tensor.Shape)}]");
        }
        faults.AddRange(weights.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal).Select(name => $"{name} is left over"));
        if (faults.Count > 0)
            throw new TorchException($"{file} does not fit {what}: {string.Join("; ", faults.Take(10))}{(faults.Count > 10 ? $"; and {faults.Count - 10} more" : "")}");

        using var noGrad = Libtorch.NoGrad();
        foreach (var (name, tensor) in wanted)
        {
            using var scope = new TensorScope();
            tensor.copy_(weights[name].Numbers());
        }
    }

    /// <summary>Writes all tensors of a module as safetensors: whole or not at all.</summary>
    public static void Save(Module module, string path, IReadOnlyDictionary<string, string>? metadata = null) => Save(module.NamedTensors(), path, metadata);

    /// <summary>Writes tensors as safetensors: whole or not at all.</summary>
    public static void Save(IEnumerable<(string Name, Tensor Tensor)> tensors, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var scope = new TensorScope();
        var plain = tensors.Select(named => (named.Name, Tensor: named.Tensor.detach().to(Device.Cpu).contiguous())).ToList();
        SafetensorsWriter.Write(path, plain.Select(named => Source(named.Name, named.Tensor)), metadata);
    }

    /// <summary>A tensor to be written: on the CPU, contiguous, and alive until it is.</summary>
    public static TensorSource Source(string name, Tensor tensor) => TensorSource.At(name, TypeOf(tensor.Type), tensor.Shape, DataOf(tensor), tensor.Count * TypeOf(tensor.Type).Size());

    /// <summary>A tensor of the present scope with a copy of a file's numbers.</summary>
    public static Tensor ToTensor(TensorView view)
    {
        var tensor = Ops.empty(view.Shape, TypeOf(view));
        view.CopyTo(DataOf(tensor), view.ByteLength);
        return tensor;
    }

    private static nint DataOf(Tensor tensor)
    {
        NativeMethods.Check(NativeMethods.vox_tensor_data(tensor.Handle, out var data));
        return (nint)data;
    }

    /// <summary>What libtorch calls the type of a file's tensor.</summary>
    /// <exception cref="TorchException">It has none for it.</exception>
    public static ScalarType TypeOf(TensorView view) => view.DType switch
    {
        DType.F32 => ScalarType.Float,
        DType.F64 => ScalarType.Double,
        DType.F16 => ScalarType.Half,
        DType.BF16 => ScalarType.BFloat16,
        DType.I64 => ScalarType.Long,
        DType.I32 => ScalarType.Int,
        DType.I16 => ScalarType.Short,
        DType.I8 => ScalarType.Char,
        DType.U8 => ScalarType.Byte,
        DType.Bool => ScalarType.Bool,
        _ => throw new TorchException($"{view.Name} holds {view.DType.Name()}, which libtorch {Libtorch.Version} has no type for"),
    };

    /// <summary>What a file calls a type.</summary>
    /// <exception cref="TorchException">It has no name for it.</exception>
    public static DType TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float => DType.F32,
        ScalarType.Double => DType.F64,
        ScalarType.Half => DType.F16,
        ScalarType.BFloat16 => DType.BF16,
        ScalarType.Long => DType.I64,
        ScalarType.Int => DType.I32,
        ScalarType.Short => DType.I16,
        ScalarType.Char => DType.I8,
        ScalarType.Byte => DType.U8,
        ScalarType.Bool => DType.Bool,
        _ => throw new TorchException($"safetensors has no type for {type}"),
    };
}

/// <summary>A tensor that can be read when it is wanted.</summary>
/// <param name="Numbers">Makes a tensor of the present scope, or hands out one that lives longer.</param>
internal sealed record Weight(long[] Shape, Func<Tensor> Numbers);
