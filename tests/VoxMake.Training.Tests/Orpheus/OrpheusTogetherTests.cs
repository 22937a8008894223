using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Distributed;
using VoxMake.Torch.Native;
using VoxMake.Torch.Tests;
using VoxMake.Training.Orpheus;

namespace VoxMake.Training.Tests.Orpheus;

/// <summary>Steps that several ranks do together, here threads of one process.</summary>
[Collection("libtorch")]
public sealed class OrpheusTogetherTests : IDisposable
{
    private static readonly TokenExample[] Examples = [.. new[] { 9, 5, 7, 12, 3 }.Select((length, n) => new TokenExample([.. Enumerable.Range(0, length).Select(token => (17 * n + 5 * token) % 200)], 0))];
    private readonly TemporaryFolder _folder = new();

    public OrpheusTogetherTests() => NeedsTorch.OrSkip();

    public void Dispose() => _folder.Dispose();

    private static LlamaModel Model()
    {
        using var directory = LlamaDirectory.Open(Path.GetDirectoryName(TestFiles.Golden("orpheus/llama/config.json"))!);
        return directory.Model(Device.Cpu);
    }

    /// <summary>Three steps on all examples, of which this rank has every size-th.</summary>
    /// <param name="piece">Called before each piece.</param>
    private static (List<double> Numbers, float[] Weights) Train(ProcessGroup? group, Action<int, int>? piece = null)
    {
        using var scope = new TensorScope();
        using var model = Model();
        using var trainer = new OrpheusTrainer(model, 0.01, 1);
        var own = Examples.Where((_, at) => at % (group?.Size ?? 1) == (group?.Rank ?? 0)).ToList();
        var numbers = new List<double>();
        for (var step = 0; step < 3; step++)
        {
            var now = step;
            List<Func<PackedBatch>> pieces = [.. own.Select(example => (Func<PackedBatch>)(() => PackedBatch.Of([example], false, Device.Cpu)))];
            OrpheusLosses Step() => trainer.Step(pieces, Examples.Sum(example => example.Ids.Length - 1), _ => piece?.Invoke(now, group?.Rank ?? 0), group);
            OrpheusLosses losses;
            try { losses = Step(); }
            catch (TorchOutOfMemoryException)
            {
                Assert.Equal(now, trainer.Optimizer.Steps); // nothing has moved
                losses = Step();
            }
            numbers.AddRange([losses.Loss, losses.GradNorm, losses.Tokens]);
        }
        return (numbers, [.. trainer.Parameters.SelectMany(parameter => parameter.Tensor.ToArray<float>())]);
    }

    private List<(List<double> Numbers, float[] Weights)> Together(int size, Action<int, int>? piece = null)
    {
        var (meeting, results, errors) = (Meeting.AtFile(_folder.File("meeting")), new (List<double>, float[])[size], new Exception?[size]);
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                using var group = ProcessGroup.Open("gloo", meeting, rank, size, TimeSpan.FromSeconds(60));
                results[rank] = Train(group, piece);
            }
            catch (Exception error) { errors[rank] = error; }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(errors, Assert.Null);
        return [.. results];
    }

    [SkippableTheory, InlineData(2), InlineData(4), InlineData(6)]
    public void Ranks_that_share_a_step_have_the_losses_the_norm_and_the_weights_of_one_that_does_all_also_where_some_have_no_piece(int size)
    {
        var (alone, together) = (Train(null), Together(size));
        foreach (var (numbers, weights) in together)
        {
            Assert.Equal(together[0].Numbers, numbers); // to the bit among themselves
            Assert.Equal(together[0].Weights, weights);
        }
        for (var i = 0; i < alone.Numbers.Count; i++) Assert.Equal(alone.Numbers[i], together[0].Numbers[i], 1e-5);
        var gaps = alone.Weights.Zip(together[0].Weights, (one, other) => Math.Abs(one - other)).ToList();
        Assert.True(gaps.Max() <= 2e-4 && gaps.Average() <= 1e-7, $"{gaps.Max()}, on average {gaps.Average()}");
    }

    [SkippableFact]
    public void Memory_that_runs_out_in_one_rank_has_run_out_in_all_before_anything_moves_and_the_step_is_done_again()
    {
        var (alone, times) = (Train(null), 0);
        var together = Together(2, (step, rank) =>
        {
            if (step == 1 && rank == 1 && Interlocked.Increment(ref times) == 1) throw new TorchOutOfMemoryException("CUDA out of memory");
        });
        Assert.True(times > 1);
        for (var i = 0; i < alone.Numbers.Count; i++) Assert.Equal(alone.Numbers[i], together[1].Numbers[i], 1e-5);
    }
}
