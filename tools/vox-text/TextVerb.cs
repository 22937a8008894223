using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>A verb that makes another text of each text: of a file with the role <c>text</c>, or of the column of that name.</summary>
/// <typeparam name="TSettings">Its settings.</typeparam>
/// <typeparam name="TShared">What all threads use.</typeparam>
internal abstract class TextVerb<TSettings, TShared> : ItemVerb<TSettings, TShared>
    where TSettings : class where TShared : IDisposable
{
    public override string InputHelp => "text files, folders of them, or a metadata.csv with a column text";
    public override string InputRole => TextItem.Text;
    public override Printing? Prints => new(TextItem.Text, Typed: TextItem.Text) { Lines = true };

    public override bool Accepts(string relativePath) => Path.GetExtension(relativePath).Equals(".txt", StringComparison.OrdinalIgnoreCase);

    /// <summary>Works on one text; called by any thread.</summary>
    protected abstract ItemResult Process(TShared shared, WorkItem item, IOutputFolder output);

    protected sealed override IItemWorker CreateWorker(TShared shared) => new Worker(this, shared);

    private sealed class Worker(TextVerb<TSettings, TShared> verb, TShared shared) : IItemWorker
    {
        public ItemResult Process(WorkItem item, IOutputFolder output) => verb.Process(shared, item, output);

        public void Dispose() { }
    }
}
