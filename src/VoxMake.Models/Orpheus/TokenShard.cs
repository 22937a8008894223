using System.Runtime.InteropServices;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Orpheus;

/// <summary>A training example as it lies in a shard.</summary>
/// <param name="Ids">Prompt, sound, and what ends them.</param>
/// <param name="PromptTokens">How many of the ids are the prompt, from the start up to and with the start of speech.</param>
public readonly record struct TokenExample(int[] Ids, int PromptTokens);

/// <summary>
/// Training examples of Orpheus in one safetensors file, memory-mapped: <c>ids</c> I32 [tokens], all examples one behind the other; <c>starts</c> I64 [examples + 1], where each begins, and where the
/// last ends; <c>prompt_tokens</c> I32 [examples]. Metadata: <c>format: voxmake-orpheus-1</c>. Several threads may read one.
/// </summary>
public sealed unsafe class TokenShard : IDisposable
{
    /// <summary>What the metadata's <c>format</c> says.</summary>
    public const string Format = "voxmake-orpheus-1";

    private readonly SafetensorsFile _file;
    private readonly int* _ids;
    private readonly long* _starts;
    private readonly int* _prompts;
    private bool _closed;

    private TokenShard(SafetensorsFile file, TensorView ids, TensorView starts, TensorView prompts)
    {
        (_file, Tokens, Count) = (file, ids.ElementCount, checked((int)prompts.ElementCount));
        _ids = (int*)ids.Pointer;
        _starts = (long*)starts.Pointer;
        _prompts = (int*)prompts.Pointer;
    }

    /// <summary>Examples.</summary>
    public int Count { get; }

    /// <summary>Ids of all examples together.</summary>
    public long Tokens { get; }

    /// <summary>The ids of an example, in the mapping: valid while the shard is open.</summary>
    public ReadOnlySpan<int> this[int example]
    {
        get
        {
            var length = Length(example);
            return new ReadOnlySpan<int>(_ids + _starts[example], length);
        }
    }

    /// <summary>Ids of an example.</summary>
    public int Length(int example)
    {
        Check(example);
        return (int)(_starts[example + 1] - _starts[example]);
    }

    /// <summary>How many of an example's ids are its prompt.</summary>
    public int PromptTokens(int example)
    {
        Check(example);
        return _prompts[example];
    }

    /// <summary>Opens a shard and looks at all but the ids themselves.</summary>
    /// <exception cref="WeightsException">It is not there, is no safetensors file, or no shard; file, tensor and what was expected are named.</exception>
    public static TokenShard Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            if (file.Metadata.GetValueOrDefault("format") is not Format)
                throw new WeightsException(path, null, $"__metadata__ says format {file.Metadata.GetValueOrDefault("format") ?? "nothing"}; expected {Format}: a shard that vox-codec tokenize wrote");
            var (ids, starts, prompts) = (Row("ids", DType.I32), Row("starts", DType.I64), Row("prompt_tokens", DType.I32));
            if (file.Entries.Count != 3) throw new WeightsException(path, null, $"{file.Entries.Count} tensors; expected ids, starts and prompt_tokens, and no others");
            if (prompts.ElementCount > int.MaxValue - 1) throw new WeightsException(path, "prompt_tokens", $"{prompts.ElementCount} examples; at most {int.MaxValue - 1} are read");
            if (starts.ElementCount != prompts.ElementCount + 1)
                throw new WeightsException(path, "starts", $"{starts.ElementCount} numbers; expected {prompts.ElementCount + 1}, one more than prompt_tokens has");
            var shard = new TokenShard(file, ids, starts, prompts);
            shard.CheckExamples(path);
            return shard;
        }
        catch
        {
            file.Dispose();
            throw;
        }

        TensorView Row(string name, DType type)
        {
            var tensor = file[name];
            if (tensor.DType != type || tensor.Shape.Length != 1) throw new WeightsException(path, name, $"{tensor.DType.Name()} of {tensor.Shape.Length} dimensions; expected {type.Name()} of one");
            return tensor.IsAligned ? tensor : throw new WeightsException(path, name, "its numbers do not lie at multiples of their size; write the shard again");
        }
    }

    /// <summary>Writes a shard, in place of an older one of that name. The same examples give the same bytes.</summary>
    /// <exception cref="WeightsException">It cannot be written.</exception>
    /// <exception cref="ModelException">An example has no ids, or a prompt that is not shorter than it.</exception>
    public static void Write(string path, IReadOnlyList<TokenExample> examples)
    {
        var (starts, prompts) = (new long[examples.Count + 1], new int[examples.Count]);
        for (var i = 0; i < examples.Count; i++)
        {
            var (length, prompt) = (examples[i].Ids.Length, examples[i].PromptTokens);
            if (prompt < 0 || prompt >= length) throw new ModelException($"example {i} has {length} ids, of which {prompt} are said to be the prompt; expected 0 to {length - 1}");
            (starts[i + 1], prompts[i]) = (starts[i] + length, prompt);
        }
        SafetensorsWriter.Write(path,
        [
            new TensorSource("ids", DType.I32, [starts[^1]], to =>
            {
                foreach (var example in examples) to.Write(MemoryMarshal.AsBytes<int>(example.Ids));
            }),
            TensorSource.Of("starts", DType.I64, [starts.Length], MemoryMarshal.AsBytes<long>(starts).ToArray()),
            TensorSource.Of("prompt_tokens", DType.I32, [prompts.Length], MemoryMarshal.AsBytes<int>(prompts).ToArray()),
        ], new Dictionary<string, string> { ["format"] = Format });
    }

    /// <summary>Closes the file; spans of it must not be used any more.</summary>
    public void Dispose()
    {
        _closed = true;
        _file.Dispose();
    }

    private void CheckExamples(string path)
    {
        if (_starts[0] != 0) throw new WeightsException(path, "starts", $"begins with {_starts[0]}; expected 0");
        for (var i = 0; i < Count; i++)
        {
            if (_starts[i + 1] > Tokens) throw new WeightsException(path, "starts", $"example {i} ends at {_starts[i + 1]}, beyond the {Tokens} ids that there are");
            if (_starts[i + 1] <= _starts[i]) throw new WeightsException(path, "starts", $"example {i} goes from {_starts[i]} to {_starts[i + 1]}; every example has an id at least");
            var length = _starts[i + 1] - _starts[i];
            if (length > int.MaxValue) throw new WeightsException(path, "starts", $"example {i} has {length} ids; at most {int.MaxValue} are read");
            if (_prompts[i] < 0 || _prompts[i] >= length)
                throw new WeightsException(path, "prompt_tokens", $"example {i} has {length} ids, of which {_prompts[i]} are said to be the prompt; expected 0 to {length - 1}");
        }
        if (_starts[Count] != Tokens) throw new WeightsException(path, "starts", $"the last example ends at {_starts[Count]}, but there are {Tokens} ids");
    }

    private void Check(int example)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(example);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(example, Count);
        ObjectDisposedException.ThrowIf(_closed, this);
    }
}
