using VoxMake.Audio;
using VoxMake.Models;
using VoxMake.Models.Vits;
using VoxMake.Torch;

namespace VoxMake.Training.Vits;

/// <summary>
/// Trains a VITS voice: from nothing or from a published model, with every loss of the paper, validated by how near held-back sentences come to their recordings. It can be stopped at any moment and
/// goes on from its last checkpoint as if nothing had happened: on the CPU, with the same libtorch and threads, to the same bits.
/// </summary>
public sealed class VitsRecipe
{
    private readonly VitsTask _task;
    private readonly VitsSettings _settings;
    private readonly ITrainingReport _report;
    private readonly CheckpointStore _store;

    public VitsRecipe(VitsTask task, ITrainingReport report)
    {
        (_task, _settings, _report) = (task, task.Settings, report);
        _settings.Check();
        _store = new CheckpointStore(Path.Combine(task.StateFolder, "checkpoints"), message => report.Warning(message));
    }

    /// <summary>Called before each step with its number and the size of its pieces; a test lets memory run out here.</summary>
    internal Action<long, int, VitsTrainer>? BeforeStep { get; init; }

    /// <summary>Trains to the end and writes the result.</summary>
    /// <exception cref="TrainingException">It cannot be done, or cannot go on.</exception>
    /// <exception cref="ModelException">The base model's files make no sense.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint of the last step is written.</exception>
    public void Run(CancellationToken cancel)
    {
        var remembered = FrozenChoices.Remembered(_task.StateFolder, _store);
        var machine = TrainingMachine.Prepare(_settings.Device, _settings.MixedPrecision, remembered, _task.Threads, _report);
        if (machine.Device.Type == Device.Cpu.Type && _settings.Device == "auto" && (_settings.Size != "tiny" || _settings.NumEpochs > 1000))
            _report.Warning("no CUDA device was found, so it trains on the CPU; a whole network takes days there");
        using var beginning = Begin();
        var options = OptionsOf(beginning.Config, machine);
        var corpus = VitsCorpus.Read(_task.Clips, _settings, beginning, options.HopLength, _report);
        var sentences = new VitsSentences(corpus, beginning.Tokenizer, _settings, options);
        if (!sentences.HeldBack) _report.Warning("no clip is held back for validation: nothing says which checkpoint is best, so the last one is taken, and training does not stop early (dataset.val_split)");

        using var session = new VitsSession(_task, beginning, options, corpus, machine, _store, remembered, _report);
        TellWhatIsAhead(session, beginning, corpus);
        using var log = new TrainingLog(_task.StateFolder, session.Run.Step + 1);
        Train(session, sentences, log, cancel);
        session.Save();
        Finish(session, beginning, corpus, sentences, log, cancel);
    }

    /// <summary>Steps, validations and checkpoints until all epochs are done or patience runs out.</summary>
    private void Train(VitsSession session, VitsSentences sentences, TrainingLog log, CancellationToken cancel)
    {
        var time = new TimeLeft();
        time.Done(session.Run.Step);
        while (true)
        {
            if (cancel.IsCancellationRequested) Stop(session);
            if (session.ValidationIsDue)
            {
                var better = Validate(session, sentences, log, session.Run, cancel);
                if (sentences.HeldBack && session.Run.Best.IsOver(_settings.EarlyStoppingPatience)) session.Run.StoppedEarly = true;
                if (better) session.Save();
            }
            if (session.IsOver) return;
            session.SaveIfDue();

            var losses = session.Step(BeforeStep);
            if (losses is null) continue; // memory ran out; smaller pieces from now on
            if (!losses.IsFinite) throw Diverged(session.Run.Step);
            time.Done(session.Run.Step);
            Tell(session, losses, time, log);
        }
    }

    /// <summary>Speaks the sentences with the present weights, measures them, and keeps them.</summary>
    /// <param name="run">Where it is written down.</param>
    /// <returns>Whether they are the best so far.</returns>
    private bool Validate(VitsSession session, VitsSentences sentences, TrainingLog log, TrainingRun run, CancellationToken cancel)
    {
        using var voice = session.Networks.Generator.Folded();
        var (distances, spoken, folder) = (new List<double>(), new List<SpokenFile>(), new SpokenFolder(_task.StateFolder));
        foreach (var sentence in sentences.All)
        {
            if (cancel.IsCancellationRequested) Stop(session);
            try
            {
                var samples = sentences.Speak(voice, sentence);
                spoken.Add(folder.Keep(run.Step, sentence.N, sentence.Sample.Clip.Id, sentence.Sample.Clip.Text, WavWriter.Mono16(samples, _settings.SampleRate)));
                log.Speech(run.Step, $"spoken/{sentence.N}", samples, _settings.SampleRate);
            }
            catch (ModelException error) { _report.Warning($"step {run.Step}: sentence {sentence.N} was not spoken: {error.Message}", sentence.Sample.Clip.Id); }
            if (!sentences.HeldBack) continue;
            if (sentences.Distance(voice, sentence, out var why) is { } distance) distances.Add(distance);
            else _report.Warning($"step {run.Step}: sentence {sentence.N} was not measured: {why}", sentence.Sample.Clip.Id);
        }
        // A mean over other sentences than before says nothing about better or worse.
        double? mean = distances.Count == sentences.All.Count ? distances.Average() : null;
        var better = run.Best.IsBetter(mean);
        run.Validated(mean, spoken);
        if (mean is { } value)
        {
            _report.Metric("val_mel", value, run.Step);
            log.Scalars(run.Step, [("val_mel", value)]);
            _report.Say($"step {run.Step}: validation, mel distance {CsvText.Number(Math.Round(value, 4))}{(better ? ", the best so far" : FormattableString.Invariant($"; the best was {run.Best.Value:0.0000} at step {run.Best.Step}"))}");
        }
        return better;
    }

    /// <summary>
    /// The last validation, where its turn had not come, counts for this result only: a longer training would not have had it, and goes on from the checkpoint before it.
    /// </summary>
    private void Finish(VitsSession session, VitsBeginning beginning, VitsCorpus corpus, VitsSentences sentences, TrainingLog log, CancellationToken cancel)
    {
        var run = session.Run;
        if (run.ValidatedStep != run.Step)
        {
            run = run.Copy();
            Validate(session, sentences, log, run, cancel);
        }
        var networks = session.Networks;
        VitsNetworks? best = null;
        try
        {
            if (run.Best.Step is { } step && step != run.Step)
            {
                if (_store.At(step) is { } checkpoint) VitsCheckpoint.Load(checkpoint, networks = best = VitsNetworks.Begin(beginning, networks.Trainer.Options, Device.Cpu));
                else _report.Warning($"the best checkpoint, of step {step}, is lost; the last one, of step {run.Step}, is taken");
            }
            new VitsResult(_task, beginning, corpus, sentences, _report).Write(run, networks);
        }
        finally { best?.Dispose(); }
    }

    private VitsBeginning Begin()
    {
        var texts = _task.Clips.Where(clip => clip.Split == "train").OrderBy(clip => clip.Id, StringComparer.Ordinal).Select(clip => clip.Text).ToList();
        if (texts.Count == 0) throw new TrainingException("there is no clip to train on: no row has the split 'train'") { Try = "see what Dataset made (metadata.csv), and the splits of the configuration" };
        var speakers = _task.Speakers ?? new SpeakerTable(_task.Clips.Select(clip => clip.Speaker).Where(name => name != "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var beginning = _task.Base is { } files ? VitsBeginning.FromBase(files, _settings, texts, speakers) : VitsBeginning.FromNothing(_settings, texts, speakers);
        if (beginning.Missing.Count > 0)
            _report.Warning($"the base model lacks {beginning.Missing.Count} characters of the texts, for which rows are added: {string.Join(", ", beginning.Missing.Take(50).Select(pair => $"{VitsVocabulary.Quoted(pair.Key)} ({pair.Value} times)"))}{(beginning.Missing.Count > 50 ? ", …" : "")}");
        if (_task.Base is not null && beginning.NewSpeakers > 0) _report.Note($"{beginning.NewSpeakers} new speakers beside the base model's");
        if (_task.Base is not null && !beginning.HasDiscriminator) _report.Note("the base model has no discriminator; a fresh one is trained");
        return beginning;
    }

    private VitsTrainingOptions OptionsOf(VitsConfig config, TrainingMachine machine)
    {
        var options = new VitsTrainingOptions(
            SegmentSize: _settings.SegmentSize, NFft: 2 * (config.SpectrogramBins - 1), HopLength: config.HopLength, MelWeight: _settings.MelWeight, KlWeight: _settings.KlWeight,
            LearningRate: _settings.LearningRate, MaxGradNorm: _settings.MaxGradNorm, Bf16: machine.Precision == "bf16");
        try { options.Check(config); }
        catch (ModelException error) { throw new TrainingException(error.Message, error) { Field = _settings.SegmentSize % config.HopLength != 0 ? "segment_size" : null }; }
        return options;
    }

    private void TellWhatIsAhead(VitsSession session, VitsBeginning beginning, VitsCorpus corpus)
    {
        var hours = corpus.Train.Sum(sample => (double)sample.Samples) / _settings.SampleRate / 3600;
        _report.Note(FormattableString.Invariant($"{corpus.Train.Count} clips to train on ({hours:0.00} h), {corpus.Validation.Count} held back; {session.Order.Steps} steps an epoch, {session.Total} steps in all"));
        _report.Note(FormattableString.Invariant($"network: {session.Networks.GeneratorParameters / 1e6:0.0} M parameters and {session.Networks.DiscriminatorParameters / 1e6:0.0} M of the discriminator; {beginning.Tokenizer.Vocabulary.Size} characters, {beginning.Speakers.Count} speaker{(beginning.Speakers.Count == 1 ? "" : "s")}"));
        _report.Note($"curves and spoken sentences while it trains: tensorboard --logdir {Path.Combine(_task.StateFolder, "tensorboard")}");
        if (session.Run.Step > 0) _report.Note($"going on from step {session.Run.Step} of {session.Total}");
        if (session.Run.StoppedEarly) _report.Note($"this training has stopped early, at step {session.Run.Step}: more epochs change nothing; with another early_stopping_patience it is another training");
    }

    private void Tell(VitsSession session, VitsLosses losses, TimeLeft time, TrainingLog log)
    {
        var run = session.Run;
        _report.Progress(run.Step, session.Total);
        if (run.Step % _settings.LoggingSteps != 0 && run.Step != session.Total) return;
        var numbers = VitsLosses.Measured.OfStep.Zip(losses.Numbers(session.Networks.Trainer.LearningRate), (name, value) => (Name: name, Value: value)).ToList();
        _report.Metric("epoch", run.Epoch, run.Step);
        foreach (var (name, value) in numbers.OrderBy(number => number.Name switch { "loss_mel" => 0, "loss_kl" => 1, _ => 2 })) _report.Metric(name, value, run.Step); // people see the first three
        log.Scalars(run.Step, [("epoch", run.Epoch), .. numbers]);
        var left = time.SecondsUntil(session.Total);
        if (left is { } seconds) _report.Metric("seconds_left", Math.Round(seconds), run.Step);
        _report.Say(FormattableString.Invariant(
            $"step {run.Step} of {session.Total}, epoch {run.Epoch} of {_settings.NumEpochs}: mel {losses.Mel:0.00}, kl {losses.Kl:0.00}, dur {losses.Duration:0.00}, gen {losses.Generator:0.00}, fm {losses.FeatureMatching:0.00}, disc {losses.Discriminator:0.00}; {time.SecondsPerStep:0.00} s a step{(left is { } still ? $", {TimeLeft.InWords(still)} left" : "")}"));
    }

    private static void Stop(VitsSession session)
    {
        session.Save();
        throw new OperationCanceledException($"stopped after step {session.Run.Step}; it goes on from there");
    }

    private TrainingException Diverged(long step) => new($"step {step}: a loss or gradient is no number any more (NaN or infinity); the training has diverged")
    {
        Field = "learning_rate", Try = FormattableString.Invariant($"lower learning_rate (it is {_settings.LearningRate}){(_settings.MaxGradNorm is null ? ", or set max_grad_norm, such as 1000" : "")}{(_settings.MixedPrecision == "bf16" ? ", or train with mixed_precision: fp32" : "")}"),
    };
}
