using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;

namespace VoxMake.Training.Orpheus;

/// <summary>Network, optimizer and counters of a training that runs: it does steps, and it writes checkpoints and goes back to them.</summary>
internal sealed class OrpheusSession : IDisposable
{
    private const int MostExamplesOnCpu = 8, MostExamplesOnGpu = 64;

    private readonly OrpheusTask _task;
    private readonly LlamaDirectory _base;
    private readonly OrpheusExamples _examples;
    private readonly TrainingMachine _machine;
    private readonly ITrainingReport _report;
    private readonly CheckpointKeeper _keeper;
    private readonly OrpheusCrew? _crew;
    private readonly OrpheusShare _share;
    private readonly WarmupSchedule _schedule;

    /// <param name="free">Bytes that were free for this process before anything was loaded; null where nothing says.</param>
    /// <param name="crew">The processes that train with this one; null where it is alone.</param>
    /// <param name="remembered">What was chosen at the first start; null at the first start.</param>
    public OrpheusSession(OrpheusTask task, LlamaDirectory directory, OrpheusExamples examples, TrainingMachine machine, long? free, OrpheusCrew? crew, CheckpointStore store, FrozenChoices? remembered, ITrainingReport report)
    {
        (_crew, _share) = (crew, new OrpheusShare(task.Settings, examples, machine.Device, crew?.Group));
        (_task, _base, _examples, _machine, _report) = (task, directory, examples, machine, report);
        var settings = task.Settings;
        _keeper = new CheckpointKeeper(store, task.StateFolder, new SaveSchedule(settings.SaveSteps, settings.SaveMinutes), OrpheusLosses.Measured, () => Networks!.CheckpointBytes, () => Total, report);
        Networks = OrpheusNetworks.Begin(directory, settings, machine.Device, Bf16);
        try
        {
            var choices = Choices(remembered, free);
            Order = _share.Order(choices.EffectiveBatchSize);
            Total = (long)settings.NumEpochs * Order.Steps;
            _schedule = new WarmupSchedule(settings.LrScheduler, settings.LearningRate, settings.WarmupSteps, Total);
            _keeper.CheckRoom();
            Run = _keeper.GoOn(choices, Networks.Load);
            crew?.Sync(Networks);
        }
        catch
        {
            Networks.Dispose();
            throw;
        }
    }

    public OrpheusNetworks Networks { get; private set; }
    public TrainingRun Run { get; private set; }

    /// <summary>Which examples each step is on.</summary>
    public EpochOrder Order { get; }

    /// <summary>Steps of all epochs.</summary>
    public long Total { get; }

    /// <summary>Whether nothing is left to train.</summary>
    public bool IsOver => Run.StoppedEarly || Run.Step >= Total;

    /// <summary>Whether the turn of a validation has come and it is not done yet.</summary>
    public bool ValidationIsDue => Run.Step > 0 && Run.Step % _task.Settings.ValidationSteps == 0 && Run.ValidatedStep != Run.Step;

    /// <summary>The most that was in tensors on a GPU, or what this process holds; null where nothing says.</summary>
    public long? MemoryInUse => _machine.Device.Type == Device.Cpu.Type ? Environment.WorkingSet : Cuda.Memory(_machine.Device.Index).Peak;

    private bool Bf16 => _machine.Precision == "bf16";

    /// <summary>Does the next step; null where memory ran out before it was done: the pieces are smaller then, and it goes on from before the step, or from the last checkpoint where half of it was done.</summary>
    public OrpheusLosses? Step(Action<long, int>? before)
    {
        var step = Run.Step + 1;
        var turn = new OrpheusTurn(step, _schedule.At(step), Run.Choices.BatchSize, Run.Choices.EffectiveBatchSize, Networks.Model.Checkpointing);
        try
        {
            before?.Invoke(step, Run.Choices.BatchSize);
            _crew?.Tell(turn);
            var losses = _crew is null ? _share.Step(Networks, turn) : _crew.With(() => _share.Step(Networks, turn));
            Run.Add(step, Order.EpochOf(step) + 1, losses.Numbers(turn.LearningRate));
            return losses;
        }
        catch (Exception error) when (error is OutOfMemoryException or Torch.Native.TorchOutOfMemoryException)
        {
            Shrink(error);
            return null;
        }
    }

    /// <summary>The mean loss over held-back examples.</summary>
    public double Evaluate(OrpheusExamples examples, CancellationToken cancel)
    {
        Networks.Model.Training = false;
        try
        {
            return Networks.Trainer.Evaluate(Enumerable.Range(0, examples.Count).Chunk(Run.Choices.BatchSize).Select(piece =>
            {
                cancel.ThrowIfCancellationRequested();
                return (Func<PackedBatch>)(() => Pack([.. piece.Select(index => examples[index])]));
            }));
        }
        finally { Networks.Model.Training = true; }
    }

    /// <summary>Writes a checkpoint if its time has come.</summary>
    public void SaveIfDue() => _keeper.SaveIfDue(Run, Write);

    /// <summary>Writes a checkpoint, unless there is nothing new.</summary>
    /// <exception cref="TrainingException">The disk has too little room.</exception>
    public void Save() => _keeper.Save(Run, Write);

    private void Write(string folder)
    {
        Networks.Write(folder);
        Run.Write(folder);
    }

    private PackedBatch Pack(TokenExample[] examples) => PackedBatch.Of(examples, _task.Settings.MaskPrompt, _machine.Device);

    private FrozenChoices Choices(FrozenChoices? remembered, long? free)
    {
        var settings = _task.Settings;
        var lineage = _task.Lineage();
        if (remembered is not null && remembered.Lineage != lineage)
            _report.Warning("the state folder was begun with other examples, settings or base model; it goes on from there all the same, as it was asked to");
        var (most, longest) = (_machine.Device.Type == Device.Cpu.Type ? MostExamplesOnCpu : MostExamplesOnGpu, _examples.Lengths.Max());
        MemoryEstimate Estimate(GradientCheckpointing checkpointing, int size) =>
            OrpheusMemory.Of(_base.Config, Networks.Parameters, Networks.Trained, Bf16, checkpointing, longest, settings.Lora?.Rank ?? 0, size);

        // The first of them with which as many examples fit as are wanted at once, a few at least.
        var wanted = Math.Min(_examples.Count, remembered?.BatchSize ?? settings.BatchSize ?? 4);
        GradientCheckpointing[] ways = settings.Checkpointing is { } asked ? [asked] : [GradientCheckpointing.None, GradientCheckpointing.Selective, GradientCheckpointing.Full];
        var way = remembered?.GradientCheckpointing is { } known ? OrpheusSettings.WayOf(known) : ways.FirstOrDefault(one => Estimate(one, wanted).Total <= (free ?? 0) * BatchChoice.Share, ways[^1]);
        Networks.Model.Checkpointing = way;

        var batch = remembered?.BatchSize ?? settings.BatchSize ?? BatchChoice.Of(size => Estimate(way, size).Total, free ?? 0, _examples.Count, most);
        var pieces = remembered?.GradientAccumulationSteps ?? settings.GradientAccumulationSteps;
        var choices = new FrozenChoices(lineage, batch, pieces, remembered?.EffectiveBatchSize ?? batch * pieces, _machine.Precision, _machine.Threads, _machine.DeviceName, Libtorch.Version, Name(way));
        choices.Write(_task.StateFolder);

        var estimate = Estimate(way, Math.Min(batch, _examples.Count));
        _report.Note(estimate.InWords(free));
        _report.Note($"batch size {batch}{(remembered is not null ? " (as at the first start)" : settings.BatchSize is null ? " (chosen for this machine)" : "")}, {pieces} piece{(pieces == 1 ? "" : "s")} a step, "
            + $"gradient checkpointing {Name(way)}{(settings.Checkpointing is null ? " (chosen for this machine)" : "")}");
        if (free is { } there && estimate.Total > there) _report.Warning($"{estimate.InWords(there)}: memory may run out; a smaller batch_size with more gradient_accumulation_steps needs less");
        return choices;
    }

    /// <summary>Smaller pieces; where they are single examples already, more is computed again.</summary>
    private void Shrink(Exception error)
    {
        var (before, now) = (Run.Choices, Networks.Model.Checkpointing);
        FrozenChoices choices;
        if (before.MicroBatches.Halved(before.EffectiveBatchSize) is { } smaller) choices = before with { BatchSize = smaller.BatchSize, GradientAccumulationSteps = smaller.AccumulationSteps };
        else if (now < GradientCheckpointing.Full) choices = before with { GradientCheckpointing = Name(++now) };
        else throw new TrainingException($"memory ran out with a single example ({error.Message.Split('\n')[0]})", error) { Machine = true, Field = "max_tokens", Try = "lower orpheus.max_tokens, choose method lora or a smaller rank, or free some memory" };
        if (_machine.Device.Type != Device.Cpu.Type) Cuda.EmptyCache();
        choices.Write(_task.StateFolder);
        var (step, torn) = (Run.Step, Networks.Trainer.Optimizer.Steps != Run.Step);
        if (torn)
        {
            Networks.Dispose();
            Networks = OrpheusNetworks.Begin(_base, _task.Settings, _machine.Device, Bf16);
            Run = _keeper.GoOn(choices, Networks.Load);
            _crew?.Sync(Networks);
        }
        else Run.Choices = choices;
        Networks.Model.Checkpointing = now;
        var mend = choices.BatchSize < before.BatchSize ? $"batch size {before.BatchSize} → {choices.BatchSize}, pieces {before.GradientAccumulationSteps} → {choices.GradientAccumulationSteps}" : $"gradient checkpointing {before.GradientCheckpointing} → {choices.GradientCheckpointing}";
        _report.Warning($"out_of_memory: step {step + 1} did not fit; {mend}, "
            + $"still {choices.EffectiveBatchSize} examples a step{(torn ? $"; it goes on from step {Run.Step}" : "")}");
    }

    private static string Name(GradientCheckpointing way) => way.ToString().ToLowerInvariant();

    public void Dispose() => Networks.Dispose();
}
