namespace VoxMake.Torch.Weights;

/// <summary>Finds a state dict in what a PyTorch file holds.</summary>
internal sealed class StateDictReader(string file, object? root)
{
    private const int MostNamed = 8;
    /// <summary>Characters of all names together: a container that stands in many places would otherwise repeat a long name without end.</summary>
    private const long LongestNames = 64 << 20;
    private long _nameLength;

    public IReadOnlyDictionary<string, TensorView> Read(string[] path)
    {
        var at = root;
        for (var i = 0; i < path.Length; i++)
        {
            if (at is not TorchDict dict || !dict.TryGet(path[i], out at)) throw Fault($"{Place(path[..i])} has no {QuotedName.Of(path[i])}");
        }
        if (at is not TorchDict state) throw Fault($"{Place(path)} is {TorchObjects.Describe(at)}, where a state dict was expected");
        var tensors = new OrderedDictionary<string, TensorView>();
        Collect(state, "", path, tensors);
        return tensors;
    }

    private void Collect(TorchDict dict, string prefix, string[] path, OrderedDictionary<string, TensorView> tensors)
    {
        foreach (var (key, value) in dict.Items)
        {
            var name = prefix + Convert.ToString(key, System.Globalization.CultureInfo.InvariantCulture);
            if ((_nameLength += name.Length) > LongestNames) throw Fault($"the names of {Place(path)} take more than {LongestNames} characters");
            switch (value)
            {
                case TorchDict inner: Collect(inner, name + ".", path, tensors); break;
                case TensorView tensor when tensors.TryAdd(name, tensor): break;
                case TensorView: throw new WeightsException(file, name, "two tensors come to this name");
                default: throw Fault($"{Place(path)} is not a state dict: {QuotedName.Of(name)} is {TorchObjects.Describe(value)}, not a tensor.{Hint()}");
            }
        }
    }

    /// <summary>Checkpoints keep weights beside step numbers and optimizers; says where tensors are.</summary>
    private string Hint()
    {
        if (root is not TorchDict dict) return "";
        string[] keys = [.. dict.Items.Where(item => item.Value is TorchDict inner && inner.Items.Any(i => i.Value is TensorView)).Select(item => Convert.ToString(item.Key, System.Globalization.CultureInfo.InvariantCulture)!)];
        return keys.Length == 0 ? "" : $" Tensors are under {string.Join(", ", keys.Take(MostNamed).Select(QuotedName.Of))}";
    }

    private static string Place(string[] path) => path.Length == 0 ? "the file" : QuotedName.Of(string.Join('.', path));

    private WeightsException Fault(string rule) => new(file, null, rule);
}
