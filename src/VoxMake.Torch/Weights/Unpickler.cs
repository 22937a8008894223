using System.Buffers.Binary;
using System.Text;

namespace VoxMake.Torch.Weights;

/// <summary>
/// Reads data.pkl: the little stack machine of pickle (protocols 2 and 3) with PyTorch's weights_only opcodes and nothing else. It calls nothing by name: what a GLOBAL may be,
/// and what REDUCE, NEWOBJ, BUILD and BINPERSID do with it, is <see cref="TorchObjects"/>'.
/// </summary>
internal sealed class Unpickler(byte[] data, TorchObjects objects, TorchLimits limits)
{
    private const int LongestGlobal = 256;
    private readonly List<object?> _stack = [];
    /// <summary>For each MARK the stack's height at it; nothing below the last may be taken.</summary>
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;
    private int _opcodeAt;
    private int _values;

    /// <summary>The one value that is left at STOP.</summary>
    /// <exception cref="PickleException">Whatever is wrong; nothing else is thrown.</exception>
    public object? Load()
    {
        if (data.Length < 2 || data[0] != (byte)PickleOpcode.PROTO) throw new PickleException(0, "a pickle must begin with PROTO");
        if (data[1] is not (2 or 3)) throw new PickleException(0, $"pickle protocol {data[1]}; 2 and 3 are read. Save it again with torch.save(…, pickle_protocol=2)");
        _at = 2;
        while (true)
        {
            _opcodeAt = _at;
            var opcode = (PickleOpcode)Take(1)[0];
            if (opcode == PickleOpcode.STOP) return Stop();
            Step(opcode);
        }
    }

    private object? Stop()
    {
        if (_marks.Count > 0 || _stack.Count != 1) throw Fault($"STOP with {_stack.Count} values and {_marks.Count} marks; one value was expected");
        if (_at != data.Length) throw Fault($"{data.Length - _at} bytes follow STOP");
        return _stack[0];
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.NONE: Push(null); break;
            case PickleOpcode.NEWTRUE: Push(true); break;
            case PickleOpcode.NEWFALSE: Push(false); break;
            case PickleOpcode.BININT: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BININT1: Push((long)Take(1)[0]); break;
            case PickleOpcode.BININT2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case PickleOpcode.LONG1: Push(TakeLong(Take(1)[0])); break;
            case PickleOpcode.BINFLOAT: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case PickleOpcode.BINUNICODE: Push(TakeText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case PickleOpcode.SHORT_BINSTRING: Push(TakeText(Take(1)[0])); break;

            case PickleOpcode.EMPTY_TUPLE: Push(new TorchSequence(TorchSequenceKind.Tuple, [])); break;
            case PickleOpcode.EMPTY_LIST: Push(new TorchSequence(TorchSequenceKind.List, [])); break;
            case PickleOpcode.EMPTY_SET: Push(new TorchSequence(TorchSequenceKind.Set, [])); break;
            case PickleOpcode.EMPTY_DICT: Push(new TorchDict()); break;
            case PickleOpcode.TUPLE1: PushTuple(1); break;
            case PickleOpcode.TUPLE2: PushTuple(2); break;
            case PickleOpcode.TUPLE3: PushTuple(3); break;
            case PickleOpcode.TUPLE: Push(new TorchSequence(TorchSequenceKind.Tuple, PopMark())); break;
            case PickleOpcode.MARK: Mark(); break;

            case PickleOpcode.APPEND: Append([Pop()]); break;
            case PickleOpcode.APPENDS: Append(PopMark()); break;
            case PickleOpcode.SETITEM: SetItems(Pop(2)); break;
            case PickleOpcode.SETITEMS: SetItems(PopMark()); break;

            case PickleOpcode.BINPUT: Put(Take(1)[0]); break;
            case PickleOpcode.LONG_BINPUT: Put(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BINGET: Get(Take(1)[0]); break;
            case PickleOpcode.LONG_BINGET: Get(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;

            case PickleOpcode.GLOBAL: Global(); break;
            case PickleOpcode.BINPERSID: Push(Asked(Pop(), static (o, id) => o.Storage(id))); break;
            case PickleOpcode.REDUCE: Push(Asked(Pop(2), static (o, call) => o.Call(call[0], call[1]))); break;
            case PickleOpcode.NEWOBJ: Push(Asked(Pop(2), static (o, call) => o.New(call[0], call[1]))); break;
            case PickleOpcode.BUILD: Build(); break;

            case PickleOpcode.PROTO: throw Fault("PROTO may only be the first opcode");
            default: throw Fault($"refused: opcode {PickleOpcodes.Name((byte)opcode)}; a model file must hold only tensors and plain containers");
        }
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length > data.Length - _at) throw Fault($"ends early: {length} bytes were expected, {data.Length - _at} are left");
        var bytes = data.AsSpan(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    /// <summary>Little-endian two's complement of up to 8 bytes.</summary>
    private long TakeLong(int length)
    {
        var bytes = Take(length);
        if (length > 8) throw Fault($"a whole number of {length} bytes; at most 8 are read");
        if (length == 0) return 0;
        Span<byte> wide = stackalloc byte[8];
        wide.Fill((sbyte)bytes[^1] < 0 ? (byte)0xFF : (byte)0);
        bytes.CopyTo(wide);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    private string TakeText(long length)
    {
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Take(length)); }
        catch (DecoderFallbackException) { throw Fault("a text is not UTF-8"); }
    }

    /// <summary>Every value passes here, so that their number is bounded.</summary>
    private void Push(object? value)
    {
        if (++_values > limits.MaxValues) throw Fault($"more than {limits.MaxValues} values");
        _stack.Add(value);
    }

    private object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Top() => _stack.Count > (_marks.Count > 0 ? _marks[^1] : 0) ? _stack[^1] : throw Fault("a value was expected, there is none");

    /// <summary>The upmost values, the lowest first.</summary>
    private object?[] Pop(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    private void PushTuple(int count) => Push(new TorchSequence(TorchSequenceKind.Tuple, Pop(count)));

    private void Mark()
    {
        // Each level of nesting holds two marks open at most (the dict's items, and a call's arguments).
        if (_marks.Count >= 2 * limits.MaxDepth) throw Fault($"nested more than {limits.MaxDepth} deep");
        _marks.Add(_stack.Count);
    }

    private object?[] PopMark()
    {
        if (_marks.Count == 0) throw Fault("a mark was expected, there is none");
        var values = _stack.GetRange(_marks[^1], _stack.Count - _marks[^1]).ToArray();
        _stack.RemoveRange(_marks[^1], values.Length);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private void Append(object?[] items)
    {
        if (Top() is not TorchSequence { Kind: TorchSequenceKind.List } list) throw Fault("only a list can be appended to");
        foreach (var item in items) list.Add(item);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not TorchDict dict) throw Fault("only a dict can have items set");
        if (items.Length % 2 != 0) throw Fault("a key has no value");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long)) throw Fault($"the key of a dict must be a text or a whole number, not {TorchObjects.Describe(items[i])}");
            if (!dict.TryAdd(items[i]!, items[i + 1])) throw Fault($"a dict has the key {QuotedName.Of(Convert.ToString(items[i], System.Globalization.CultureInfo.InvariantCulture)!)} twice");
        }
    }

    private void Put(uint index)
    {
        if (index >= limits.MaxValues) throw Fault($"memo index {index}; at most {limits.MaxValues} values are kept");
        _memo[index] = Top();
    }

    private void Get(uint index) => Push(_memo.TryGetValue(index, out var value) ? value : throw Fault($"nothing was kept as memo {index}"));

    private void Global()
    {
        var (module, name) = (TakeLine(), TakeLine());
        Push(Asked((module, name), static (o, full) => o.Global(full.module, full.name)));
    }

    private string TakeLine()
    {
        var length = data.AsSpan(_at, Math.Min(LongestGlobal, data.Length - _at)).IndexOf((byte)'\n');
        if (length < 0) throw Fault($"a name of at most {LongestGlobal} bytes was expected");
        var text = TakeText(length);
        Take(1);
        return text;
    }

    private void Build()
    {
        var state = Pop();
        Asked((Top(), state), static (o, pair) =>
        {
            o.Build(pair.Item1, pair.state);
            return null;
        });
    }

    /// <summary>Says where it was, when the objects refuse.</summary>
    private object? Asked<T>(T argument, Func<TorchObjects, T, object?> question)
    {
        try { return question(objects, argument); }
        catch (PickleException error) when (error.At < 0) { throw Fault(error.Rule); }
    }

    private PickleException Fault(string rule) => new(_opcodeAt, rule);
}
