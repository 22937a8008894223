using System.Diagnostics.CodeAnalysis;

namespace VoxMake.Torch.Weights;

/// <summary>A dict or OrderedDict of a PyTorch file, in its order. Keys are <see cref="string"/> or <see cref="long"/>; values are as <see cref="TorchFile.Root"/> says.</summary>
public sealed class TorchDict
{
    private readonly OrderedDictionary<object, object?> _items = [];

    /// <summary>Number of items.</summary>
    public int Count => _items.Count;

    /// <summary>Keys and values, in the order they were saved.</summary>
    public IReadOnlyList<KeyValuePair<object, object?>> Items => _items;

    /// <summary>What an OrderedDict carries beside its items, such as <c>_metadata</c> of a state dict; null where there is nothing.</summary>
    public TorchDict? Attributes { get; internal set; }

    /// <summary>The value of a key, if there is such a key.</summary>
    public bool TryGet(object key, out object? value) => _items.TryGetValue(key, out value);

    internal bool TryAdd(object key, object? value) => _items.TryAdd(key, value);
}

/// <summary>What a <see cref="TorchSequence"/> was in Python.</summary>
public enum TorchSequenceKind
{
    List,
    /// <summary>Also torch.Size.</summary>
    Tuple,
    /// <summary>Always empty: what fills a set is not among the opcodes that are read.</summary>
    Set,
}

/// <summary>A list, tuple or set of a PyTorch file; values are as <see cref="TorchFile.Root"/> says.</summary>
public sealed class TorchSequence
{
    private readonly List<object?> _items;

    internal TorchSequence(TorchSequenceKind kind, IEnumerable<object?> items)
    {
        Kind = kind;
        _items = [.. items];
    }

    public TorchSequenceKind Kind { get; }

    public IReadOnlyList<object?> Items => _items;

    internal void Add(object? item) => _items.Add(item);

    /// <summary>The items, where this is a tuple of so many.</summary>
    internal bool IsTuple([NotNullWhen(true)] out IReadOnlyList<object?>? items)
    {
        items = Kind == TorchSequenceKind.Tuple ? _items : null;
        return items is not null;
    }
}
