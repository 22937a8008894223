using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>Works on one text after the other with what all threads share.</summary>
internal sealed class TextWorker(Func<WorkItem, IOutputFolder, ItemResult> process) : IItemWorker
{
    public ItemResult Process(WorkItem item, IOutputFolder output) => process(item, output);

    public void Dispose() { }
}
