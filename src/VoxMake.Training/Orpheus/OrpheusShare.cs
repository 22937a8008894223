using VoxMake.Models;
using VoxMake.Torch;
using VoxMake.Torch.Distributed;

namespace VoxMake.Training.Orpheus;

/// <summary>
/// What one process does of each step. A step's examples are those of its number, whoever works on them; process k of n takes every n-th of them from the k-th on, longest first, so that all have about
/// as many tokens.
/// </summary>
/// <param name="group">Null for a process that is alone.</param>
internal sealed class OrpheusShare(OrpheusSettings settings, OrpheusExamples examples, Device device, ProcessGroup? group)
{
    private (int EffectiveBatchSize, EpochOrder Order)? _order;

    /// <summary>Which examples each step is on.</summary>
    public EpochOrder Order(int effectiveBatchSize)
    {
        if (_order?.EffectiveBatchSize != effectiveBatchSize) _order = (effectiveBatchSize, new EpochOrder(settings.Seed, effectiveBatchSize, examples.Lengths));
        return _order!.Value.Order;
    }

    /// <summary>Does its share of a step; returns when all have done theirs.</summary>
    /// <exception cref="Torch.Native.TorchOutOfMemoryException">Memory ran out, here or elsewhere.</exception>
    public OrpheusLosses Step(OrpheusNetworks networks, OrpheusTurn turn)
    {
        var (rank, size) = (group?.Rank ?? 0, group?.Size ?? 1);
        networks.Model.Checkpointing = turn.Checkpointing;
        networks.Trainer.Optimizer.LearningRate = turn.LearningRate;
        var all = Order(turn.EffectiveBatchSize).Clips(turn.Step);
        var own = all.Where((_, at) => at % size == rank).Chunk(turn.BatchSize).Select(piece => (Func<PackedBatch>)(() => Pack(piece)));
        return networks.Trainer.Step([.. own], all.Sum(index => examples.Targets(index, settings.MaskPrompt)),
            piece => Libtorch.ManualSeed(CounterRandom.Key(settings.Seed, Purpose.Step, turn.Step, (long)piece * size + rank)), group);
    }

    private PackedBatch Pack(int[] piece) => PackedBatch.Of([.. piece.Select(index => examples[index])], settings.MaskPrompt, device);
}
