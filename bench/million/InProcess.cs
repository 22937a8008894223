using System.Text.Json;
using VoxMake.Graph.Running;
using VoxMake.Protocol;

namespace VoxMake.Bench.Million;

/// <summary>Works on orders in the host's own process, an item after the other.</summary>
internal sealed class InProcess : IExecutor
{
    private long _count;

    /// <summary>Items that were worked on.</summary>
    public long Count => _count;

    public ToolEnd Run(ToolStart start, Action<ToolEvent> heard, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(start.OrderFile)!;
        var order = JsonSerializer.Deserialize(File.ReadAllBytes(start.OrderFile), ProtocolJson.Default.WorkOrder)!;
        heard(new StartedEvent(order.Tool, order.Verb, new Dictionary<string, string>()));
        var written = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, order.Items)))
        {
            Interlocked.Increment(ref _count);
            var item = JsonSerializer.Deserialize(line, ProtocolJson.Default.WorkItem)!;
            heard(order.Verb switch
            {
                "copy" => new ItemEvent(item.Id, Outcome.Ok, [Copy(File.ReadAllBytes(Path.Combine(folder, item.Inputs["file"].Path)))], Columns.Empty),
                "measure" => new ItemEvent(item.Id, Outcome.Ok, [], Columns.Of(("length", item.Inputs["text"].Size), ("word", order.Settings.GetProperty("word").GetString()))),
                _ => new ItemEvent(item.Id, Outcome.Ok, [], Columns.Of(("even", item.Columns["length"].AsInteger % 2 == 0))),
            });
        }
        heard(new FinishedEvent(0, 0, 0));
        return new ToolEnd(0);

        OutputFile Copy(byte[] text)
        {
            for (var i = 0; i < text.Length; i++) text[i] = (byte)char.ToUpperInvariant((char)text[i]);
            var name = $"{++written}";
            File.WriteAllBytes(Path.Combine(folder, order.Out, name), text);
            return new OutputFile("text", name, Digest.Of(text), text.Length);
        }
    }
}
