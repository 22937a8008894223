using System.Diagnostics;
using VoxMake.Audio;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Snac;
using VoxMake.Torch;

namespace VoxMake.Training.Orpheus;

/// <summary>
/// Fine-tunes an Orpheus voice: a language model that writes the codes of sound, by an adapter beside its frozen weights or by all of them. Examples are packed, never padded; validated by the loss of
/// held-back examples, and heard by the same sentences again and again. It can be stopped at any moment and goes on from its last checkpoint as if nothing had happened: on the CPU, with the same
/// libtorch and threads, to the same bits.
/// </summary>
public sealed class OrpheusRecipe
{
    private readonly OrpheusTask _task;
    private readonly OrpheusSettings _settings;
    private readonly ITrainingReport _report;
    private readonly CheckpointStore _store;

    public OrpheusRecipe(OrpheusTask task, ITrainingReport report)
    {
        (_task, _settings, _report) = (task, task.Settings, report);
        _settings.Check();
        _store = new CheckpointStore(Path.Combine(task.StateFolder, "checkpoints"), message => report.Warning(message));
    }

    /// <summary>Called before each step with its number and the size of its pieces; a test lets memory run out here.</summary>
    internal Action<long, int>? BeforeStep { get; init; }

    /// <summary>
    /// Starts another process like this one, for <see cref="OrpheusSettings.Devices"/> above 1. It comes back to the same task, finds <see cref="OrpheusPlace.OfEnvironment"/>, and is an
    /// <see cref="OrpheusPeer"/>.
    /// </summary>
    public Func<ProcessStartInfo>? Peer { get; init; }

    /// <summary>Trains to the end and writes the result.</summary>
    /// <exception cref="TrainingException">It cannot be done, or cannot go on.</exception>
    /// <exception cref="ModelException">The base model's or the codec's files make no sense.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint of the last step is written.</exception>
    public void Run(CancellationToken cancel)
    {
        var remembered = FrozenChoices.Remembered(_task.StateFolder, _store);
        var machine = TrainingMachine.Prepare(_settings.Device, _settings.MixedPrecision, remembered, _task.Threads, _report);
        using var directory = LlamaDirectory.Open(_task.Base);
        using var codec = SnacDirectory.Load(_task.Codec);
        using var train = new OrpheusExamples(_task.Train.Select(shard => shard.Path));
        using var validation = new OrpheusExamples(_task.Validation.Select(shard => shard.Path));
        Check(directory, train, validation);

        var free = machine.Device.Type == Device.Cpu.Type ? machine.FreeBytes / _settings.Devices : machine.FreeBytes;
        using var crew = _settings.Devices > 1 ? OrpheusCrew.Gather(_settings.Devices, machine, Peer ?? throw NoPeer(), _report, cancel) : null;
        using var session = new OrpheusSession(_task, directory, train, machine, free, crew, _store, remembered, _report);
        TellWhatIsAhead(session, directory, train, validation);
        var speaker = new OrpheusSentences(_task.Ids, codec, _settings.Seed);
        using var log = new TrainingLog(_task.StateFolder, session.Run.Step + 1);
        var spoken = validation.Count > 0 ? validation : train;
        Train(session, validation, spoken, speaker, log, cancel);
        session.Save();
        crew?.Dispose(); // the rest is for one
        Finish(session, directory, machine, validation, spoken, speaker, log, cancel);
    }

    /// <summary>Steps, validations and checkpoints until all epochs are done or patience runs out.</summary>
    private void Train(OrpheusSession session, OrpheusExamples validation, OrpheusExamples spoken, OrpheusSentences speaker, TrainingLog log, CancellationToken cancel)
    {
        var time = new TimeLeft();
        time.Done(session.Run.Step);
        var tokens = new Queue<long>();
        while (true)
        {
            if (cancel.IsCancellationRequested) Stop(session);
            if (session.ValidationIsDue)
            {
                var better = Validate(session, validation, spoken, speaker, log, session.Run, cancel);
                if (validation.Count > 0 && session.Run.Best.IsOver(_settings.EarlyStoppingPatience)) session.Run.StoppedEarly = true;
                if (better) session.Save();
            }
            if (session.IsOver) return;
            session.SaveIfDue();

            var losses = session.Step(BeforeStep);
            if (losses is null) continue; // memory ran out; smaller pieces from now on
            if (!losses.IsFinite) throw Diverged(session.Run.Step);
            time.Done(session.Run.Step);
            tokens.Enqueue(losses.Tokens);
            if (tokens.Count > 50) tokens.Dequeue();
            Tell(session, losses, time, tokens.Average(), log);
        }
    }

    /// <summary>Measures held-back examples and speaks the sentences with the present weights.</summary>
    /// <param name="run">Where it is written down.</param>
    /// <returns>Whether the loss is the least so far.</returns>
    private bool Validate(OrpheusSession session, OrpheusExamples validation, OrpheusExamples spoken, OrpheusSentences speaker, TrainingLog log, TrainingRun run, CancellationToken cancel)
    {
        double? loss = validation.Count > 0 ? Interruptible(session, () => session.Evaluate(validation, cancel)) : null;
        var (files, folder) = (new List<SpokenFile>(), new SpokenFolder(_task.StateFolder));
        foreach (var sentence in _task.Sentences)
        {
            if (cancel.IsCancellationRequested) Stop(session);
            var samples = speaker.Speak(session.Networks.Model, spoken[sentence.Example], sentence.N);
            if (samples.Length == 0)
            {
                _report.Warning($"step {run.Step}: sentence {sentence.N} was not spoken: the network ends before the first frame of sound", sentence.Id);
                continue;
            }
            files.Add(folder.Keep(run.Step, sentence.N, sentence.Id, sentence.Text, WavWriter.Mono16(samples, speaker.SampleRate)));
            log.Speech(run.Step, $"spoken/{sentence.N}", samples, speaker.SampleRate);
        }
        var better = run.Best.IsBetter(loss);
        run.Validated(loss, files);
        if (loss is { } value)
        {
            _report.Metric("val_loss", value, run.Step);
            log.Scalars(run.Step, [("val_loss", value)]);
            _report.Say(FormattableString.Invariant($"step {run.Step}: validation, loss {value:0.0000}{(better ? ", the least so far" : FormattableString.Invariant($"; the least was {run.Best.Value:0.0000} at step {run.Best.Step}"))}"));
        }
        return better;
    }

    /// <summary>The last validation, where its turn had not come, counts for this result only: a longer training would not have had it, and goes on from the checkpoint before it.</summary>
    private void Finish(OrpheusSession session, LlamaDirectory directory, TrainingMachine machine, OrpheusExamples validation, OrpheusExamples spoken, OrpheusSentences speaker, TrainingLog log, CancellationToken cancel)
    {
        var run = session.Run;
        if (run.ValidatedStep != run.Step)
        {
            run = run.Copy();
            Validate(session, validation, spoken, speaker, log, run, cancel);
        }
        if (run.Best.Step is { } step && step != run.Step)
        {
            if (_store.At(step) is { } checkpoint) session.Networks.LoadWeights(checkpoint);
            else _report.Warning($"the best checkpoint, of step {step}, is lost; the last one, of step {run.Step}, is taken");
        }
        new OrpheusResult(_task, directory, machine, spoken, _report).Write(run, session, validation.Count);
    }

    private void Check(LlamaDirectory directory, OrpheusExamples train, OrpheusExamples validation)
    {
        if (train.Count == 0) throw new TrainingException("there is no example to train on") { Try = "see what Tokenize left out and why (its report), and the splits of the configuration" };
        if (validation.Count == 0) _report.Warning("no example is held back for validation: nothing says which checkpoint is best, so the last one is taken, and training does not stop early (dataset.val_split)");
        var most = Math.Max(_task.Ids.AudioEnd - 1, _task.Ids.Controls.Max());
        if (most >= directory.Config.VocabSize)
            throw new TrainingException($"the tokenizer has ids up to {most}, the base model {directory.Config.VocabSize} rows (vocab_size): it is no Orpheus model") { Field = "base_model", Try = "begin from a published Orpheus model, whose vocabulary holds the codes of sound" };
        var longest = train.Lengths.Concat(validation.Lengths).Max();
        if (longest > directory.Config.MaxPositionEmbeddings)
            throw new TrainingException($"the longest example has {longest} tokens, the base model's context {directory.Config.MaxPositionEmbeddings} (max_position_embeddings)") { Field = "max_tokens" };
    }

    private void TellWhatIsAhead(OrpheusSession session, LlamaDirectory directory, OrpheusExamples train, OrpheusExamples validation)
    {
        var networks = session.Networks;
        _report.Note(FormattableString.Invariant($"{train.Count} examples to train on ({train.Lengths.Sum(length => (long)length) / 1e6:0.00} M tokens), {validation.Count} held back; {session.Order.Steps} steps an epoch, {session.Total} steps in all"));
        _report.Note(FormattableString.Invariant($"network: {networks.Parameters / 1e6:0.0} M parameters, of which {networks.Trained / 1e6:0.0} M are trained{(networks.Adapter is { } adapter ? $" (LoRA of rank {adapter.Config.Rank} beside {adapter.Layers.Count} layers)" : "")}, from {directory.WeightsName}"));
        _report.Note($"curves and spoken sentences while it trains: tensorboard --logdir {Path.Combine(_task.StateFolder, "tensorboard")}");
        if (session.Run.Step > 0) _report.Note($"going on from step {session.Run.Step} of {session.Total}");
        if (session.Run.StoppedEarly) _report.Note($"this training has stopped early, at step {session.Run.Step}: more epochs change nothing; with another early_stopping_patience it is another training");
    }

    private void Tell(OrpheusSession session, OrpheusLosses losses, TimeLeft time, double tokensPerStep, TrainingLog log)
    {
        var run = session.Run;
        _report.Progress(run.Step, session.Total);
        if (run.Step % _settings.LoggingSteps != 0 && run.Step != session.Total) return;
        List<(string Name, double Value)> numbers = [.. OrpheusLosses.Measured.OfStep.Zip(losses.Numbers(session.Networks.Trainer.Optimizer.LearningRate))];
        if (time.SecondsPerStep is { } each and > 0) numbers.Add(("tokens_per_second", Math.Round(tokensPerStep / each, 1)));
        if (session.MemoryInUse is { } bytes) numbers.Add(("memory_gb", Math.Round(bytes / 1e9, 2)));
        _report.Metric("epoch", run.Epoch, run.Step);
        foreach (var (name, value) in numbers.OrderBy(number => number.Name == "loss" ? 0 : 1)) _report.Metric(name, value, run.Step); // people see the first three
        log.Scalars(run.Step, [("epoch", run.Epoch), .. numbers]);
        var left = time.SecondsUntil(session.Total);
        if (left is { } seconds) _report.Metric("seconds_left", Math.Round(seconds), run.Step);
        _report.Say(FormattableString.Invariant(
            $"step {run.Step} of {session.Total}, epoch {run.Epoch} of {_settings.NumEpochs}: loss {losses.Loss:0.0000}, gradient norm {losses.GradNorm:0.00}; {tokensPerStep / time.SecondsPerStep:0} tokens/s{(left is { } still ? $", {TimeLeft.InWords(still)} left" : "")}"));
    }

    /// <summary>What is stopped half-way leaves a checkpoint of the last step.</summary>
    private static T Interruptible<T>(OrpheusSession session, Func<T> work)
    {
        try { return work(); }
        catch (OperationCanceledException)
        {
            Stop(session);
            throw;
        }
    }

    private static void Stop(OrpheusSession session)
    {
        session.Save();
        throw new OperationCanceledException($"stopped after step {session.Run.Step}; it goes on from there");
    }

    private static TrainingException NoPeer() => new("several processes can be started by vox-train only") { Field = "devices", Try = "set devices to 1" };

    private TrainingException Diverged(long step) => new($"step {step}: the loss or a gradient is no number any more (NaN or infinity); the training has diverged")
    {
        Field = "learning_rate", Try = FormattableString.Invariant($"lower learning_rate (it is {_settings.LearningRate}){(_settings.MaxGradNorm is null ? ", or set max_grad_norm, such as 1" : "")}{(_settings.MixedPrecision == "bf16" ? ", or train with mixed_precision: fp32" : "")}"),
    };
}
