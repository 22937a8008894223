namespace VoxMake.Torch.Weights;

/// <summary>
/// Checks that what an unpickler left is a tree of plain values. A pickle can put one container into several places, also into itself; walked naively,
/// ten lists of ten times the list before are 10^10 values. Counted here without walking twice, and without recursion.
/// </summary>
internal static class PlainTree
{
    private sealed record Measure(long Values, int Depth);

    /// <summary>Refuses cycles, more depth or values than allowed, and classes or storages where values should be.</summary>
    public static void Check(object? root, TorchLimits limits)
    {
        var measures = new Dictionary<object, Measure?>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(object Container, IEnumerator<object?> Children)>();
        Enter(root);
        while (open.TryPeek(out var top))
        {
            if (top.Children.MoveNext()) Enter(top.Children.Current);
            else
            {
                open.Pop();
                measures[top.Container] = Total(top.Container);
            }
        }

        void Enter(object? value)
        {
            if (value is not (TorchDict or TorchSequence))
            {
                if (value is not (null or bool or long or double or string or TensorView)) throw new PickleException($"{TorchObjects.Describe(value)} stands where a plain value was expected");
                return;
            }
            if (measures.TryGetValue(value, out var known))
            {
                if (known is null) throw new PickleException("a container holds itself");
                return;
            }
            if (open.Count >= limits.MaxDepth) throw TooDeep();
            measures.Add(value, null);
            open.Push((value, Children(value).GetEnumerator()));
        }

        Measure Total(object container)
        {
            var (values, depth) = (1L, 1);
            foreach (var child in Children(container))
            {
                var measure = child is TorchDict or TorchSequence ? measures[child]! : new Measure(1, 0);
                values += measure.Values;
                depth = Math.Max(depth, measure.Depth + 1);
                if (values > limits.MaxValues) throw new PickleException($"more than {limits.MaxValues} values when shared containers are counted in each place");
            }
            return depth <= limits.MaxDepth ? new Measure(values, depth) : throw TooDeep();
        }

        PickleException TooDeep() => new($"nested more than {limits.MaxDepth} deep");
    }

    private static IEnumerable<object?> Children(object container) => container switch
    {
        TorchDict { Attributes: null } dict => dict.Items.Select(item => item.Value),
        TorchDict dict => dict.Items.Select(item => item.Value).Append(dict.Attributes),
        TorchSequence sequence => sequence.Items,
        _ => [],
    };
}
