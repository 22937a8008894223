using System.Runtime.InteropServices;
using VoxMake.Models.Orpheus;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Orpheus;

/// <summary>Shards of examples: what was written is read, and what is no shard is refused by file and field.</summary>
public sealed class TokenShardTests : IDisposable
{
    private static readonly Dictionary<string, string> Says = new() { ["format"] = TokenShard.Format };
    private readonly TemporaryFolder _folder = new();

    private string Shard => _folder.File("train-00000.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Examples_are_read_as_they_were_written()
    {
        TokenExample[] examples = [new([7, 8, 9], 2), new([1], 0), new([4, 5, 6, 7, 8], 4)];
        TokenShard.Write(Shard, examples);
        using var shard = TokenShard.Open(Shard);
        Assert.Equal((3, 9L), (shard.Count, shard.Tokens));
        for (var i = 0; i < examples.Length; i++)
        {
            Assert.Equal(examples[i].Ids, shard[i].ToArray());
            Assert.Equal((examples[i].PromptTokens, examples[i].Ids.Length), (shard.PromptTokens(i), shard.Length(i)));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => shard.Length(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => shard.PromptTokens(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => shard[3].Length);
    }

    [Fact]
    public void The_same_examples_are_the_same_bytes_and_no_examples_are_a_shard_too()
    {
        TokenShard.Write(Shard, [new([7, 8, 9], 2)]);
        var first = File.ReadAllBytes(Shard);
        TokenShard.Write(Shard, [new([7, 8, 9], 2)]);
        Assert.Equal(first, File.ReadAllBytes(Shard));
        TokenShard.Write(Shard, []);
        using var empty = TokenShard.Open(Shard);
        Assert.Equal((0, 0L), (empty.Count, empty.Tokens));
    }

    [Fact]
    public void A_shard_that_is_closed_gives_nothing_any_more()
    {
        TokenShard.Write(Shard, [new([7, 8, 9], 2)]);
        var shard = TokenShard.Open(Shard);
        shard.Dispose();
        Assert.Throws<ObjectDisposedException>(() => shard[0].Length);
        Assert.Throws<ObjectDisposedException>(() => shard.PromptTokens(0));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, -1)]
    [InlineData(0, 0)]
    public void An_example_that_is_all_prompt_is_not_written(int ids, int prompt) =>
        Assert.Contains("example 0 has", Assert.Throws<ModelException>(() => TokenShard.Write(Shard, [new(new int[ids], prompt)])).Message);

    public static TheoryData<long[], int[], string> Wrong => new()
    {
        { [1, 5], [1], "starts': begins with 1; expected 0" },
        { [0, 4], [1], "starts': the last example ends at 4, but there are 5 ids" },
        { [0, 6], [1], "starts': example 0 ends at 6, beyond the 5 ids" },
        { [0, 3, 2, 5], [1, 1, 1], "starts': example 1 goes from 3 to 2" },
        { [0, 3, 3, 5], [1, 1, 1], "starts': example 1 goes from 3 to 3" },
        { [0, long.MinValue, 5], [1, 1], "starts': example 0 goes from 0 to" },
        { [0, long.MaxValue, 5], [1, 1], "starts': example 0 ends at" },
        { [0, 5, 5], [1], "starts': 3 numbers; expected 2" },
        { [0, 5], [5], "prompt_tokens': example 0 has 5 ids, of which 5" },
        { [0, 5], [-1], "prompt_tokens': example 0 has 5 ids, of which -1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_shard_that_makes_no_sense_is_refused_by_file_and_field(long[] starts, int[] prompts, string part)
    {
        Write(Says, Ids(5), Longs("starts", starts), Ints("prompt_tokens", prompts));
        Refused(part);
    }

    [Fact]
    public void What_is_no_shard_is_refused()
    {
        Refused("no such file");
        File.WriteAllText(Shard, "not a safetensors file at all");
        Refused("safetensors");
        Write(null, Ids(5), Longs("starts", 0, 5), Ints("prompt_tokens", 1));
        Refused("format nothing; expected voxmake-orpheus-1");
        Write(Says, Ids(5), Longs("starts", 0, 5));
        Refused("prompt_tokens': not in the file");
        Write(Says, Ids(5), Longs("starts", 0, 5), Ints("prompt_tokens", 1), Ints("more", 1));
        Refused("4 tensors; expected ids, starts and prompt_tokens");
        Write(Says, Longs("ids", 0, 1, 2, 3, 4), Longs("starts", 0, 5), Ints("prompt_tokens", 1));
        Refused("ids': I64 of 1 dimensions; expected I32 of one");
        Write(Says, TensorSource.Of("ids", DType.I32, [1, 5], new byte[20]), Longs("starts", 0, 5), Ints("prompt_tokens", 1));
        Refused("ids': I32 of 2 dimensions");
        TokenShard.Write(Shard, [new([7, 8, 9], 2)]);
        File.WriteAllBytes(Shard, File.ReadAllBytes(Shard)[..^1]);
        Refused("was the download cut?");
    }

    private void Write(Dictionary<string, string>? metadata, params TensorSource[] tensors) => SafetensorsWriter.Write(Shard, tensors, metadata);

    private void Refused(string part)
    {
        var error = Assert.Throws<WeightsException>(() => TokenShard.Open(Shard));
        Assert.Contains(part, error.Message);
        Assert.Contains(Shard, error.Message);
    }

    private static TensorSource Ids(int count) => Ints("ids", [.. Enumerable.Range(0, count)]);
    private static TensorSource Ints(string name, params int[] numbers) => TensorSource.Of(name, DType.I32, [numbers.Length], MemoryMarshal.AsBytes<int>(numbers).ToArray());
    private static TensorSource Longs(string name, params long[] numbers) => TensorSource.Of(name, DType.I64, [numbers.Length], MemoryMarshal.AsBytes<long>(numbers).ToArray());
}
