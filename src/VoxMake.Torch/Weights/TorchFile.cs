namespace VoxMake.Torch.Weights;

/// <summary>
/// A file of torch.save (<c>pytorch_model.bin</c>, <c>.pth</c>, <c>.pt</c>; PyTorch 1.6 and later), memory-mapped: the zip's directory and data.pkl are read and checked when it is opened, tensors
/// stay where they lie. Nothing of the file is ever executed: tensors and plain containers are read, all else is refused by name (docs/weights.md).
/// </summary>
public sealed class TorchFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly IReadOnlyDictionary<string, StoredRecord> _records;

    private TorchFile(MappedFile file, IReadOnlyDictionary<string, StoredRecord> records, object? root) => (_file, _records, Root) = (file, records, root);

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="WeightsException">Not there, not readable, or it breaks a rule.</exception>
    public static TorchFile Open(string path, TorchLimits? limits = null)
    {
        var file = MappedFile.Open(path, leastLength: 4);
        try
        {
            return Open(file, limits ?? new TorchLimits());
        }
        catch (PickleException error)
        {
            file.Dispose();
            throw new WeightsException(path, null, $"data.pkl{(error.At < 0 ? "" : $", byte {error.At}")}: {error.Rule}", error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The path it was opened by.</summary>
    public string Path => _file.Path;

    /// <summary>
    /// What was saved: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="TensorView"/>, <see cref="TorchDict"/> or
    /// <see cref="TorchSequence"/>, and so on within. A tree without cycles. torch.device and torch.float32 are texts, torch.Size is a tuple.
    /// </summary>
    public object? Root { get; }

    /// <summary>
    /// The tensors of a state dict by name, in its order; dicts within dicts are joined by dots (<c>optimizer.state</c>). One storage may be under several names.
    /// </summary>
    /// <param name="path">Where it lies: nothing for the file's root, <c>"state_dict"</c> or <c>"model"</c> for many checkpoints, several keys for deeper ones.</param>
    /// <exception cref="WeightsException">There is no such dict, or it holds other things than tensors; the message says which keys hold tensors.</exception>
    public IReadOnlyDictionary<string, TensorView> StateDict(params string[] path) => new StateDictReader(Path, Root).Read(path);

    /// <summary>
    /// Reads the whole file and compares the checksums of the zip. Not done at opening, as PyTorch does not: it would read every byte, and a PyTorch that was told so
    /// (torch.serialization.set_crc32_options) writes none that hold.
    /// </summary>
    /// <exception cref="WeightsException">A record is damaged.</exception>
    public void VerifyChecksums()
    {
        const int Piece = 1 << 24;
        foreach (var record in _records.Values)
        {
            var crc = 0u;
            for (var at = 0L; at < record.Length; at += Piece) crc = Crc32.Add(crc, _file.Slice(record.Offset + at, (int)Math.Min(Piece, record.Length - at)));
            if (crc != record.Crc) throw new WeightsException(Path, null, $"zip record {QuotedName.Of(record.Name)} is damaged: its checksum is {crc:x8}, {record.Crc:x8} was expected");
        }
    }

    /// <summary>Closes the file; views and spans must not be used any more, unless a <see cref="TensorView.Lease"/> holds it.</summary>
    public void Dispose() => _file.Dispose();

    private static TorchFile Open(MappedFile file, TorchLimits limits)
    {
        RefuseOtherForms(file);
        var records = StoredZip.Read(file, limits.MaxRecords);
        var prefix = FindPrefix(file, records);
        if (records.TryGetValue($"{prefix}byteorder", out var order) && !(order.Length == 6 && file.Slice(order.Offset, 6).SequenceEqual("little"u8)))
            throw new WeightsException(file.Path, null, "was saved on a big-endian machine; only little-endian files are read");
        var pickle = records[$"{prefix}data.pkl"];
        if (pickle.Length > limits.MaxPickleBytes) throw new WeightsException(file.Path, null, $"data.pkl has {pickle.Length} bytes; at most {limits.MaxPickleBytes} are read");
        var data = $"{prefix}data/";
        var storages = records.Values.Where(record => record.Name.StartsWith(data, StringComparison.Ordinal)).ToDictionary(record => record.Name[data.Length..]);
        var root = new Unpickler(file.Slice(pickle.Offset, (int)pickle.Length).ToArray(), new TorchObjects(file, storages, limits), limits).Load();
        PlainTree.Check(root, limits);
        return new TorchFile(file, records, root);
    }

    private static void RefuseOtherForms(MappedFile file)
    {
        var start = file.Slice(0, 4);
        if (start.SequenceEqual("PK\u0003\u0004"u8)) return;
        // Before 1.6 the file was a row of pickles: the first holds a magic number (0x1950a86a20f9469cfc6c). Still older ones were tar files.
        if (start[0] == 0x80 || file.Length > 262 && file.Slice(257, 5).SequenceEqual("ustar"u8))
            throw new WeightsException(file.Path, null, "refused: the form that PyTorch wrote before 1.6. Where you trust it, convert it once in Python: torch.save(torch.load(path, map_location='cpu', weights_only=True), path)");
        throw new WeightsException(file.Path, null, "not a file of torch.save: a zip was expected. A safetensors file has the ending .safetensors");
    }

    /// <summary>All records lie in one folder, which has a data.pkl; its name is what the file was called when saved.</summary>
    private static string FindPrefix(MappedFile file, IReadOnlyDictionary<string, StoredRecord> records)
    {
        string[] pickles = [.. records.Keys.Where(name => name == "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal))];
        if (pickles.Length != 1) throw new WeightsException(file.Path, null, $"the zip has {pickles.Length} records data.pkl; a file of torch.save has one");
        var prefix = pickles[0][..^"data.pkl".Length];
        if (prefix.Length < 2 || prefix.IndexOf('/') != prefix.Length - 1) throw new WeightsException(file.Path, null, $"data.pkl must lie in the zip's one folder, it is {QuotedName.Of(pickles[0])}");
        foreach (var name in records.Keys)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || name[prefix.Length..].Split('/').Any(part => part is "" or "." or "..") || name.Contains('\\'))
                throw new WeightsException(file.Path, null, $"the zip record {QuotedName.Of(name)} does not lie in {QuotedName.Of(prefix)}");
            if (name == $"{prefix}constants.pkl" || name.StartsWith($"{prefix}code/", StringComparison.Ordinal))
                throw new WeightsException(file.Path, null, "refused: a TorchScript program (torch.jit.save), not weights. Save its state_dict() instead");
        }
        return prefix;
    }
}
