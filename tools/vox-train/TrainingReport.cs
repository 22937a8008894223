using VoxMake.Protocol;
using VoxMake.Tooling;
using VoxMake.Training;

namespace VoxMake.TrainTool;

/// <summary>Turns what a recipe tells into events of the host; its lines for people go to standard error.</summary>
internal sealed class TrainingReport(CollectOrder order, ICollectReporter report) : ITrainingReport
{
    public string PathFor(string name) => report.PathFor(name);
    public void Written(string name) => report.Output(name);
    public void Metric(string name, double value, long step) => report.Metric(name, value, step);
    public void Result(string name, double value) => report.Metric(name, value == Math.Floor(value) && Math.Abs(value) < 1L << 53 ? (Value)(long)value : value);
    public void Progress(long step, long total) => report.Progress(step, total, "steps");
    public void CheckpointWritten(long step, long total) => order.NoteState(step, total, "steps");
    public void Warning(string message, string? clip) => report.Warning(message, clip);
    public void Note(string line) => report.Note(line);
    public void Say(string line) => Console.Error.WriteLine(line);
}
