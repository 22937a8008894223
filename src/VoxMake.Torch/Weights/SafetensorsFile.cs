using System.Diagnostics.CodeAnalysis;

namespace VoxMake.Torch.Weights;

/// <summary>
/// A safetensors file, memory-mapped: opening reads and checks the header only, tensors are paged in when they are touched. Refuses whatever breaks a rule of the format
/// (docs/weights.md), so that no tensor can lie outside of the file or upon another.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly OrderedDictionary<string, TensorView> _tensors = [];

    private SafetensorsFile(MappedFile file, SafetensorsHeader header)
    {
        _file = file;
        Entries = header.Entries;
        Metadata = header.Metadata;
        foreach (var entry in Entries)
            _tensors.Add(entry.Name, new TensorView(file, entry.Name, entry.DType, entry.Shape, TensorShape.RowStrides(entry.Shape), entry.ByteOffset));
    }

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="WeightsException">Not there, not readable, or it breaks a rule.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = MappedFile.Open(path, leastLength: 8);
        try
        {
            return new SafetensorsFile(file, SafetensorsHeader.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The path it was opened by.</summary>
    public string Path => _file.Path;

    /// <summary>What the header says, in the order of the bytes.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>The texts of <c>__metadata__</c>; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, in the order of the bytes; all contiguous.</summary>
    public IReadOnlyDictionary<string, TensorView> Tensors => _tensors;

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="WeightsException">There is none.</exception>
    public TensorView this[string name] => TryGet(name, out var tensor) ? tensor : throw new WeightsException(Path, name, $"not in the file, which holds {Entries.Count} others");

    /// <summary>The tensor of that name, if there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TensorView? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <summary>Closes the file; views and spans must not be used any more, unless a <see cref="TensorView.Lease"/> holds it.</summary>
    public void Dispose() => _file.Dispose();
}
