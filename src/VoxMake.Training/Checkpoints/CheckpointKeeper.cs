namespace VoxMake.Training;

/// <summary>Writes a run's checkpoints when their time has come, and goes on from them.</summary>
/// <param name="bytes">About what one checkpoint takes.</param>
/// <param name="total">Steps of the whole training.</param>
internal sealed class CheckpointKeeper(CheckpointStore store, string stateFolder, SaveSchedule saves, MeasuredNumbers numbers, Func<long> bytes, Func<long> total, ITrainingReport report)
{
    private (long Step, long ValidatedStep, bool StoppedEarly)? _saved;

    /// <summary>Where the newest checkpoint is, or at the beginning.</summary>
    /// <param name="load">Brings networks and optimizers to where a checkpoint is.</param>
    public TrainingRun GoOn(FrozenChoices choices, Action<CheckpointFolder> load)
    {
        if (store.Newest(total()) is not { } checkpoint) return TrainingRun.New(choices, numbers);
        load(checkpoint);
        var run = TrainingRun.Read(checkpoint, numbers);
        run.Choices = choices;
        _saved = (run.Step, run.ValidatedStep, run.StoppedEarly);
        if (run.Best.Step is { } best && best != run.Step && store.At(best) is null)
        {
            report.Warning($"the best checkpoint so far, of step {best}, is lost; the best is looked for anew from here");
            run.Best = new BestSoFar();
        }
        return run;
    }

    /// <summary>Writes a checkpoint if its time has come.</summary>
    public void SaveIfDue(TrainingRun run, Action<string> write)
    {
        if (saves.IsDue(run.Step)) Save(run, write);
    }

    /// <summary>Writes a checkpoint, unless there is nothing new.</summary>
    /// <param name="write">Writes files into the folder that it is given.</param>
    /// <exception cref="TrainingException">The disk has too little room.</exception>
    public void Save(TrainingRun run, Action<string> write)
    {
        var now = (run.Step, run.ValidatedStep, run.StoppedEarly);
        if (run.Step == 0 || _saved == now) return;
        DiskSpace.Check(stateFolder, bytes(), DiskSpace.FreeAt(stateFolder), "checkpoints");
        store.Save(run.Step, write);
        store.Prune(run.Step, RunState.BestStepIn);
        _saved = now;
        saves.Saved();
        report.CheckpointWritten(run.Step, total());
    }

    /// <summary>Whether there is room for the newest two checkpoints, the best, and one that is being written.</summary>
    /// <exception cref="TrainingException">There is not.</exception>
    public void CheckRoom()
    {
        var there = Directory.EnumerateFiles(stateFolder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        DiskSpace.Check(stateFolder, Math.Max(bytes(), 4 * bytes() - there), DiskSpace.FreeAt(stateFolder), "checkpoints");
    }
}
