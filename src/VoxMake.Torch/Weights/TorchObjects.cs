using System.Globalization;

namespace VoxMake.Torch.Weights;

/// <summary>A class or function that a PyTorch file may name; only ever compared, never called.</summary>
internal sealed record TorchGlobal(string Name);

/// <summary>A storage: a record of the zip as elements of one type.</summary>
internal sealed record TorchStorage(string Key, DType DType, StoredRecord Record)
{
    public long Elements => Record.Length / DType.Size();
}

/// <summary>The names that a PyTorch file may use, and what each makes: tensors on the zip's records, and plain containers. Everything else is refused by name.</summary>
internal sealed class TorchObjects(MappedFile file, IReadOnlyDictionary<string, StoredRecord> storages, TorchLimits limits)
{
    private const long UnfoldingForFree = 64 << 20;
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2", RebuildParameter = "torch._utils._rebuild_parameter", Parameter = "torch.nn.parameter.Parameter",
        OrderedDict = "collections.OrderedDict", Counter = "collections.Counter", Size = "torch.Size", Device = "torch.device";

    private static readonly Dictionary<string, DType> StorageTypes = new()
    {
        ["torch.FloatStorage"] = DType.F32, ["torch.DoubleStorage"] = DType.F64, ["torch.HalfStorage"] = DType.F16, ["torch.BFloat16Storage"] = DType.BF16,
        ["torch.LongStorage"] = DType.I64, ["torch.IntStorage"] = DType.I32, ["torch.ShortStorage"] = DType.I16, ["torch.CharStorage"] = DType.I8,
        ["torch.ByteStorage"] = DType.U8, ["torch.BoolStorage"] = DType.Bool,
    };

    private static readonly HashSet<string> Callables = [RebuildTensor, RebuildParameter, Parameter, OrderedDict, Counter, Size, Device];

    /// <summary>They stand in configurations inside of checkpoints; read as their names.</summary>
    private static readonly HashSet<string> DTypeNames =
        ["torch.float32", "torch.float64", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8", "torch.bool"];

    private readonly Dictionary<string, TorchStorage> _used = [];
    private long _unfolded;

    /// <summary>GLOBAL: a name of the list, or a refusal. torch.float32 and its like become texts.</summary>
    public object Global(string module, string name)
    {
        var full = $"{module}.{name}";
        if (DTypeNames.Contains(full)) return full;
        return StorageTypes.ContainsKey(full) || Callables.Contains(full) ? new TorchGlobal(full)
            : throw new PickleException($"refused: the file wants to call {QuotedName.Of(full)[1..^1]}; a model file must hold only tensors and plain containers");
    }

    /// <summary>BINPERSID: ('storage', type, key, device, number of elements).</summary>
    public TorchStorage Storage(object? id)
    {
        if (id is not TorchSequence sequence || !sequence.IsTuple(out var parts) || parts is not ["storage", TorchGlobal global, string key, string, long elements])
            throw new PickleException($"a storage must be told as ('storage', type, key, device, elements), not {Describe(id)}");
        if (!StorageTypes.TryGetValue(global.Name, out var type)) throw new PickleException($"{global.Name} is no type of storage");
        // Keys are running numbers; as a file name that is all that can be meant.
        if (key.Length is 0 or > 19 || key.AsSpan().ContainsAnyExceptInRange('0', '9')) throw new PickleException($"the storage key {QuotedName.Of(key)} is not a number");
        if (!storages.TryGetValue(key, out var record)) throw new PickleException($"storage {key} is not in the file");
        if (elements < 0 || elements > long.MaxValue / type.Size() || elements * type.Size() != record.Length)
            throw new PickleException($"storage {key} should hold {elements} elements of {type.Name()}, its record has {record.Length} bytes");
        if (!_used.TryGetValue(key, out var storage)) _used.Add(key, storage = new TorchStorage(key, type, record));
        return storage.DType == type ? storage : throw new PickleException($"storage {key} is used as {storage.DType.Name()} and as {type.Name()}");
    }

    /// <summary>NEWOBJ: as <see cref="Call"/>, but only for classes.</summary>
    public object New(object? type, object? arguments) =>
        type is TorchGlobal { Name: OrderedDict or Size or Parameter } ? Call(type, arguments) : throw new PickleException($"refused: NEWOBJ of {Describe(type)}");

    /// <summary>REDUCE.</summary>
    public object Call(object? function, object? arguments)
    {
        if (function is not TorchGlobal { Name: var name }) throw new PickleException($"{Describe(function)} cannot be called");
        if (arguments is not TorchSequence sequence || !sequence.IsTuple(out var parts)) throw new PickleException($"{name} needs a tuple of arguments, not {Describe(arguments)}");
        switch (name, parts)
        {
            case (RebuildTensor, [TorchStorage storage, long offset, TorchSequence size, TorchSequence stride, bool grad, var hooks]) when IsNothing(hooks):
                return Tensor(storage, offset, size, stride, grad);
            case (RebuildTensor, [TorchStorage storage, long offset, TorchSequence size, TorchSequence stride, bool grad, var hooks, var metadata]) when IsNothing(hooks) && IsNothing(metadata):
                return Tensor(storage, offset, size, stride, grad);
            case (RebuildParameter, [TensorView tensor, bool grad, var hooks]) when IsNothing(hooks): return tensor.With(grad);
            case (Parameter, [TensorView tensor, bool grad]): return tensor.With(grad);
            case (OrderedDict or Counter, []): return new TorchDict();
            case (Counter, [TorchDict counts]): return counts;
            case (OrderedDict, [TorchSequence { Kind: TorchSequenceKind.List } pairs]): return FromPairs(pairs);
            case (Size, [TorchSequence { Kind: TorchSequenceKind.Tuple or TorchSequenceKind.List } dimensions]): return new TorchSequence(TorchSequenceKind.Tuple, dimensions.Items);
            case (Device, [string kind]): return kind;
            case (Device, [string kind, long index]): return string.Create(CultureInfo.InvariantCulture, $"{kind}:{index}");
            default: throw new PickleException($"{name} is called with other arguments than torch.save writes: ({string.Join(", ", parts.Take(10).Select(Describe))})");
        }
    }

    /// <summary>BUILD: only an OrderedDict has attributes, and they say nothing of tensors (<c>_metadata</c>: versions of modules).</summary>
    public void Build(object? target, object? state)
    {
        if (target is not TorchDict dict || state is not TorchDict attributes) throw new PickleException($"BUILD is for an OrderedDict and a dict of attributes, not for {Describe(target)} and {Describe(state)}");
        if (dict.Attributes is not null) throw new PickleException("an OrderedDict is built twice");
        dict.Attributes = attributes;
    }

    /// <summary>A value's kind in a word, for messages.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a bool",
        long => "a whole number",
        double => "a number",
        string text => QuotedName.Of(text),
        TorchDict => "a dict",
        TorchSequence { Kind: var kind } => $"a {kind.ToString().ToLowerInvariant()}",
        TensorView => "a tensor",
        TorchStorage { Key: var key } => $"storage {key}",
        TorchGlobal { Name: var name } => name,
        _ => value.GetType().Name,
    };

    private TensorView Tensor(TorchStorage storage, long offset, TorchSequence size, TorchSequence stride, bool grad)
    {
        var (shape, strides) = (Numbers(size, storage, "size"), Numbers(stride, storage, "stride"));
        if (shape.Length != strides.Length) throw Wrong(storage, $"has {shape.Length} sizes and {strides.Length} strides");
        if (!TensorShape.TryCount(shape, storage.DType.Size(), out var elements, out var rule)) throw Wrong(storage, rule);
        if (offset < 0 || offset > storage.Elements) throw Wrong(storage, $"begins at element {offset} of {storage.Elements}");
        var last = (Int128)offset;
        for (var d = 0; d < shape.Length; d++)
        {
            if (strides[d] < 0) throw Wrong(storage, $"has the negative stride {strides[d]}");
            if (elements > 0) last += (Int128)(shape[d] - 1) * strides[d];
        }
        if (elements > 0 && last >= storage.Elements) throw Wrong(storage, $"of {TensorShape.Text(shape)} with strides {TensorShape.Text(strides)} reaches element {last} of {storage.Elements}: the storage is too small");
        var most = UnfoldingForFree + (Int128)limits.MaxUnfolding * file.Length;
        if (elements * storage.DType.Size() > most - _unfolded) throw Wrong(storage, $"of {TensorShape.Text(shape)}: all tensors together would take more than {most} bytes, for a file of {file.Length}");
        _unfolded += elements * storage.DType.Size();
        return new TensorView(file, $"storage {storage.Key}", storage.DType, shape, strides, storage.Record.Offset + offset * storage.DType.Size()) { RequiresGrad = grad };
    }

    private static long[] Numbers(TorchSequence sequence, TorchStorage storage, string what)
    {
        if (!sequence.IsTuple(out var items) || items.Count > TensorShape.MostDimensions || !items.All(item => item is long))
            throw Wrong(storage, $"needs a {what} of at most {TensorShape.MostDimensions} whole numbers");
        return [.. items.Select(item => (long)item!)];
    }

    private static TorchDict FromPairs(TorchSequence pairs)
    {
        var dict = new TorchDict();
        foreach (var pair in pairs.Items)
        {
            if (pair is not TorchSequence { Items: [string or long, _] items }) throw new PickleException("an OrderedDict must be made of pairs with a text or a whole number first");
            if (!dict.TryAdd(items[0]!, items[1])) throw new PickleException($"an OrderedDict has the key {Describe(items[0])} twice");
        }
        return dict;
    }

    private static bool IsNothing(object? value) => value is null or TorchDict { Count: 0, Attributes: null };

    private static PickleException Wrong(TorchStorage storage, string rule) => new($"a tensor of storage {storage.Key} {rule}");
}
