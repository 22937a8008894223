using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>Turns what a Collect verb says into events.</summary>
internal sealed class CollectReporter(LoadedOrder order, IReporter reporter) : ICollectReporter
{
    public void Item(string id, ItemResult result) => reporter.Event(ItemLoop.ItemEventOf(id, result));

    public string PathFor(string name)
    {
        var path = Path.GetFullPath(name, order.Out);
        if (!path.StartsWith(order.Out + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ToolException($"the output '{name}' would lie outside {order.Out}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public void Output(string name)
    {
        var path = PathFor(name);
        reporter.Event(new OutputEvent(new OutputFile(name, Path.GetRelativePath(order.Out, path), Digest.OfFile(path), new FileInfo(path).Length)));
    }

    public void Output(string name, InputFile input) => reporter.Event(new OutputEvent(Pass(name, input)));
    public OutputFile Pass(string name, InputFile input) => new(name, null, input.Digest, input.Size);
    public void Metric(string name, Value value, long? step) => reporter.Event(new MetricEvent(name, value, step));
    public void Memory(JsonElement memory) => reporter.Event(new MemoryEvent(memory));
    public void Progress(long done, long total, string unit) => reporter.Event(new ProgressEvent(done, total, unit));
    public void Note(string message) => reporter.Event(new NoteEvent(message));
    public void Warning(string message, string? id) => reporter.Event(new WarningEvent(message, id));
}
