using VoxMake.Models;
using VoxMake.Torch;

namespace VoxMake.Training.Vits;

/// <summary>Networks, optimizers and counters of a training that runs: it does steps, and it writes checkpoints and goes back to them.</summary>
internal sealed class VitsSession : IDisposable
{
    private const int MostClipsOnCpu = 8, MostClipsOnGpu = 64; // more only makes steps slower on a CPU; the original has 64

    private readonly VitsTask _task;
    private readonly VitsBeginning _beginning;
    private readonly VitsTrainingOptions _options;
    private readonly VitsCorpus _corpus;
    private readonly TrainingMachine _machine;
    private readonly CheckpointKeeper _keeper;
    private readonly ITrainingReport _report;
    private readonly LearningRate _rate;

    /// <param name="remembered">What was chosen at the first start; null at the first start.</param>
    public VitsSession(VitsTask task, VitsBeginning beginning, VitsTrainingOptions options, VitsCorpus corpus, TrainingMachine machine, CheckpointStore store, FrozenChoices? remembered, ITrainingReport report)
    {
        (_task, _beginning, _options, _corpus, _machine, _report) = (task, beginning, options, corpus, machine, report);
        var settings = task.Settings;
        _rate = new LearningRate(settings.LearningRate, settings.LrDecay, settings.WarmupSteps);
        _keeper = new CheckpointKeeper(store, task.StateFolder, new SaveSchedule(settings.SaveSteps, settings.SaveMinutes), VitsLosses.Measured, () => CheckpointBytes, () => Total, report);
        var free = machine.FreeBytes;
        Networks = VitsNetworks.Begin(beginning, options, machine.Device);
        try
        {
            var choices = Choices(remembered, free);
            Order = new EpochOrder(settings.Seed, choices.EffectiveBatchSize, [.. corpus.Train.Select(sample => sample.Samples)]);
            Total = (long)settings.NumEpochs * Order.Steps;
            _keeper.CheckRoom();
            Run = GoOn(choices);
        }
        catch
        {
            Networks.Dispose();
            throw;
        }
    }

    public VitsNetworks Networks { get; private set; }
    public TrainingRun Run { get; private set; }

    /// <summary>Which clips each step is on.</summary>
    public EpochOrder Order { get; }

    /// <summary>Steps of all epochs.</summary>
    public long Total { get; }

    /// <summary>Whether nothing is left to train.</summary>
    public bool IsOver => Run.StoppedEarly || Run.Step >= Total;

    /// <summary>Whether the turn of a validation has come and it is not done yet.</summary>
    public bool ValidationIsDue => Run.Step > 0 && Run.Step % _task.Settings.ValidationSteps == 0 && Run.ValidatedStep != Run.Step;

    /// <summary>
    /// Does the next step; null where memory ran out before it was done: the pieces are smaller then, and it goes on from before the step, or from the last checkpoint where half of it was done.
    /// </summary>
    public VitsLosses? Step(Action<long, int, VitsTrainer>? before)
    {
        var step = Run.Step + 1;
        var epoch = Order.EpochOf(step);
        var trainer = Networks.Trainer;
        trainer.LearningRate = _rate.At(step, epoch);
        try
        {
            before?.Invoke(step, Run.Choices.BatchSize, trainer);
            using var scope = new TensorScope();
            List<VitsBatch> batches = [.. Run.Choices.MicroBatches.Cut(Order.Clips(step)).Select(piece => VitsBatch.Of([.. piece.Select(clip => _corpus.Load(_corpus.Train[clip]))], _options))];
            var losses = trainer.Step(batches, piece => Libtorch.ManualSeed(CounterRandom.Key(_task.Settings.Seed, Purpose.Step, step, piece)));
            Run.Add(step, epoch + 1, losses.Numbers(trainer.LearningRate));
            return losses;
        }
        catch (Exception error) when (error is OutOfMemoryException or Torch.Native.TorchOutOfMemoryException)
        {
            Shrink(error);
            return null;
        }
    }

    /// <summary>Writes a checkpoint if its time has come.</summary>
    public void SaveIfDue() => _keeper.SaveIfDue(Run, Write);

    /// <summary>Writes a checkpoint, unless there is nothing new.</summary>
    /// <exception cref="TrainingException">The disk has too little room.</exception>
    public void Save() => _keeper.Save(Run, Write);

    private void Write(string folder) => VitsCheckpoint.Write(folder, Networks, Run);

    private long CheckpointBytes => VitsCheckpoint.BytesOf(Networks.GeneratorParameters + Networks.DiscriminatorParameters);

    private TrainingRun GoOn(FrozenChoices choices) => _keeper.GoOn(choices, checkpoint => VitsCheckpoint.Load(checkpoint, Networks));

    private FrozenChoices Choices(FrozenChoices? remembered, long? free)
    {
        var settings = _task.Settings;
        var estimate = MemoryEstimate.OfFloats(Networks.GeneratorParameters + Networks.DiscriminatorParameters,
            VitsMemory.BytesOfClip(_beginning.Config, _beginning.Discriminator, _options, _corpus.Train.Max(sample => sample.Samples) / _options.HopLength, _corpus.Train.Max(sample => sample.Ids.Length)), 1);
        var lineage = _task.Lineage();
        if (remembered is not null && remembered.Lineage != lineage)
            _report.Warning("the state folder was begun with other clips, settings or base model; it goes on from there all the same, as it was asked to");
        var batch = remembered?.BatchSize ?? settings.BatchSize
            ?? BatchChoice.Of(size => (estimate with { BatchSize = size }).Total, free ?? 0, _corpus.Train.Count, _machine.Device.Type == Device.Cpu.Type ? MostClipsOnCpu : MostClipsOnGpu);
        var pieces = remembered?.GradientAccumulationSteps ?? settings.GradientAccumulationSteps;
        var choices = new FrozenChoices(lineage, batch, pieces, remembered?.EffectiveBatchSize ?? batch * pieces, _machine.Precision, _machine.Threads, _machine.DeviceName, Libtorch.Version);
        choices.Write(_task.StateFolder);

        estimate = estimate with { BatchSize = Math.Min(batch, _corpus.Train.Count) };
        _report.Note(estimate.InWords(free));
        _report.Note($"batch size {batch}{(remembered is not null ? " (as at the first start)" : settings.BatchSize is null ? " (chosen for this machine)" : "")}, {pieces} piece{(pieces == 1 ? "" : "s")} a step");
        if (free is { } there && estimate.Total > there) _report.Warning($"{estimate.InWords(there)}: memory may run out; a smaller batch_size with more gradient_accumulation_steps needs less");
        return choices;
    }

    private void Shrink(Exception error)
    {
        var before = Run.Choices;
        if (before.MicroBatches.Halved(before.EffectiveBatchSize) is not { } smaller)
            throw new TrainingException($"memory ran out with a single clip ({error.Message.Split('\n')[0]})", error) { Machine = true, Field = "segment_size", Try = "lower segment_size or max_duration_s, choose a smaller network, or free some memory" };
        if (_machine.Device.Type != Device.Cpu.Type) Cuda.EmptyCache();
        var choices = before with { BatchSize = smaller.BatchSize, GradientAccumulationSteps = smaller.AccumulationSteps };
        choices.Write(_task.StateFolder);
        var torn = Networks.Trainer.DiscriminatorOptimizer.Steps != Networks.Trainer.GeneratorOptimizer.Steps;
        var step = Run.Step;
        if (torn)
        {
            Networks.Dispose();
            Networks = VitsNetworks.Begin(_beginning, _options, _machine.Device);
            Run = GoOn(choices);
        }
        else Run.Choices = choices;
        _report.Warning($"out_of_memory: step {step + 1} did not fit; batch size {before.BatchSize} → {choices.BatchSize}, pieces {before.GradientAccumulationSteps} → {choices.GradientAccumulationSteps}, "
            + $"still {choices.EffectiveBatchSize} clips a step{(torn ? $"; it goes on from step {Run.Step}" : "")}");
    }

    public void Dispose() => Networks.Dispose();
}
